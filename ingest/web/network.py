"""The door to the network: where connections may lead, and for how long.

A site can name any address: in a link, a redirect, a feed, a playlist of fragments, or by a name
that leads elsewhere when it is looked up again. So addresses are checked here, where a connection
is made, and the address that was checked is the one that is connected to.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from playhead.errors import SourceError

IPAddress = IPv4Address | IPv6Address
Endpoint = tuple[str, int]
Resolve = Callable[[str, int], list[str]]
Connect = Callable[[Endpoint, float], socket.socket]

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, section 2.4, as IANA gives it out
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))  # Teredo and 6to4, both abandoned


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the internet's: no network's own, no machine's, no group's.

    An IPv6 address that stands for one of IPv4 is judged as that.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return (
        address.is_global
        and address in _GLOBAL_UNICAST
        and not any(address in tunnel for tunnel in _TUNNELS)
    )


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system spells them.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Network:
    """How far the network may be used.

    `timeout` is the longest silence, in seconds; three times as long is the longest that a page,
    or a piece of a file, may take as a whole. `resolve` and `connect` are the system's.
    """

    allow_private: bool = False
    timeout: float = 20.0
    resolve: Resolve = look_up
    connect: Connect = socket.create_connection

    @property
    def patience(self) -> float:
        """Seconds within which a page, or a piece of a file, must be there."""
        return 3 * self.timeout

    def connection_to(self, endpoint: Endpoint) -> socket.socket:
        """A connection to a host and port, at an address that is allowed.

        Raises:
            SourceError: it is none that is allowed.
            OSError: there is no such host, or it does not answer.
        """
        host, port = endpoint
        failure: OSError | None = None
        for address in self._allowed(host, self.resolve(host, port)):
            try:
                return self.connect((address, port), self.timeout)
            except OSError as error:
                failure = error
        raise failure or OSError(f"{host} has no address")

    def _allowed(self, host: str, addresses: list[str]) -> Iterator[str]:
        refused = [address for address in addresses if not self._allows(address)]
        if refused and len(refused) == len(addresses):
            raise private_address(host, refused[0])
        return (address for address in addresses if address not in refused)

    def _allows(self, address: str) -> bool:
        return self.allow_private or is_public(ip_address(address))


def private_address(host: str, address: str) -> SourceError:
    """The error for a host that lies in somebody's own network."""
    where = address if host.strip("[]") == address else f"{host} ({address})"
    return SourceError(
        f"{where} is not on the internet, but in this machine's own network",
        "If you trust what is there, allow it with --allow-private",
    )
