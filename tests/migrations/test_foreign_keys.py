import asyncpg


async def test_every_foreign_key_can_be_followed_back_by_an_index(database_url: str) -> None:
    """Else the deletion of one row reads all of another table."""
    db = await asyncpg.connect(database_url)
    try:
        rows = await db.fetch(
            """
            SELECT c.conrelid::regclass || '.' || a.attname AS missing
            FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND NOT EXISTS (
                SELECT FROM pg_index i
                WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
            """
        )
    finally:
        await db.close()
    assert [row["missing"] for row in rows] == []
