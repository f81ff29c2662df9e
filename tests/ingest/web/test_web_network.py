from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.network import Network, is_public, look_up
from playhead.errors import SourceError

_INTERNET = (
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
)
_OWN = (
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "239.1.1.1"),
    *("240.0.0.1", "255.255.255.255", "192.0.2.1", "::", "::1", "fe80::1", "fe80::1%eth0"),
    *("fc00::1", "fd00::1", "fec0::1", "ff02::1", "ff0e::1", "::ffff:127.0.0.1", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001::1"),
    *("2001:db8::1", "100::1", "::ffff:0:7f00:1"),
)
_PRIVATE_NETWORKS = [
    ip_network(text)
    for text in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                 "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3")
]  # fmt: skip


@pytest.mark.parametrize("text", _INTERNET)
def test_addresses_of_the_internet_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", _OWN)
def test_addresses_of_machines_networks_and_groups_are_not(text: str) -> None:
    assert not is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_in_all_its_spellings(address: IPv4Address) -> None:
    expected = is_public(address)
    assert is_public(IPv6Address(f"::ffff:{address}")) == expected
    assert is_public(IPv6Address(int(IPv6Address("64:ff9b::")) + int(address))) == expected
    assert not (expected and any(address in network for network in _PRIVATE_NETWORKS))


@given(st.lists(st.ip_addresses(), min_size=1, max_size=4))
def test_only_public_addresses_are_dialled(addresses: list[IPv4Address | IPv6Address]) -> None:
    dialled: list[str] = []

    def connect(endpoint: tuple[str, int], _timeout: float) -> socket.socket:
        dialled.append(endpoint[0])
        raise ConnectionRefusedError

    network = Network(resolve=lambda *_: [str(address) for address in addresses], connect=connect)
    with pytest.raises((SourceError, ConnectionRefusedError)):
        network.connection_to(("example.org", 80))
    assert dialled == [str(a) for a in addresses if all(map(is_public, addresses))]


@pytest.mark.parametrize(
    "host", ["localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "::1", "[::1]"]
)
def test_no_spelling_leads_home(host: str) -> None:
    network = Network(connect=lambda *_: pytest.fail("was connected to"))
    with pytest.raises((SourceError, socket.gaierror)) as error:
        network.connection_to((host, 80))
    if isinstance(error.value, SourceError):
        assert "--allow-private" in str(error.value)


def test_with_the_allowance_home_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        Network(allow_private=True).connection_to(server.getsockname()).close()


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        network = Network(allow_private=True, resolve=lambda *_: ["::1", "127.0.0.1"])
        network.connection_to(server.getsockname()).close()


def test_addresses_are_looked_up_by_the_system() -> None:
    assert look_up("127.0.0.1", 80) == ["127.0.0.1"]
