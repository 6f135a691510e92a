"""Others' lists of blocked domains: read, compared, and done by moderators alone."""

from collections.abc import Iterator

import pytest

from server.actions import block_lists as actions
from server.actions import domain_rules
from server.errors import Invalid, NotFound
from server.runtime import Runtime
from server.store import audit_log, block_lists, follows
from server.store.domain_rules import NewRule, list_rules
from server.store.pages import Page
from tests.makers import make_member, make_remote, run_jobs
from tests.website import Website, website

HEAD = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as found:
        yield found


def put(site: Website, *lines: str) -> str:
    return site.put("/list.csv", (HEAD + "\n".join(lines)).encode(), "text/csv")


async def read(runtime: Runtime, url: str) -> dict[str, tuple[str, str, int]]:
    """Have it read; what is to be decided, by domain."""
    await actions.subscribe(runtime, url)
    await run_jobs(runtime)
    drafts = await block_lists.list_open(runtime.db, 100)
    return {d.domain: (d.action, d.rule.severity, d.follows) for d in drafts}


async def decide(runtime: Runtime, *domains: str, accepts: bool) -> None:
    drafts = await block_lists.list_open(runtime.db, 100)
    ids = [draft.id for draft in drafts if draft.domain in domains]
    if accepts:
        await actions.accept(runtime, None, ids)
    else:
        await actions.decline(runtime, ids)


async def test_a_list_blocks_nothing_before_a_moderator_does(
    runtime: Runtime, site: Website
) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime, "remy", "sub.bad.example")
    await follows.insert_follow(runtime.db, anna.id, remy.id, None)
    await domain_rules.block(runtime, None, "known.example", NewRule("suspend"))
    url = put(
        site,
        "bad.example,suspend,,,spam,",
        "loud.example,silence,true,,,",
        "known.example,suspend,,,,",
        "below.known.example,silence,,,,",
        "odd.example,kill,,,,",
        "localhost:3000,suspend,,,,",
        "no domain,suspend,,,,",
        "*.wild.example,suspend,,,,",
    )
    assert await read(runtime, url) == {
        "bad.example": ("block", "suspend", 1),
        "loud.example": ("block", "silence", 0),
        "wild.example": ("block", "suspend", 0),
    }
    assert [rule.domain for rule in await list_rules(runtime.db)] == ["known.example"]
    await decide(runtime, "bad.example", accepts=True)
    await decide(runtime, "loud.example", accepts=False)
    await run_jobs(runtime)
    assert await follows.find(runtime.db, "follows", anna.id, remy.id) is None
    rules = {rule.domain: rule for rule in await list_rules(runtime.db)}
    assert rules.keys() == {"known.example", "bad.example"}
    assert rules["bad.example"].public_comment == "spam"
    [act, _] = await audit_log.entry_page(runtime.db, Page(5), target_kind="domain_block")
    assert act.target_name == "bad.example"


async def test_what_was_decided_is_asked_again_when_the_list_changes(
    runtime: Runtime, site: Website
) -> None:
    url = put(site, "a.example,silence,,,,", "b.example,suspend,,,,", "c.example,suspend,,,,")
    await read(runtime, url)
    await decide(runtime, "a.example", accepts=False)
    await decide(runtime, "b.example", accepts=True)
    assert (await read(runtime, url)).keys() == {"c.example"}
    put(site, "a.example,suspend,,,,", "d.example,suspend,,,,")
    assert await read(runtime, url) == {
        "a.example": ("block", "suspend", 0),
        "b.example": ("unblock", "suspend", 0),
        "d.example": ("block", "suspend", 0),
    }
    await decide(runtime, "b.example", accepts=True)
    await domain_rules.block(runtime, None, "d.example", NewRule("suspend"))
    assert (await read(runtime, url)).keys() == {"a.example"}
    assert [rule.domain for rule in await list_rules(runtime.db)] == ["d.example"]


async def test_a_list_that_cannot_be_read_says_why_and_changes_nothing(
    runtime: Runtime, site: Website
) -> None:
    url = put(site, "bad.example,suspend,,,,")
    await read(runtime, url)
    for body, status in ((b"", 404), (b"\xff\xfe", 200), (b"", 200), (b"#domain\n", 200)):
        site.put("/list.csv", body, "text/csv", status)
        assert (await read(runtime, url)).keys() == {"bad.example"}
        [found] = await block_lists.list_lists(runtime.db)
        assert found.error
    with pytest.raises(Invalid):
        await actions.subscribe(runtime, "file:///etc/passwd")
    await actions.unsubscribe(runtime, found.id)
    assert await block_lists.list_open(runtime.db, 10) == []
    with pytest.raises(NotFound):
        await actions.unsubscribe(runtime, found.id)


async def test_a_list_is_read_once_a_day(runtime: Runtime, site: Website) -> None:
    await read(runtime, put(site, "bad.example,suspend,,,,"))
    for _ in range(2):
        await actions.enqueue_due(runtime)
        await run_jobs(runtime)
    assert site.asked == ["/list.csv"]
    await runtime.db.execute("UPDATE block_lists SET checked_at = now() - interval '25 hours'")
    await actions.enqueue_due(runtime)
    await run_jobs(runtime)
    assert site.asked == ["/list.csv"] * 2
