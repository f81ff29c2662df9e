"""The web server: uvicorn, on a socket of ours, and with an end even while pages are open."""

from __future__ import annotations

import asyncio
import errno
import os
import socket

import uvicorn

from playhead.errors import SettingsError

_BACKLOG = 256
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


def listening(host: str, port: int) -> socket.socket:
    """The socket, before anything slow is done: a taken port is told at once.

    Raises:
        SettingsError: the port is taken or not for this user, or the address is not ours.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # "::" is every address of the machine: those of IPv4, too, where the system can.
        both = host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            (host, address[1]), family=family, backlog=_BACKLOG, dualstack_ipv6=both
        )
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise SettingsError(
                f"{host!r} is no address of this machine", "Choose another --host"
            ) from error
        state = "taken" if error.errno == errno.EADDRINUSE else "not to be had"
        raise SettingsError(
            f"port {port} is {state}: {os.strerror(error.errno or 0)}", "Choose another with --port"
        ) from error
    # asyncio sees to that only for sockets it made. Each response would take 40 ms more.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
