"""Limits against guessing and flooding, per address and per account.

They are counted in the database: they hold over all web processes, and a Valkey that forgets
everything gives nobody another try. An attempt is counted before it is examined, so that many at
once are as few as one after another; one that was right is taken back. Who is only kept as a hash.
"""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

from server.errors import TooMany
from server.secrets import hash_token
from server.store import attempts
from server.store.database import Database

_TOO_MANY = "Too many attempts. Wait a while and try again."


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts of a kind in so many seconds, counted from the first one."""

    kind: str
    most: int
    seconds: int


# Many colleagues share the address of their house; an account belongs to one.
SIGN_IN_BY_NETWORK = Limit("sign-in by network", 25, 300)
SIGN_IN_BY_LOGIN = Limit("sign-in by login", 10, 300)
SECOND_FACTOR = Limit("second factor", 10, 3600)
PASSWORD_OF_MEMBER = Limit("password of member", 10, 600)
SIGN_UP = Limit("sign-up", 25, 300)
INVITATION = Limit("invitation", 25, 300)
CONFIRMATION_BY_NETWORK = Limit("confirmation by network", 25, 300)
CONFIRMATION_BY_EMAIL = Limit("confirmation by e-mail", 5, 1800)
RESET_BY_NETWORK = Limit("reset by network", 25, 300)
RESET_BY_EMAIL = Limit("reset by e-mail", 5, 1800)


async def count(db: Database, limit: Limit, subject: str) -> None:
    """Count an attempt of somebody. Raises TooMany beyond the limit."""
    counted = await attempts.add_attempt(db, limit.kind, _hash(subject), limit.seconds)
    if counted > limit.most:
        raise TooMany(_TOO_MANY, limit.seconds)


async def take_back(db: Database, limit: Limit, subject: str) -> None:
    """An attempt was right, and others may be counted beside it."""
    await attempts.take_back(db, limit.kind, _hash(subject))


async def forget(db: Database, limit: Limit, subject: str) -> None:
    """An attempt was right, and whoever made it is the one whom the limit protects."""
    await attempts.forget_attempts(db, limit.kind, _hash(subject))


@lru_cache(maxsize=10_000)
def network_of(host: str) -> str:
    """Whom an address stands for: itself, or of IPv6 the /64 that one customer has."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def _hash(subject: str) -> bytes:
    return hash_token(subject.strip().lower())
