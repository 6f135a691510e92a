"""Which addresses we talk to: public ones, and private ones that somebody named on purpose."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Of no use on the Internet, which not every Python knows: site-local, 6to4 relays, documentation.
_USELESS = [ipaddress.ip_network(one) for one in ("fec0::/10", "192.88.99.0/24", "3fff::/20")]


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
    if any(address in network for network in _USELESS):
        return False
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
