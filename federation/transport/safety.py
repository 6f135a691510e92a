"""Which addresses we talk to: public ones, and private ones that somebody named on purpose.

A name is resolved once, its addresses are checked, and the connection goes to the checked address:
a DNS answer that changes in between changes nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver, ResolveResult

from federation.errors import NotAllowed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """`allows_loopback`: ours is a plain-http instance for trying out, its peers are local too.

    `allows_plain`: plain http is spoken with public hosts as well.
    `private_hosts` maps `host` or `host:port` to the network in which it may stand.
    """

    allows_loopback: bool = False
    private_hosts: Mapping[str, Network] = field(default_factory=dict)
    allows_plain: bool = False

    def private_network(self, host: str, port: int) -> Network | None:
        """The private network that this very host may stand in."""
        return self.private_hosts.get(f"{host}:{port}") or self.private_hosts.get(host)

    def is_allowed(self, host: str, port: int, address: Address) -> bool:
        """Whether a connection for `host` may go to `address`."""
        address = unwrapped(address)
        if is_public(address) or (self.allows_loopback and address.is_loopback):
            return True
        network = self.private_network(host, port)
        return network is not None and address in network


def parse_private_hosts(entries: Sequence[str]) -> dict[str, Network]:
    """Entries `host[:port]=network` of the settings. Raises ValueError for a wrong network."""
    pairs = (entry.partition("=") for entry in entries)
    return {
        host.strip().lower(): ipaddress.ip_network(network.strip(), strict=False)
        for host, _, network in pairs
    }


def is_public(address: Address) -> bool:
    """Whether an address is one of the open Internet, whatever it is wrapped in."""
    address = unwrapped(address)
    return address.is_global and not address.is_multicast and not address.is_reserved


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64, compatible)."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def literal_address(host: str) -> Address | None:
    """The address that a host name literally is, if it is one."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


class GuardedResolver(AbstractResolver):
    """Resolves names for the connector and gives it the allowed addresses alone."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises NotAllowed when no address of the host may be talked to, OSError for none."""
        loop = asyncio.get_running_loop()
        answers = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        allowed = [
            ResolveResult(
                hostname=host,
                host=str(answer[4][0]),
                port=port,
                family=answer[0],
                proto=answer[2],
                flags=socket.AI_NUMERICHOST,
            )
            for answer in answers
            if self._policy.is_allowed(host, port, ipaddress.ip_address(str(answer[4][0])))
        ]
        if not allowed:
            raise NotAllowed(f"{host} stands on an address that we do not talk to")
        return allowed

    async def close(self) -> None:
        """Nothing is kept."""
