"""Who comes in: HTTP Basic authentication (RFC 7617), and few tries for who guesses."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import time
from collections.abc import Callable

from starlette.requests import HTTPConnection

from ui.web.site import Credentials

FREE_TRIES = 10
"""So many wrong passwords at once are looked at; after them one each `SECONDS_A_TRY`."""
SECONDS_A_TRY = 1.0
MOST_CLIENTS = 10_000
CHALLENGE = 'Basic realm="Playhead", charset="UTF-8"'


class TooManyTriesError(Exception):
    """This client has guessed too often: nothing it sends is looked at for a moment."""


class Login:
    """Knows the one user, and who guessed wrong of late.

    Args:
        credentials: the user and the password.
        clock: seconds that only go forward.
    """

    def __init__(
        self, credentials: Credentials, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._expected = _digest(f"{credentials.user}:{credentials.password}".encode())
        self._clock = clock
        # Client to the time at which all of its tries will be free again.
        self._busy_until: dict[str, float] = {}

    def admits(self, request: HTTPConnection) -> bool:
        """Whether a request carries the right user and password.

        Raises:
            TooManyTriesError: its client has guessed too often.
        """
        given = _given(request.headers.get("authorization", ""))
        if given is None:
            return False
        client, now = _client(request), self._clock()
        until = max(self._busy_until.get(client, now), now)
        if until - now > (FREE_TRIES - 1) * SECONDS_A_TRY:
            raise TooManyTriesError
        # Digests, for the comparison takes longer for a longer text.
        if hmac.compare_digest(_digest(given), self._expected):
            return True
        self._forget(now)
        self._busy_until[client] = until + SECONDS_A_TRY
        return False

    def _forget(self, now: float) -> None:
        if len(self._busy_until) >= MOST_CLIENTS:
            recent = {name: until for name, until in self._busy_until.items() if until > now}
            self._busy_until = recent if len(recent) < MOST_CLIENTS else {}


def _given(header: str) -> bytes | None:
    """`user:password` as a request has it; None where it has none."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(token.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _client(request: HTTPConnection) -> str:
    """Whose tries are counted together: an address, of IPv6 the whole network of a household."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
