import pytest

from server.actions.prune import START, prune_job
from server.runtime import Runtime
from server.worker import schedule
from tests.makers import Api, make_member, make_status
from tests.web.mastodon.test_media import upload
from tests.website import website


async def test_every_tick_does_its_work(runtime: Runtime) -> None:
    with website() as site:
        url = site.page("/a", "<title>a</title>")
        people = [await make_member(runtime, name) for name in ("anna", "ben")]
        for member in people:
            await make_status(runtime, member, url)
    await runtime.db.execute("INSERT INTO link_checks (account_id) VALUES ($1)", people[0].id)
    old = "INSERT INTO cards (url, attached_at) VALUES ('x', now() - interval '9 days')"
    await runtime.db.execute(old)
    for job in schedule.crons():
        await job.coroutine({"runtime": runtime})
    assert await runtime.db.fetchval("SELECT count(*) FROM link_trends") == 1
    rows = await runtime.db.fetch("SELECT name, args FROM jobs ORDER BY name, args::text")
    assert [(row["name"], row["args"]) for row in rows] == [
        ("prune", ["accounts", START]),
        ("prune", ["cards", START]),
        ("verify_links", [people[0].id]),
    ]
    await prune_job(runtime, "cards", START)
    assert await runtime.db.fetchval("SELECT count(*) FROM cards") == 1


async def test_a_step_that_fails_holds_up_no_other(
    anna: Api, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    await upload(anna)
    await runtime.db.execute("UPDATE media_attachments SET created_at = now() - interval '2 days'")
    await runtime.db.execute("ALTER TABLE translations RENAME TO others")
    await schedule.clean_up(runtime)
    assert "a step failed" in caplog.text
    assert await runtime.db.fetchval("SELECT count(*) FROM media_attachments") == 0
