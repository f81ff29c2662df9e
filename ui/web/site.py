"""How the page is served: to whom, behind what, and within which limits."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_UPLOAD_BYTES = 8 * 2**30


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one user who may come in, and the password; the password is never shown."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.user!r}, ...)"


@dataclass(frozen=True, slots=True)
class Site:
    """What `playhead serve` was told.

    `credentials` are None where nobody is asked for any: on this machine, or by `--no-auth`.
    `max_upload` is in bytes, for one file. `mcp` offers the tools for assistants.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    credentials: Credentials | None = None
    max_upload: int = MAX_UPLOAD_BYTES
    mcp: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it: its user may name files by their paths."""
        return self.host in LOCAL
