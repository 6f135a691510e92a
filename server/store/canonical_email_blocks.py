"""Single e-mail addresses with which nobody signs up again, known by their hash alone."""

import hashlib
from dataclasses import dataclass

from server.errors import NotFound
from server.store.database import Database
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class CanonicalEmailBlock:
    """A row of canonical_email_blocks; `hash` is hexadecimal."""

    id: int
    hash: str


def canonical_hash(email: str) -> str:
    """SHA-256 of the address in lower case without what providers ignore: dots and `+tag`."""
    name, _, domain = email.strip().lower().partition("@")
    bare = name.replace(".", "").partition("+")[0]
    return hashlib.sha256(f"{bare}@{domain}".encode()).hexdigest()


async def find_block(db: Database, email_hash: str) -> CanonicalEmailBlock | None:
    """The block of an address, if there is one."""
    row = await db.fetchrow(
        "SELECT id, hash FROM canonical_email_blocks WHERE hash = $1", email_hash
    )
    return None if row is None else CanonicalEmailBlock(**row)


async def block_page(db: Database, page: Page) -> list[CanonicalEmailBlock]:
    """All blocks, the latest first."""
    rows = await db.fetch(
        f"SELECT id, hash FROM canonical_email_blocks WHERE true {bounds(page, 'id', 1)}",
        *arguments(page),
    )
    return [CanonicalEmailBlock(**row) for row in newest_first(rows, page)]


async def get_block(db: Database, block_id: int) -> CanonicalEmailBlock:
    """Raises NotFound."""
    row = await db.fetchrow("SELECT id, hash FROM canonical_email_blocks WHERE id = $1", block_id)
    if row is None:
        raise NotFound
    return CanonicalEmailBlock(**row)


async def put_block(
    db: Database, email_hash: str, reference_account_id: int | None = None
) -> CanonicalEmailBlock | None:
    """Block an address; None when it is blocked already, for whatever reason."""
    row = await db.fetchrow(
        """
        INSERT INTO canonical_email_blocks (hash, reference_account_id) VALUES ($1, $2)
        ON CONFLICT ON CONSTRAINT canonical_email_blocks_unique DO NOTHING
        RETURNING id, hash
        """,
        email_hash,
        reference_account_id,
    )
    return None if row is None else CanonicalEmailBlock(**row)


async def delete_block(db: Database, block_id: int) -> None:
    """Take one back."""
    await db.execute("DELETE FROM canonical_email_blocks WHERE id = $1", block_id)


async def delete_of_account(db: Database, account_id: int) -> None:
    """Take back what an account's suspension made."""
    await db.execute(
        "DELETE FROM canonical_email_blocks WHERE reference_account_id = $1", account_id
    )
