"""The web server: uvicorn, which would wait for ever for pages that are open somewhere."""

from __future__ import annotations

import asyncio
import socket

import uvicorn

GRACE_SECONDS = 0.5
"""So long an answer may go on after Ctrl-C."""


class Server(uvicorn.Server):
    """Ends soon after it is told to: whoever still listens is hung up on.

    Every page that is open keeps a stream that never ends by itself. Hanging up ends it as if the
    reader had gone; uvicorn's own time limit would cancel it with a traceback.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, finish what is soon done, and go."""
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.close()
