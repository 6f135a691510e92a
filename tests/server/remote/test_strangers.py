"""Rules for posts of strangers: each condition, each outcome, who is spared, and the dry run."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from server.actions import inbound_rules as actions
from server.errors import Invalid
from server.runtime import Runtime
from server.store import accounts, audit_log, follows, inbound_rules
from server.store.pages import Page
from tests.makers import Api, make_member, make_status, run_jobs
from tests.neighbour import Neighbour, activity, deliver, neighbour
from tests.queries import count_queries

LINK = '<p>Look at <a href="https://shop.example/now">this</a></p>'


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


async def rule(runtime: Runtime, condition: str, value: str, outcome: str = "drop") -> int:
    number = await actions.add_rule(runtime, None, condition, value, outcome)
    await runtime.inbound_rules.load(runtime.db)
    return number


class Wave:
    """Strangers who write to anna."""

    def __init__(self, runtime: Runtime, client: httpx.AsyncClient, home: Neighbour) -> None:
        self.runtime, self.client, self.home = runtime, client, home
        self._count = 0

    async def send(
        self, name: str, content: str = "<p>hello</p>", *, also: int = 0, **more: Any
    ) -> str:
        """One writes, naming `also` others besides; gives the note's id."""
        if f"/users/{name}" not in self.home.documents:
            self.home.actor(name)
        anna = await accounts.find_by_handle(self.runtime.db, "anna", None)
        assert anna
        author = f"{self.home.origin}/users/{name}"
        others = [self.home.actor(f"other{number}") for number in range(also)]
        tags = [{"type": "Mention", "href": uri, "name": "@x"} for uri in (anna.uri, *others)]
        self._count += 1
        note = self.home.note(author, str(self._count), content, tag=tags, **more)
        answer = await deliver(self.client, self.home, activity("Create", author, note))
        assert answer.status_code == 202
        await run_jobs(self.runtime)
        return str(note["id"])

    async def kept(self) -> list[str]:
        """Ids of what was stored."""
        rows = await self.runtime.db.fetch("SELECT uri FROM statuses WHERE NOT local ORDER BY id")
        return [row["uri"] for row in rows]


@pytest.fixture
async def wave(runtime: Runtime, client: httpx.AsyncClient, anna: Api, home: Neighbour) -> Wave:
    return Wave(runtime, client, home)


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


async def test_many_mentions_are_dropped_and_noted(wave: Wave, runtime: Runtime) -> None:
    number = await rule(runtime, "mentions", "2")
    one = await wave.send("bob", also=1)
    await wave.send("bob", also=2)
    assert await wave.kept() == [one]
    error = await runtime.db.fetchval("SELECT error FROM received ORDER BY id DESC LIMIT 1")
    assert error.endswith(f"is dropped by rule {number}")


async def test_first_posts_with_links_by_young_accounts(wave: Wave, runtime: Runtime) -> None:
    await rule(runtime, "young", "30")
    wave.home.actor("old", published=days_ago(100))
    wave.home.actor("young", published=days_ago(2))
    wave.home.actor("talker", published=days_ago(2))
    kept = [await wave.send("old", LINK), await wave.send("talker")]
    await wave.send("young", LINK)
    kept.append(await wave.send("talker", LINK))  # not the first that it writes
    assert await wave.kept() == kept


async def test_first_posts_with_links_by_whom_nobody_follows(wave: Wave, runtime: Runtime) -> None:
    await rule(runtime, "followerless", "3")
    for name, count in (("known", 3), ("lonely", 0)):
        uri = wave.home.actor(name)
        collection = {"id": f"{uri}/followers", "type": "OrderedCollection", "totalItems": count}
        wave.home.documents[f"/users/{name}/followers"] = collection
    kept = [await wave.send("known", LINK), await wave.send("silent", LINK)]
    await wave.send("lonely", LINK)
    assert await wave.kept() == kept


async def test_old_posts_words_and_domains(wave: Wave, runtime: Runtime) -> None:
    await rule(runtime, "old", "3")
    await rule(runtime, "keyword", "Free  CRYPTO")
    fresh = await wave.send("bob", published=days_ago(2))
    await wave.send("bob", published=days_ago(4))
    await wave.send("bob", "<p>ｆｒｅｅ <b>crypto</b>!</p>")
    await wave.send("bob", summary="free crypto")
    await rule(runtime, "domain", "127.0.0.1")
    await wave.send("bob", "<p>something else</p>")
    assert await wave.kept() == [fresh]


async def test_the_same_by_several_is_a_wave(wave: Wave, runtime: Runtime) -> None:
    await rule(runtime, "repeated", "3")
    text = "<p>Earn a lot of money from home, it is easy {}</p>"
    kept = [await wave.send(name, text.format("@" + name)) for name in ("a", "b")]
    kept.append(await wave.send("a", text.format("")))  # a third time, but by the same
    await wave.send("c", text.format("@c"))
    kept += [await wave.send("d", LINK), await wave.send("e", "<p>hello</p>")]
    kept += [await wave.send(name, "<p>thank you!</p>") for name in ("f", "g", "h")]  # short
    kept.append(await wave.send("i", LINK.replace("Look", "See")))
    await wave.send("j", LINK.replace("now", "now?utm_source=x"))
    assert await wave.kept() == kept


