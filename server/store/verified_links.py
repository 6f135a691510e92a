"""Links in profile fields: whose pages are to be asked, and what they said."""

from collections.abc import Mapping

from server.store.database import Database


async def await_check(db: Database, account_id: int, *, has_links: bool) -> None:
    """Remember that an account has links to be checked from time to time, or has none any more."""
    if has_links:
        await db.execute(
            """
            INSERT INTO link_checks (account_id) VALUES ($1)
            ON CONFLICT (account_id) DO UPDATE SET checked_at = NULL
            """,
            account_id,
        )
    else:
        await db.execute("DELETE FROM link_checks WHERE account_id = $1", account_id)


async def mark_checked(db: Database, account_id: int) -> None:
    """Its pages were asked just now."""
    await db.execute("UPDATE link_checks SET checked_at = now() WHERE account_id = $1", account_id)


async def list_due(db: Database, limit: int) -> list[int]:
    """Accounts whose links were checked a week ago or never, the longest ago first."""
    rows = await db.fetch(
        """
        SELECT account_id FROM link_checks
        WHERE checked_at IS NULL OR checked_at < now() - interval '7 days'
        ORDER BY checked_at NULLS FIRST LIMIT $1
        """,
        limit,
    )
    return [row["account_id"] for row in rows]


async def set_verified(db: Database, account_id: int, proofs: Mapping[str, str | None]) -> None:
    """Write when fields were verified, by their values; fields that changed meanwhile stay."""
    await db.execute(
        """
        UPDATE accounts a SET revision = revision + 1, fields = (
            SELECT jsonb_agg(CASE WHEN $2::jsonb ? (f ->> 'value')
                THEN f || jsonb_build_object('verified_at', $2::jsonb -> (f ->> 'value'))
                ELSE f END ORDER BY place)
            FROM jsonb_array_elements(a.fields) WITH ORDINALITY AS x (f, place))
        WHERE id = $1 AND jsonb_array_length(fields) > 0
        """,
        account_id,
        dict(proofs),
    )
