from pathlib import Path

from server.runtime import Runtime
from tests.makers import make_member, make_status

SQL = next(Path("migrations").glob("0099_*.sql")).read_text("utf-8")


async def test_hashtags_that_differ_in_accents_become_one(runtime: Runtime) -> None:
    account = await make_member(runtime, "anna")
    plain = await make_status(runtime, account, "#blahaj #other")
    both = await make_status(runtime, account, "#blahaj #marked")
    await runtime.db.execute(
        """
        WITH t AS (INSERT INTO tags (name, display_name) VALUES ('blåhaj', 'BLÅHAJ') RETURNING id),
        u AS (INSERT INTO tag_follows (account_id, tag_id) SELECT $1, id FROM t)
        INSERT INTO status_tags (tag_id, status_id) SELECT id, $2::bigint FROM t
        """,
        account.id,
        both,
    )
    await runtime.db.execute("UPDATE tags SET name = 'márked㎒' WHERE name = 'marked'")
    await runtime.db.execute(SQL)
    rows = await runtime.db.fetch(
        """
        SELECT t.name, array_agg(s.status_id ORDER BY s.status_id) AS statuses,
            EXISTS (SELECT FROM tag_follows f WHERE f.tag_id = t.id) AS followed
        FROM tags t JOIN status_tags s ON s.tag_id = t.id GROUP BY t.id ORDER BY t.name
        """
    )
    assert [tuple(row) for row in rows] == [
        ("blahaj", [plain, both], True),
        ("markedmhz", [both], False),
        ("other", [plain], False),
    ]
    waiting = "SELECT count(*) FROM jobs WHERE name = 'index_statuses'"
    assert await runtime.db.fetchval(waiting) == 1
    await runtime.db.execute(SQL)  # nothing is left to do
    assert await runtime.db.fetchval(waiting) == 1
