"""Addresses and networks from which nobody, or nobody new, may come."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from server.errors import NotFound
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first

NO_ACCESS = "no_access"
SEVERITIES = ("sign_up_requires_approval", "sign_up_block", NO_ACCESS)


@dataclass(frozen=True, slots=True)
class IpBlock:
    """A row of ip_blocks; `severity` is one of SEVERITIES."""

    id: int
    ip: IPv4Network | IPv6Network
    severity: str
    comment: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewIpBlock:
    """What a moderator says of a network."""

    ip: IPv4Network | IPv6Network
    severity: str
    comment: str = ""
    expires_at: datetime | None = None


_COLUMNS = "id, ip, severity, comment, created_at, expires_at"


class ClosedNetworks:
    """Networks without access as one process knows them, loaded anew when they change; one reading
    at a time, so that the last to begin is the last to end.
    """

    def __init__(self) -> None:
        self._reading = asyncio.Lock()
        self._networks: dict[tuple[int, int], set[int]] = {}  # (version, bits of host) → prefixes

    async def load(self, db: Database) -> None:
        """Read them from the database."""
        async with self._reading:
            rows = await db.fetch(
                """
                SELECT ip FROM ip_blocks
                WHERE severity = $1 AND (expires_at IS NULL OR expires_at > now())
                """,
                NO_ACCESS,
            )
            found: dict[tuple[int, int], set[int]] = {}
            for network in (row["ip"] for row in rows):
                bits = network.max_prefixlen - network.prefixlen
                prefix = int(network.network_address) >> bits
                found.setdefault((network.version, bits), set()).add(prefix)
            self._networks = found

    def refuses(self, host: str) -> bool:
        """Whether nothing is answered to an address; a name (a socket's) is no address."""
        if not self._networks:
            return False
        try:
            address = ip_address(host)
        except ValueError:
            return False
        mapped = address.ipv4_mapped if address.version == 6 else None
        address = mapped or address
        number = int(address)
        return any(
            number >> bits in prefixes
            for (version, bits), prefixes in self._networks.items()
            if version == address.version
        )


async def find_severities(db: Database, ip: str) -> set[str]:
    """What the blocks say in which an address stands; none for "", whom nobody knows."""
    rows = await db.fetch(
        """
        SELECT DISTINCT severity FROM ip_blocks
        WHERE ip >>= $1::inet AND (expires_at IS NULL OR expires_at > now())
        """,
        ip or None,
    )
    return {row["severity"] for row in rows}


async def block_page(db: Database, page: Page) -> list[IpBlock]:
    """All blocks, the latest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM ip_blocks WHERE true {bounds(page, 'id', 1)}", *arguments(page)
    )
    return [IpBlock(**row) for row in newest_first(rows, page)]


async def get_block(db: Database, block_id: int) -> IpBlock:
    """Raises NotFound."""
    return _found(await db.fetchrow(f"SELECT {_COLUMNS} FROM ip_blocks WHERE id = $1", block_id))


async def insert_block(db: Database, new: NewIpBlock) -> IpBlock:
    """Raises asyncpg.UniqueViolationError (ip_blocks_unique) for a network that has one."""
    row = await db.fetchrow(
        f"""
        INSERT INTO ip_blocks (ip, severity, comment, expires_at) VALUES ($1, $2, $3, $4)
        RETURNING {_COLUMNS}
        """,
        new.ip,
        new.severity,
        new.comment,
        new.expires_at,
    )
    return _found(row)


async def update_block(db: Database, block_id: int, new: NewIpBlock) -> IpBlock:
    """Say something else. Raises NotFound, asyncpg.UniqueViolationError as insert_block."""
    row = await db.fetchrow(
        f"""
        UPDATE ip_blocks SET ip = $2, severity = $3, comment = $4, expires_at = $5 WHERE id = $1
        RETURNING {_COLUMNS}
        """,
        block_id,
        new.ip,
        new.severity,
        new.comment,
        new.expires_at,
    )
    return _found(row)


async def delete_block(db: Database, block_id: int) -> IpBlock:
    """Take one back. Raises NotFound."""
    return _found(
        await db.fetchrow(f"DELETE FROM ip_blocks WHERE id = $1 RETURNING {_COLUMNS}", block_id)
    )


def _found(row: Any) -> IpBlock:
    if row is None:
        raise NotFound
    return IpBlock(**row)
