import ipaddress

import pytest

from federation.errors import NotAllowed, RemoteError
from federation.transport.client import open_client
from federation.transport.fetch import fetch
from federation.transport.safety import AddressPolicy, is_public, parse_private_hosts

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.1.1",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.1.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.0.1",
    "192.168.255.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "::127.0.0.1",
    "2001:db8::1",
    "::ffff:169.254.169.254",
    "100::1",
    "fec0::1",
    "192.88.99.1",
    "3fff::1",
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_internet_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_is_reached(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_private_host_may_be_reached_in_its_network_alone() -> None:
    hosts = parse_private_hosts(["intra.example=10.1.0.0/16", "wiki.example:8443=192.168.1.0/24"])
    policy = AddressPolicy(private_hosts=hosts)
    inside, outside = ipaddress.ip_address("10.1.2.3"), ipaddress.ip_address("10.2.2.3")
    assert policy.is_allowed("intra.example", 443, inside)
    assert not policy.is_allowed("intra.example", 443, outside)
    assert not policy.is_allowed("other.example", 443, inside)
    wiki = ipaddress.ip_address("192.168.1.9")
    assert policy.is_allowed("wiki.example", 8443, wiki)
    assert not policy.is_allowed("wiki.example", 443, wiki)
    loopback = ipaddress.ip_address("127.0.0.1")
    assert not policy.is_allowed("intra.example", 443, loopback)
    near = AddressPolicy(private_hosts=parse_private_hosts(["near.example:8443=127.0.0.0/8"]))
    assert near.is_allowed("near.example", 8443, loopback)
    assert not near.is_allowed("near.example", 5432, loopback)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://2130706433/",
        "https://0x7f.1/",
        "ftp://a.example/",
        "https://a@b.example/",
    ],
)
async def test_an_https_instance_reaches_nothing_local(url: str) -> None:
    async with open_client("https://a.example") as client:
        with pytest.raises(RemoteError):
            await fetch(client, url, "*/*", 1000)


async def test_a_loopback_instance_reaches_loopback_and_nothing_else_private() -> None:
    async with open_client("http://localhost:3000") as client:
        with pytest.raises(NotAllowed):
            await fetch(client, "http://10.0.0.1/", "*/*", 1000)
