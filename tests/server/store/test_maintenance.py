from server.runtime import Runtime
from server.store import maintenance, timelines
from server.store.pages import Page
from tests.makers import make_member, make_remote, make_status


async def test_what_has_had_its_time_goes_and_the_rest_stays(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    for age in ("-1 hour", "1 hour"):
        await runtime.db.execute(
            f"""
            INSERT INTO sessions (token_hash, account_id, expires_at, user_agent)
            VALUES ($1, $2, now() + interval '{age}', '')
            """,
            age.encode(),
            anna.id,
        )
    for days, actor in ((40, remy.uri), (40, anna.uri), (1, remy.uri)):
        await runtime.db.execute(
            f"""
            INSERT INTO tombstones (uri, actor_uri, deleted_at)
            VALUES ($1, $2, now() - interval '{days} days')
            """,
            f"{actor}/{days}",
            actor,
        )
    await maintenance.delete_expired(runtime.db)
    assert await runtime.db.fetchval("SELECT array_agg(token_hash) FROM sessions") == [b"1 hour"]
    left = await runtime.db.fetchval("SELECT array_agg(uri ORDER BY uri) FROM tombstones")
    # Our own stand for ever; those of others for a month.
    assert sorted(left) == sorted([f"{anna.uri}/40", f"{remy.uri}/1"])


async def test_hosts_that_somebody_invented_do_not_stay(runtime: Runtime) -> None:
    """CVE-2026-69132: what is known of hosts is forgotten, and so much is known at most."""
    await runtime.db.execute(
        """
        INSERT INTO hosts (host, failures, failing_since, seen_at)
        SELECT 'h' || n || '.evil.test', 9, now() - interval '40 days', now() - n * interval '20 s'
        FROM generate_series(1, $1::int) n
        """,
        maintenance.MOST_HOSTS + 10,
    )
    await maintenance.delete_expired(runtime.db)
    assert await runtime.db.fetchval("SELECT count(*) FROM hosts") == maintenance.MOST_HOSTS
    kept = "SELECT EXISTS (SELECT FROM hosts WHERE host = $1)"
    assert await runtime.db.fetchval(kept, "h1.evil.test")
    assert not await runtime.db.fetchval(kept, "h100010.evil.test")
    await runtime.db.execute("UPDATE hosts SET seen_at = now() - interval '31 days'")
    await maintenance.delete_expired(runtime.db)
    assert await runtime.db.fetchval("SELECT count(*) FROM hosts") == 0


async def test_feeds_are_cut_at_their_far_end(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    status = await make_status(runtime, ben)
    await runtime.db.execute(
        """
        WITH posts AS (
            INSERT INTO statuses (id, account_id, uri, local, visibility, thread_id, created_at)
            SELECT n, $1, 'x' || n, true, 'public', n, now()
            FROM generate_series(1, $3::int) n RETURNING id)
        INSERT INTO home_entries (account_id, status_id, shown_id, author_id)
        SELECT $2, id, id, $1 FROM posts
        """,
        ben.id,
        anna.id,
        maintenance.FEED_LENGTH + 5,
    )
    await maintenance.cut_feeds(runtime.db)
    count = await runtime.db.fetchval(
        "SELECT count(*) FROM home_entries WHERE account_id = $1", anna.id
    )
    assert count == maintenance.FEED_LENGTH
    [newest] = (await timelines.home_page(runtime.db, anna.id, Page(1))).ids
    assert newest == maintenance.FEED_LENGTH + 5
    assert (await timelines.home_page(runtime.db, ben.id, Page(5))).ids == [status]
