"""In which languages a member wants to meet posts in public timelines; none chosen means all."""

from server.store.database import Database


async def list_chosen(db: Database, account_id: int) -> list[str]:
    """Their codes, in the order in which they were chosen."""
    chosen: list[str] = await db.fetchval(
        "SELECT chosen_languages FROM users WHERE account_id = $1", account_id
    )
    return chosen


async def put_chosen(db: Database, account_id: int, code: str) -> None:
    """Choose one more."""
    await db.execute(
        """
        UPDATE users SET chosen_languages = chosen_languages || $2::text
        WHERE account_id = $1 AND $2 <> ALL(chosen_languages)
        """,
        account_id,
        code,
    )


async def delete_chosen(db: Database, account_id: int, code: str) -> None:
    """One less."""
    await db.execute(
        """
        UPDATE users SET chosen_languages = array_remove(chosen_languages, $2)
        WHERE account_id = $1
        """,
        account_id,
        code,
    )
