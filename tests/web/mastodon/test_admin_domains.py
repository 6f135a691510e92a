"""Moderators decide about other servers; what they decide holds at every door."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from federation.documents.note import read_note
from federation.errors import RemoteError
from server.actions import domain_rules as actions
from server.errors import Invalid
from server.remote.actors import fetch_account
from server.remote.statuses import store_note
from server.runtime import Runtime, open_runtime
from server.settings import Settings
from server.store import accounts, audit_log, follows
from server.store.domain_rules import DomainRules, NewRule
from server.store.pages import Page
from tests.makers import Api, make_member, make_remote, make_status, make_token, run_jobs, served
from tests.neighbour import Neighbour, activity, deliver, neighbour

PATH = "/api/v1/admin/domain_blocks"
SCOPES = "read write admin:read admin:write"


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


@pytest.fixture
async def olga(runtime: Runtime, client: httpx.AsyncClient) -> Api:
    owner = await make_member(runtime, "olga", role="owner")
    return Api(client, await make_token(runtime, owner, SCOPES))


async def test_rules_are_made_changed_and_taken_back(olga: Api, runtime: Runtime) -> None:
    made = await olga.post(PATH, domain="Bad.Example", severity="suspend", public_comment="spam")
    assert (made["domain"], made["severity"], made["reject_media"]) == (
        "bad.example",
        "suspend",
        False,
    )
    again = await olga("POST", PATH, json={"domain": "sub.bad.example", "severity": "silence"})
    assert again.status_code == 422
    assert again.json()["existing_domain_block"]["id"] == made["id"]
    assert again.json()["error"] == "You have already imposed stricter limits on bad.example."
    changed = await olga("PUT", f"{PATH}/{made['id']}", json={"severity": "silence"})
    assert changed.json() | {"severity": "suspend"} == made
    assert await olga.get(f"{PATH}/{made['id']}") == changed.json()
    for wrong in ({"domain": "not a domain"}, {}, {"domain": "a.example", "severity": "kill"}):
        answer = await olga("POST", PATH, json=wrong)
        assert answer.status_code == 422
    assert answer.json() == {"error": "Validation failed: Severity is not included in the list"}
    assert [rule["id"] for rule in await olga.get(PATH)] == [made["id"]]
    assert (await olga("DELETE", f"{PATH}/{made['id']}")).status_code == 200
    assert (await olga("GET", f"{PATH}/{made['id']}")).status_code == 404
    acts = await audit_log.entry_page(runtime.db, Page(10), target_kind="domain_block")
    assert [act.action for act in acts] == ["destroy", "update", "create"]


async def test_only_who_may(
    client: httpx.AsyncClient, runtime: Runtime, olga: Api, anna: Api, stranger: Api
) -> None:
    member = await make_member(runtime, "mo", role="moderator")  # may not manage federation
    moderator = Api(client, await make_token(runtime, member, SCOPES))
    for path in (PATH, "/api/v1/admin/domain_allows"):
        assert (await stranger("GET", path)).status_code == 403
        assert (await anna("GET", path)).status_code == 403
        assert (await moderator("GET", path)).status_code == 403
        assert (await olga("GET", path)).status_code == 200


@pytest.mark.parametrize(
    ("above", "below", "status"),
    [
        ({"severity": "silence"}, {"severity": "suspend"}, 200),
        ({"severity": "suspend"}, {"severity": "suspend"}, 200),
        ({"severity": "silence"}, {"severity": "silence"}, 200),
        ({"severity": "suspend"}, {"severity": "silence"}, 422),
        ({"severity": "silence"}, {"severity": "noop"}, 422),
        ({"severity": "silence", "reject_media": True}, {"severity": "silence"}, 422),
        ({"severity": "silence", "reject_media": True}, {"severity": "suspend"}, 200),
    ],
)
async def test_a_rule_below_another_may_not_be_looser(
    olga: Api, above: dict[str, object], below: dict[str, object], status: int
) -> None:
    await olga.post(PATH, domain="bad.example", **above)
    answer = await olga("POST", PATH, json={"domain": "sub.bad.example", **below})
    assert answer.status_code == status


async def test_whom_one_rule_lets_go_another_may_hold(olga: Api, runtime: Runtime) -> None:
    low = await make_remote(runtime, domain="sub.bad.example")

    async def is_suspended() -> bool:
        return (await accounts.get_account(runtime.db, low.id)).suspended_at is not None

    one, other = [
        await olga.post(PATH, domain=domain, severity="suspend")
        for domain in ("bad.example", "sub.bad.example")
    ]
    await olga("DELETE", f"{PATH}/{one['id']}")
    assert await is_suspended(), "by the rule of the domain itself"
    one = await olga.post(PATH, domain="bad.example", severity="suspend")
    await olga("DELETE", f"{PATH}/{other['id']}")
    assert await is_suspended(), "by the rule above"
    await olga("DELETE", f"{PATH}/{one['id']}")
    assert not await is_suspended()


async def test_a_domain_is_allowed_once(olga: Api, runtime: Runtime) -> None:
    path = "/api/v1/admin/domain_allows"
    made = await olga.post(path, domain="good.example")
    assert await olga.post(path, domain="good.example") == made
    acts = await audit_log.entry_page(runtime.db, Page(10), target_kind="domain_allow")
    assert [act.action for act in acts] == ["create"]


async def test_a_suspended_domain_is_out_at_every_door(
    olga: Api, anna: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    bob = home.actor("bob")
    found = await anna.get("/api/v2/search", q=f"@bob@{home.domain}", resolve="true")
    account_id = int(found["accounts"][0]["id"])
    me = await accounts.find_by_handle(runtime.db, "anna", None)
    assert me
    await follows.insert_follow(runtime.db, me.id, account_id, None)
    await follows.insert_follow(runtime.db, account_id, me.id, None)
    made = await olga.post(PATH, domain=home.domain, severity="suspend")
    await run_jobs(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM follows") == 0
    notifications = await anna.get("/api/v1/notifications")
    assert notifications[0]["type"] == "severed_relationships"
    assert notifications[0]["event"]["type"] == "domain_block"
    follow = activity("Follow", bob, me.uri)
    asked = len(home.asked)
    assert (await deliver(client, home, follow)).status_code == 403
    assert len(home.asked) == asked
    await runtime.domain_rules.load(runtime.db)  # another process does so within ten seconds
    carl = home.actor("carl")
    search = await anna.get("/api/v2/search", q=carl, resolve="true")
    assert search["accounts"] == []
    await olga("DELETE", f"{PATH}/{made['id']}")
    await runtime.domain_rules.load(runtime.db)
    back = await accounts.get_account(runtime.db, account_id)
    assert back.suspended_at is None
    assert (await deliver(client, home, activity("Follow", bob, me.uri, n=2))).status_code == 202


async def test_who_was_suspended_before_stays_so(runtime: Runtime) -> None:
    from server.moderation.suspend import suspend_account

    one, two = [await make_remote(runtime, name, "sub.bad.example") for name in ("one", "two")]
    await suspend_account(runtime, one.id)
    rule = await actions.block(runtime, None, "bad.example", NewRule("suspend"))
    both = [await accounts.get_account(runtime.db, who.id) for who in (one, two)]
    assert all(account.suspended_at for account in both)
    await actions.unblock(runtime, None, rule.id)
    both = [await accounts.get_account(runtime.db, who.id) for who in (one, two)]
    assert [account.suspended_at is None for account in both] == [False, True]


async def test_a_silenced_domain_is_followed_but_not_shown_around(
    anna: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    await actions.block(runtime, None, home.domain, NewRule("silence", reject_media=True))
    picture = {"type": "Image", "mediaType": "image/png", "url": f"{home.origin}/p.png"}
    from server.remote.actors import fetch_account

    carl = await fetch_account(runtime, home.actor("carl", icon=picture))
    assert (carl.avatar_remote_url, carl.header_remote_url) == (None, None)
    assert (await accounts.get_account(runtime.db, carl.id)).silenced_at is not None
    from server.remote.statuses import find_or_fetch_status

    note = home.note(carl.uri, "1", attachment=[picture])
    status = await find_or_fetch_status(runtime, note["id"])
    assert (await anna.get(f"/api/v1/statuses/{status.id}"))["media_attachments"] == []
    assert await anna.get("/api/v1/timelines/public") == []


async def test_deliveries_to_a_suspended_domain_are_given_up(
    runtime: Runtime, home: Neighbour
) -> None:
    from tests.server.outbox.test_deliver import settle, waiting

    anna = await make_member(runtime)
    uri = home.actor("bob")
    bob = await make_remote(runtime, "bob", home.domain, uri=uri, inbox_url=f"{uri}/inbox")
    await follows.insert_follow(runtime.db, bob.id, anna.id, None)
    await make_status(runtime, anna)
    await runtime.domain_rules.load(runtime.db)
    await actions.block(runtime, None, home.domain, NewRule("suspend"))

    async def done() -> bool:
        return await waiting(runtime) == 0

    await settle(runtime, done)
    assert home.received == []


async def test_allow_list_mode(runtime: Runtime) -> None:
    rules = DomainRules(is_allow_list=True)
    await rules.load(runtime.db)
    assert rules.refuses("any.example")
    await actions.allow(runtime, None, "Good.example")
    await rules.load(runtime.db)
    assert not rules.refuses("good.example")
    assert not rules.refuses("sub.good.example:8443")
    assert rules.refuses("notgood.example")
    with pytest.raises(Invalid):
        await actions.allow(runtime, None, "no domain")


async def test_on_the_list_stand_the_handles_domain_and_its_host(runtime: Runtime) -> None:
    """As with Mastodon: who is @bob@town and lives on a host is met when both are allowed."""
    async with open_runtime(replace(runtime.settings, federation_mode="allow-list")) as strict:
        with neighbour() as host, neighbour() as town:
            uri = host.actor("bob")
            subject = f"acct:bob@{town.domain}"
            link = {"rel": "self", "type": "application/activity+json", "href": uri}
            jrd = {"subject": subject, "links": [link]}
            host.webfingers[f"acct:bob@{host.domain}"] = town.webfingers[subject] = jrd
            for domain in (host.domain, town.domain):
                with pytest.raises(RemoteError):
                    await fetch_account(strict, uri)
                await actions.allow(strict, None, domain)
            assert (await fetch_account(strict, uri)).acct == f"bob@{town.domain}"


async def test_members_see_what_is_blocked(
    runtime: Runtime, anna: Api, stranger: Api, settings: Settings
) -> None:
    path = "/api/v1/instance/domain_blocks"
    await actions.block(
        runtime, None, "hidden.example", NewRule("suspend", public_comment="why", obfuscate=True)
    )
    await actions.block(runtime, None, "quiet.example", NewRule("noop"))
    [shown] = await anna.get(path)
    assert (shown["domain"], shown["severity"], shown["comment"]) == (
        "hid***.****ple",
        "suspend",
        "why",
    )
    assert (await stranger("GET", path)).status_code == 404
    async with served(settings, domain_blocks_shown_to="all") as outside:
        [shown] = await outside.get(path)
        assert shown["comment"] == ""


async def test_strangers_of_a_silenced_domain_knock_and_followed_ones_are_heard(
    anna: Api, client: httpx.AsyncClient, runtime: Runtime, home: Neighbour
) -> None:
    me = await accounts.find_by_handle(runtime.db, "anna", None)
    assert me
    people = {}
    for name in ("bob", "carl"):
        uri = home.actor(name)
        domain = f"{name}.sub.loud.example"  # the rule is for what stands above
        people[name] = await make_remote(runtime, name, domain, uri=uri)
    await follows.insert_follow(runtime.db, me.id, people["carl"].id, None)
    await actions.block(runtime, None, "loud.example", NewRule("silence"))
    for name, account in people.items():
        tag = {"type": "Mention", "href": me.uri, "name": "@anna"}
        note = home.note(account.uri, "1", f"<p>{name}</p>", tag=[tag])
        await store_note(runtime, account, read_note(note), is_new=True)
    told = await anna.get("/api/v1/notifications")
    assert [one["account"]["username"] for one in told] == ["carl"]
    [request] = await anna.get("/api/v1/notifications/requests")
    assert request["account"]["username"] == "bob"
    assert await anna.get("/api/v1/timelines/public") == []
