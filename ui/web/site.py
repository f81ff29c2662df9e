"""How the page is served: to whom, behind what, and within which limits."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

MAX_UPLOAD_BYTES = 8 * 10**9


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one user who may come in, and the password; the password is never shown."""

    user: str
    password: str

    @classmethod
    def parsed(cls, text: str) -> Credentials:
        """Credentials written as USER:PASSWORD; the password may hold further colons.

        Raises:
            ValueError: one of the two is missing, or there is a line break in them.
        """
        user, _, password = text.partition(":")
        if not (user.strip() and password.strip() and text.isprintable()):
            raise ValueError("it must be USER:PASSWORD on one line, neither of them empty")
        return cls(user, password)

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
        """Whether it serves its own user alone, who may name files by their paths.

        Where a password is asked for there are others, who come through a proxy or a tunnel.
        """
        return is_loopback(self.host) and self.credentials is None

    def answers_to(self, name: str) -> bool:
        """Whether `name` (without a port) is one by which a browser may call this site.

        A page of somebody else can have a name of its own that leads here (DNS rebinding). It
        does not know the password, and cannot have a number for its name.
        """
        if self.credentials is not None or name in _own_names(self.host):
            return True
        return not is_loopback(self.host) and _address(name) is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _own_names(host: str) -> frozenset[str]:
    """The names of what listens at `host`; those of the machine where others can reach it."""
    names = {"localhost", "127.0.0.1", "::1", host.lower()}
    if not is_loopback(host):
        machine = socket.gethostname().lower()
        short = machine.partition(".")[0]
        names |= {machine, short, f"{short}.local"}
    return frozenset(names)
