"""Codes for who has lost every second factor, each good once."""

from collections.abc import Sequence

from server.store.database import Database, affected


async def replace_codes(db: Database, account_id: int, hashes: Sequence[bytes]) -> None:
    """These codes instead of those before (none: a member has no second factor any more)."""
    await db.execute("DELETE FROM recovery_codes WHERE account_id = $1", account_id)
    await db.execute(
        "INSERT INTO recovery_codes (account_id, code_hash) SELECT $1, unnest($2::bytea[])",
        account_id,
        list(hashes),
    )


async def use_code(db: Database, account_id: int, code_hash: bytes) -> bool:
    """Use a code up; gives whether it was good."""
    tag = await db.execute(
        "DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2", account_id, code_hash
    )
    return affected(tag) > 0


async def count_codes(db: Database, account_id: int) -> int:
    """How many codes a member has left."""
    return int(
        await db.fetchval("SELECT count(*) FROM recovery_codes WHERE account_id = $1", account_id)
    )
