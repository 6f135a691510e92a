"""Hosts that did not answer, and how long they are left alone."""

from collections.abc import Collection, Mapping

from server.store.database import Database


async def count_failures(db: Database, hosts: Collection[str]) -> dict[str, int]:
    """Remember that hosts failed; gives how often in a row each did."""
    rows = await db.fetch(
        """
        INSERT INTO hosts (host, failures, failing_since) SELECT unnest($1::text[]), 1, now()
        ON CONFLICT (host) DO UPDATE SET failures = hosts.failures + 1,
            failing_since = coalesce(hosts.failing_since, now()), seen_at = now()
        RETURNING host, failures
        """,
        sorted(hosts),  # in one order, so that two workers do not wait for one another
    )
    return {row["host"]: row["failures"] for row in rows}


async def pause_hosts(db: Database, pauses: Mapping[str, float]) -> None:
    """Leave hosts alone for so many seconds, with all that waits for them."""
    await db.execute(
        """
        WITH p AS (SELECT * FROM unnest($1::text[], $2::float8[]) AS p (host, seconds)),
        paused AS (
            UPDATE hosts h SET paused_until = now() + make_interval(secs => p.seconds)
            FROM p WHERE h.host = p.host RETURNING h.host, h.paused_until AS until)
        UPDATE deliveries d SET next_at = paused.until FROM paused
        WHERE d.host = paused.host AND d.next_at < paused.until AND d.claimed_by IS NULL
        """,
        list(pauses),
        list(pauses.values()),
    )
