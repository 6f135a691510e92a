"""`python -m benchmarks.large`: how long each question takes where there is very much.

A million posts of 100,000 accounts elsewhere, 200 members who each follow some 200 of them. Prints
the first answer to each question after a start, and the best of three, each made anew.
"""

import asyncio
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import asyncpg

from benchmarks.instance import Instance, running_instance
from benchmarks.load import table

POSTS = 1_000_000
ACCOUNTS = 100_000
MEMBERS = 200
_SHOWN = 20
_TIMES = 3
_APART_SECONDS = 1.1  # longer than an answer is given again
# Authors and hashtags are chosen by the third power of chance: few have most, as people do.
_SEED = (
    """
    INSERT INTO accounts (username, domain, uri, inbox_url, indexable, discoverable, fetched_at)
    SELECT 'r' || n, 'h' || n % 3000 || '.example', 'https://h' || n % 3000 || '.example/' || n,
           'https://h' || n % 3000 || '.example/' || n || '/inbox', n % 3 = 0, n % 2 = 0, now()
    FROM generate_series(1, {accounts}) n
    """,
    """
    WITH people AS (
        INSERT INTO accounts (username, uri)
        SELECT 'm' || n, 'http://localhost/m' || n FROM generate_series(1, {members}) n
        RETURNING id, username)
    INSERT INTO users (account_id, email, confirmed_at, approved_at)
    SELECT id, username || '@example.org', now(), now() FROM people
    """,
    """
    CREATE TABLE bench_authors AS
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM accounts WHERE domain IS NOT NULL
    """,
    "CREATE UNIQUE INDEX ON bench_authors (place)",
    """
    INSERT INTO follows (account_id, target_id)
    SELECT u.account_id, a.id FROM users u, LATERAL (
        SELECT DISTINCT 1 + floor(power(random(), 3) * {accounts} / 5)::int AS place
        FROM generate_series(1, 250) WHERE u.account_id > 0) chosen
    JOIN bench_authors a USING (place)
    """,
    """
    INSERT INTO statuses (id, account_id, uri, local, visibility, content, language, thread_id,
                          created_at)
    SELECT new_id(at), a.id, 'https://far.example/' || n, false,
           (ARRAY['public', 'public', 'public', 'unlisted', 'private'])[1 + n % 5],
           '<p>Post ' || n || ' about word' || n % 50000 || ' and topic' || n % 100 || '</p>',
           (ARRAY['en', 'nl', 'de'])[1 + n % 3], n, at
    FROM (SELECT n, now() - make_interval(secs => ({posts} - n) * 8) AS at,
                 1 + floor(power(random(), 3) * {accounts} / 5)::int AS place
          FROM generate_series(1, {posts}) n) post
    JOIN bench_authors a USING (place)
    """,
    """
    WITH names AS (
        INSERT INTO tags (name, display_name)
        SELECT 'tag' || n, 'tag' || n FROM generate_series(0, 4999) n RETURNING id, name)
    INSERT INTO status_tags (tag_id, status_id)
    SELECT names.id, s.id FROM (
        SELECT id, 'tag' || floor(power(random(), 3) * 5000)::int AS name FROM statuses
        WHERE thread_id % 6 = 0) s
    JOIN names USING (name)
    """,
    """
    INSERT INTO media_attachments (account_id, status_id, type, remote_url)
    SELECT account_id, id, 'image', 'https://far.example/' || id FROM statuses
    WHERE thread_id % 8 = 0
    """,
    """
    INSERT INTO favourites (account_id, status_id)
    SELECT u.account_id, s.id FROM (
        SELECT account_id, row_number() OVER (ORDER BY account_id) AS place FROM users) u
    JOIN statuses s ON s.thread_id % 20000 = u.place
    """,
    """
    INSERT INTO notifications (account_id, type, from_account_id, status_id)
    SELECT u.account_id, 'mention', s.account_id, s.id FROM (
        SELECT account_id, row_number() OVER (ORDER BY account_id) AS place FROM users) u
    JOIN statuses s ON s.thread_id % 5000 = u.place
    """,
    """
    INSERT INTO account_stats (account_id, statuses_count, last_status_at)
    SELECT account_id, count(*), max(created_at) FROM statuses GROUP BY 1 ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO home_entries (account_id, status_id, shown_id, author_id)
    SELECT f.account_id, s.id, s.id, f.target_id FROM follows f JOIN users USING (account_id),
        LATERAL (SELECT id FROM statuses WHERE account_id = f.target_id AND visibility <> 'direct'
                 ORDER BY id DESC LIMIT 5) s
    """,
    "DROP TABLE bench_authors",
    "INSERT INTO jobs (name, args) VALUES ('index_statuses', '[0]')",
)
_QUESTIONS = (
    "/api/v1/timelines/home",
    "/api/v1/timelines/public",
    "/api/v1/timelines/public?local=true",
    "/api/v1/timelines/public?only_media=true",
    "/api/v1/timelines/tag/tag0",
    "/api/v1/timelines/tag/tag4000",
    "/api/v1/timelines/tag/tag0?only_media=true",
    "/api/v1/timelines/direct",
    "/api/v1/timelines/bubble",
    "/api/v1/notifications",
    "/api/v2/notifications",
    "/api/v2/notifications/unread_count",
    "/api/v1/conversations",
    "/api/v1/favourites",
    "/api/v1/statuses/{status}",
    "/api/v1/statuses/{status}/context",
    "/api/v1/accounts/{account}",
    "/api/v1/accounts/{account}/statuses",
    "/api/v1/accounts/{account}/statuses?only_media=true",
    "/api/v1/accounts/{account}/followers",
    "/api/v1/accounts/familiar_followers?id[]={account}",
    "/api/v1/accounts/search?q=r99",
    "/api/v2/search?q=word4242&type=statuses",
    "/api/v2/search?q=topic42&type=statuses",
    "/api/v2/search?q=tag1&type=hashtags",
    "/api/v1/directory",
    "/api/v1/directory?local=true",
    "/api/v2/suggestions",
    "/api/v1/tags/tag0",
    "/api/v1/trends/tags",
    "/api/v1/instance",
    "/api/v2/instance",
    "/api/v1/instance/peers",
    "/nodeinfo/2.0",
    "/tags/tag0",
    "/tags/tag0.rss",
)


