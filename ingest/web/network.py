"""The way to the network: where connections may lead, and how long one waits.

A site can name any address: by a link, a redirect, a feed, a list of fragments, or by a name that
leads elsewhere when it is looked up again. So it is here, where a connection is made, that
addresses are checked, and the address that was checked is the one that is connected to.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from playhead.errors import SourceError

Endpoint = tuple[str, int]

_UNICAST = IPv6Network("2000::/3")  # all that is given out: RFC 4291, section 2.4
_6TO4 = IPv6Network("2002::/16")  # leads on to any address of IPv4; abandoned by RFC 7526
_NAT64 = IPv6Network("64:ff9b::/96")  # the last 32 bits are an address of IPv4: RFC 6052


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the internet's: not of this machine, a network or a group.

    An address of IPv6 that stands for one of IPv4 is judged as that.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address.ipv4_mapped or address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address.is_global and address in _UNICAST and address not in _6TO4


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host; an OSError if it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Network:
    """How far the network may be used.

    `timeout` is the longest silence, `patience` the longest that a page or a piece of a file may
    take as a whole, in seconds. `resolve` and `connect` are the system's.
    """

    allow_private: bool = False
    timeout: float = 20.0
    patience: float = 60.0
    resolve: Callable[[str, int], list[str]] = look_up
    connect: Callable[[Endpoint, float], socket.socket] = socket.create_connection

    def connection_to(self, endpoint: Endpoint) -> socket.socket:
        """A connection to a host and port, at the first of its addresses that answers.

        Raises:
            SourceError: one of its addresses is not public, and that is not allowed.
            OSError: there is no such host, or it does not answer.
        """
        host, port = endpoint
        addresses = self.resolve(host, port)
        for address in addresses:
            if not (self.allow_private or is_public(ip_address(address))):
                raise SourceError(
                    f"{host} is in this machine's own network, not on the internet ({address})",
                    "If you trust what is there, allow it with --allow-private",
                )
        for address in addresses[:-1]:
            try:
                return self.connect((address, port), self.timeout)
            except OSError:
                continue
        return self.connect((addresses[-1], port), self.timeout)
