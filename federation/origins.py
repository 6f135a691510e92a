"""Origins and hosts: whether two addresses are of one server, however they are written."""

import ipaddress
from urllib.parse import urlsplit

import idna

from federation.errors import Malformed

_PORTS = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """Scheme, host and port, normalised: lower case, IDNA, the usual port left out.

    Raises Malformed for another scheme, credentials and odd characters.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Malformed(f"not an address: {address[:200]}") from error
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        raise Malformed(f"not an address that we use: {address[:200]}")
    host = normal_host(parts.hostname)
    suffix = "" if port is None or port == _PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"


def authority_of(address: str) -> str:
    """Host and port of an address, normalised. Raises Malformed."""
    return origin_of(address).partition("://")[2]


def normal_host(host: str) -> str:
    """A host name in lower case ASCII (IDNA 2008). Raises Malformed for what is none."""
    lowered = host.lower()
    if ":" in lowered:  # an IPv6 literal
        return f"[{lowered.strip('[]')}]"
    if lowered.endswith(".") or "%" in lowered:
        raise Malformed(f"not a host name: {host[:200]}")
    if all(c.isascii() and (c.isalnum() or c in ".-") for c in lowered):
        return lowered
    try:
        return idna.encode(lowered, uts46=False).decode()
    except idna.IDNAError as error:
        raise Malformed(f"not a host name: {host[:200]}") from error


def is_loopback_name(host: str) -> bool:
    """Whether a host name means this very machine: localhost or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host(text: str) -> str | None:
    """A host name with a dot out of what people write (`https://`, `*.` and a path left off)."""
    name = text.strip().partition("://")[2] or text.strip()
    name = name.partition("/")[0].removeprefix("*.")
    try:
        name = normal_host(name)
    except Malformed:
        return None
    labels = name.split(".")
    is_name = len(name) <= 253 and len(labels) > 1 and all(0 < len(part) < 64 for part in labels)
    return name if is_name and not name.startswith("[") else None


def is_same_origin(one: str, other: str) -> bool:
    """Whether two addresses have the same scheme, host and port."""
    try:
        return origin_of(one) == origin_of(other)
    except Malformed:
        return False