async def main() -> None:
    """Seed, ask each question once, print the table."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        data = Path(folder) / "data"
        with running_instance(data) as instance:
            start = time.perf_counter()
            status, account = await _seed(instance.database_url)
            _say(f"seeded in {time.perf_counter() - start:.0f} s")
            token = instance.command("token", "create", "m1")
        with running_instance(data) as instance:
            answers = []
            for question in _QUESTIONS:
                path = question.format(status=status, account=account)
                times = [_ask(instance, token, path) for _ in range(_TIMES)]
                answers.append((min(times), times[0], path))
    rows = [(f"{best:.1f}", f"{first:.1f}", path) for best, first, path in sorted(answers)]
    _say(table([("best ms", "first ms", "question"), *rows[: -_SHOWN - 1 : -1]]))


async def _seed(database_url: str) -> tuple[int, int]:
    """Gives a status and an account that the questions are about."""
    db = await asyncpg.connect(database_url)
    try:
        for statement in _SEED:
            await db.execute(
                statement.format(posts=POSTS, accounts=ACCOUNTS, members=MEMBERS), timeout=600
            )
        while await db.fetchval("SELECT count(*) FROM status_words") < POSTS:
            await asyncio.sleep(1)
        await db.execute("VACUUM ANALYZE", timeout=600)
        row = await db.fetchrow(
            "SELECT id, account_id FROM statuses WHERE visibility = 'public' "
            "ORDER BY id DESC OFFSET 1000 LIMIT 1"
        )
        return row["id"], row["account_id"]
    finally:
        await db.close()


def _ask(instance: Instance, token: str, path: str) -> float:
    """Milliseconds."""
    request = urllib.request.Request(
        f"{instance.origin}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    time.sleep(_APART_SECONDS)
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
    return (time.perf_counter() - start) * 1000


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