async def test_what_is_held_waits_in_requests(wave: Wave, runtime: Runtime, anna: Api) -> None:
    await rule(runtime, "mentions", "0", "hold")
    await wave.send("bob")
    assert await anna.get("/api/v1/notifications") == []
    [request] = await anna.get("/api/v1/notifications/requests")
    assert request["account"]["username"] == "bob"
    await anna.post(f"/api/v1/notifications/requests/{request['id']}/accept")
    await wave.send("bob", "<p>again</p>")  # let in, so no stranger
    told = await anna.get("/api/v1/notifications")
    assert len(told) == 2


async def test_limit_strip_media_and_unlist(wave: Wave, runtime: Runtime) -> None:
    await rule(runtime, "domain", "127.0.0.1", "strip_media")
    await rule(runtime, "domain", "127.0.0.1", "unlist")
    number = await rule(runtime, "mentions", "0", "limit")
    await rule(runtime, "mentions", "0", "drop")  # behind one that ended it
    picture = {"type": "Image", "mediaType": "image/png", "url": "https://far.example/a.png"}
    await wave.send("bob", attachment=[picture])
    row = await runtime.db.fetchrow("SELECT id, visibility, account_id FROM statuses")
    assert row["visibility"] == "unlisted"
    assert await runtime.db.fetchval("SELECT count(*) FROM media_attachments") == 0
    bob = await accounts.get_account(runtime.db, row["account_id"])
    assert bob.silenced_at is not None
    [entry] = await audit_log.entry_page(runtime.db, Page(5), target_kind="account")
    assert (entry.action, entry.details) == ("silence", {"inbound_rule": number})


async def test_an_edit_is_no_way_round(wave: Wave, runtime: Runtime, anna: Api) -> None:
    await rule(runtime, "keyword", "crypto")
    uri = await wave.send("bob")
    note = wave.home.note(
        f"{wave.home.origin}/users/bob",
        uri.rpartition("/")[2],
        "<p>crypto</p>",
        updated=days_ago(0),
    )
    update = activity("Update", note["attributedTo"], note)
    assert (await deliver(wave.client, wave.home, update)).status_code == 202
    await run_jobs(runtime)
    [told] = await anna.get("/api/v1/notifications")
    assert told["status"]["content"] == "<p>hello</p>"


async def test_who_is_followed_or_was_named_is_no_stranger(wave: Wave, runtime: Runtime) -> None:
    await rule(runtime, "mentions", "0")
    anna = await accounts.find_by_handle(runtime.db, "anna", None)
    assert anna
    await wave.send("bob")
    await wave.send("carl")
    people = {
        a.username: a
        for a in await accounts.list_by_uris(
            runtime.db, [f"{wave.home.origin}/users/{name}" for name in ("bob", "carl")]
        )
    }
    await follows.insert_follow(runtime.db, anna.id, people["bob"].id, None)
    await make_status(runtime, anna, f"hello @carl@{wave.home.domain}")
    kept = [await wave.send("bob"), await wave.send("carl")]
    assert await wave.kept() == kept


async def test_rules_cost_a_fixed_few_queries(wave: Wave, runtime: Runtime) -> None:
    await wave.send("bob")

    async def cost(text: str) -> int:
        with count_queries() as queries:
            await wave.send("bob", text)
        return len(queries)

    without = await cost("<p>first of these words of mine</p>")
    await rule(runtime, "keyword", "nothing of the kind", "hold")
    assert await cost("<p>second of these words of mine</p>") == without + 2
    for condition in ("mentions", "young", "old", "repeated"):
        await rule(runtime, condition, "50", "hold")
    assert await cost("<p>third of these words of mine</p>") == without + 2


async def test_a_dry_run_tells_what_rules_would_have_hit(wave: Wave, runtime: Runtime) -> None:
    wave.home.actor("young", published=days_ago(2))
    await wave.send("young", LINK)
    await wave.send("young", LINK)
    await wave.send("many", "<p>Earn a lot of money from home</p>", also=4)
    await wave.send("more", "<p>Earn a lot of money from home</p>")
    before = await runtime.db.fetchval("SELECT count(*) FROM stranger_prints")
    expected = {
        ("mentions", "3"): ["many"],
        ("young", "30"): ["young"],
        ("repeated", "2"): ["more"],
        ("keyword", "money"): ["many", "more"],
        ("old", "1"): [],
    }
    for (condition, value), names in expected.items():
        one = actions.checked_rule(condition, value, "drop")
        hits = [hit async for hit in actions.find_hits(runtime, [one])]
        assert [hit.acct.partition("@")[0] for hit in hits] == names
    assert await runtime.db.fetchval("SELECT count(*) FROM stranger_prints") == before
    await runtime.db.execute("UPDATE received SET received_at = now() - interval '8 days'")
    one = actions.checked_rule("mentions", "0", "drop")
    assert [hit async for hit in actions.find_hits(runtime, [one])] == []


@pytest.mark.parametrize(
    "words",
    [
        ("weather", "1", "drop"),
        ("mentions", "many", "drop"),
        ("mentions", "-1", "drop"),
        ("mentions", "1", "kill"),
        ("keyword", "  ", "drop"),
        ("domain", "no domain", "drop"),
    ],
)
async def test_wrong_rules_are_refused(runtime: Runtime, words: tuple[str, str, str]) -> None:
    await make_member(runtime)
    with pytest.raises(Invalid):
        await actions.add_rule(runtime, None, *words)
    assert await inbound_rules.list_rules(runtime.db) == []
