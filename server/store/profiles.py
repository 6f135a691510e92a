"""How an account of ours shows itself."""

from typing import Any

from server.store.database import Database


async def update_profile(db: Database, account_id: int, columns: dict[str, Any]) -> list[str]:
    """Change columns of an account (names are the code's, never a client's).

    An empty file name becomes null. Gives the files that are not used any more.
    """
    values = {
        name: value or None if name.endswith("_file") else value for name, value in columns.items()
    }
    assignments = "".join(f", {name} = ${place}" for place, name in enumerate(values, 2))
    row = await db.fetchrow(
        f"""
        WITH before AS (
            SELECT id, avatar_file, header_file FROM accounts WHERE id = $1 FOR NO KEY UPDATE)
        UPDATE accounts SET revision = accounts.revision + 1{assignments}
        FROM before WHERE accounts.id = before.id
        RETURNING before.avatar_file AS old_avatar, before.header_file AS old_header,
            accounts.avatar_file, accounts.header_file
        """,
        account_id,
        *values.values(),
    )
    pairs = (("old_avatar", "avatar_file"), ("old_header", "header_file"))
    return [row[old] for old, new in pairs if row[old] and row[old] != row[new]]
