"""Who sees what, at every exit: viewers × audiences × exits."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from server.fanout import statuses as fanout
from server.fanout.email import mail_missed
from server.fanout.notifications import notify
from server.runtime import Runtime
from server.store import email_subscriptions, status_audiences
from tests.mail_server import mail_server
from tests.makers import Api, make_member, make_status, make_token, run_jobs
from tests.push_service import Phone, push_service
from tests.security import exits
from tests.security.exits import SEES, VIEWERS

WHISPERS = {"direct", "limited"}


@pytest.fixture
async def people(runtime: Runtime, client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = {"stranger": Api(client)}
    for name in VIEWERS[1:]:
        role = {"role": "moderator"} if name == "watcher" else {}
        account = await make_member(runtime, name.replace("-", "_"), **role)
        found[name] = Api(client, await make_token(runtime, account))
        found[f"{name} account"] = account
    author = found["author account"].id
    for name in ("follower", "former", "blocked"):
        await found[name].post(f"/api/v1/accounts/{author}/follow")
    await found["former"].post(f"/api/v1/accounts/{author}/unfollow")
    blocked = found["blocked account"].id
    await found["author"].post(f"/api/v1/accounts/{blocked}/block")
    form = {"locked": True, "indexable": True}
    await found["author"]("PATCH", "/api/v1/accounts/update_credentials", json=form)
    await found["pending"].post(f"/api/v1/accounts/{author}/follow")
    return found


def audience_form(audience: str) -> dict[str, Any]:
    """What of a draft makes a post for that audience."""
    if audience == "local only":
        return {"visibility": "public", "local_only": True}
    return {"visibility": audience}


async def publish(
    people: dict[str, Any], runtime: Runtime, text: str, audience: str, **more: Any
) -> int:
    """A post of the author's; a limited one names nobody, and one follower alone gets it."""
    author = people["author account"]
    if audience != "limited":
        return await make_status(runtime, author, text, **audience_form(audience), **more)
    text = re.sub(r"@\w+ ?", "", text)
    status = await make_status(runtime, author, text, visibility="direct", **more)
    uri, reader = runtime.addresses.status_uri(status), people["follower account"].id
    async with runtime.transaction() as tx:
        await status_audiences.show_limited(tx.db, uri, author.id, reader)
        await fanout.show_to_reader(tx, status, reader)
    return status


async def make_trending(runtime: Runtime, status_id: int) -> None:
    """Let a post trend and have a link that trends, and its author wish to be found."""
    await runtime.db.execute("UPDATE accounts SET discoverable = true")
    await runtime.db.execute(
        """
        WITH card AS (
            INSERT INTO cards (url, page_url, title, is_usable, tried_at)
            SELECT url, url, 'x', true, now() FROM (VALUES ('https://trends.example/')) t (url)
            RETURNING id),
        trend AS (INSERT INTO link_trends SELECT id, 1, '[]' FROM card),
        posts AS (INSERT INTO status_trends (status_id, score) VALUES ($1, 1))
        INSERT INTO status_cards (status_id, card_id, url, told)
        SELECT $1, id, 'https://trends.example/', true FROM card
        """,
        status_id,
    )


@pytest.mark.parametrize("audience", list(SEES))
async def test_every_exit(people: dict[str, Any], runtime: Runtime, audience: str) -> None:
    author = people["author account"]
    text = "@mentioned whispers: #secret"
    status = await publish(people, runtime, text, audience)
    await make_trending(runtime, status)
    await people["author"]("POST", f"/api/v1/statuses/{status}/pin")  # of a direct one: refused
    wrong = []
    for viewer in VIEWERS:
        api, sees = people[viewer], viewer in SEES[audience]
        is_near = viewer in {"mentioned", "author"}
        is_public = audience in {"public", "local only"}
        is_found = sees and viewer != "stranger" and (is_near or is_public)
        # Searched first: by acting on a post one makes it one's own to find.
        expected = dict.fromkeys(exits.SEARCHING, is_found) | dict.fromkeys(exits.SHOWING, sees)
        if viewer != "stranger":
            expected |= dict.fromkeys(exits.ACTING, sees)
            # What is for few is quoted by its author alone, what is for those named by nobody.
            is_few = audience in {"private", "direct", "limited"}
            is_own = viewer == "author" and audience == "private"
            expected["quote"] = sees and (not is_few or is_own)
        expected |= dict.fromkeys(exits.PUBLIC_ALONE, sees and is_public)
        expected |= dict.fromkeys(exits.PINNED, sees and audience not in WHISPERS)
        expected |= dict.fromkeys(exits.TRENDING, sees and audience == "public")
        # The name of a hashtag tells nothing of a post that everybody may read.
        expected |= dict.fromkeys(
            exits.NAMING,
            audience == "public"
            or viewer == "author"
            or (audience == "local only" and viewer != "stranger"),
        )
        if viewer == "stranger":
            expected |= {name: audience in {"public", "unlisted"} for name in exits.ANYBODY}
            expected |= dict.fromkeys(exits.FRONT, audience == "public")
        for name, is_expected in expected.items():
            if await exits.ALL[name](api, str(status), str(author.id)) != is_expected:
                wrong.append((viewer, audience, name, "hidden" if is_expected else "shown"))
    assert wrong == []


@pytest.mark.parametrize("audience", list(SEES))
async def test_homes_and_notifications(
    people: dict[str, Any], runtime: Runtime, audience: str
) -> None:
    status = str(await publish(people, runtime, "@mentioned @blocked #secret", audience))
    for viewer in VIEWERS[1:]:
        home = [s["id"] for s in await people[viewer].get("/api/v1/timelines/home")]
        is_reader = viewer in {"follower", "author"} and viewer in SEES[audience]
        assert (status in home) == is_reader, viewer
        # An unasked private word waits in a request: it is there, if one looks for it.
        rows = await people[viewer].get("/api/v1/notifications", include_filtered=True)
        told = [n["type"] for n in rows]
        assert ("mention" in told) == (viewer == "mentioned" and audience != "limited"), viewer


@pytest.mark.parametrize("audience", list(SEES))
async def test_counts_are_for_everybody(
    people: dict[str, Any], runtime: Runtime, audience: str
) -> None:
    """A number that all see tells nothing of an answer or a post that only some may read."""
    author, stranger = people["author account"], people["stranger"]
    root = await make_status(runtime, people["signed-in account"], "a question")
    answer = await publish(people, runtime, "@signed_in hello", audience, in_reply_to_id=root)
    profile = await stranger.get(f"/api/v1/accounts/{author.id}")
    assert profile["statuses_count"] == (audience not in WHISPERS)
    assert (profile["last_status_at"] is None) == (audience in WHISPERS)
    is_open = audience not in {"private", *WHISPERS}
    assert (await stranger.get(f"/api/v1/statuses/{root}"))["replies_count"] == is_open
    await people["author"]("DELETE", f"/api/v1/statuses/{answer}")
    assert (await stranger.get(f"/api/v1/accounts/{author.id}"))["statuses_count"] == 0
    assert (await stranger.get(f"/api/v1/statuses/{root}"))["replies_count"] == 0


async def test_a_suspended_author_vanishes_with_boosts_and_comes_back(
    people: dict[str, Any], runtime: Runtime
) -> None:
    from server.store.local_accounts import set_suspended

    author = people["author account"]
    status = await make_status(runtime, author, "hello")
    boost = await people["follower"].post(f"/api/v1/statuses/{status}/reblog")
    await run_jobs(runtime)
    for is_suspended in (True, False):
        await set_suspended(runtime.db, author.id, is_suspended=is_suspended)
        for found_id in (status, boost["id"]):
            answer = await people["signed-in"]("GET", f"/api/v1/statuses/{found_id}")
            assert (answer.status_code == 404) == is_suspended
        home = await people["follower"].get("/api/v1/timelines/home")
        assert (home == []) == is_suspended
        profile = await people["stranger"]("GET", "/@author")
        assert (profile.status_code == 404) == is_suspended


async def test_what_one_kept_is_hidden_when_it_is_one_s_to_see_no_more(
    people: dict[str, Any], runtime: Runtime
) -> None:
    author, follower = people["author account"], people["follower"]
    reader = people["follower account"]
    made = await follower.post("/api/v1/lists", title="Readers")
    await follower.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[str(author.id)])
    status = await make_status(runtime, author, "hello #secret", visibility="private")
    for act in ("favourite", "bookmark"):
        await follower.post(f"/api/v1/statuses/{status}/{act}")
    whispered = await make_status(runtime, author, "@follower psst", visibility="direct")
    paths = [path.format(made["id"]) for path in exits.KEPT]
    for path in paths:
        assert len(await follower.get(path)) >= 1, path
    [conversation] = await follower.get("/api/v1/conversations")
    told = next(n for n in await follower.get("/api/v1/notifications") if n.get("status"))
    names = {
        "conversation": conversation["id"],
        "notification": told["id"],
        "group": told["group_key"],
    }
    calls = [("GET", path) for path in paths]
    calls += [(method, path.format(**names)) for method, path in exits.ONE]
    for method, path in calls:
        assert re.search("hello|psst", (await follower(method, path)).text), path
    await people["author"].post(f"/api/v1/accounts/{reader.id}/block")
    for method, path in calls:
        assert not re.search("hello|psst", (await follower(method, path)).text), path
    for text in ("hello", "psst", "from:author", "in:library"):
        found = await follower.get("/api/v2/search", q=text, type="statuses")
        assert found["statuses"] == [], text
    for hidden in (status, whispered):
        for act in exits.LOST:
            answer = await follower("POST", f"/api/v1/statuses/{hidden}/{act}")
            assert answer.status_code == 404, act
        answer = await follower(
            "POST", "/api/v1/statuses", json={"status": "x", "in_reply_to_id": str(hidden)}
        )
        assert answer.status_code == 404


async def test_what_waits_is_hidden_when_it_is_one_s_to_see_no_more(
    people: dict[str, Any], runtime: Runtime
) -> None:
    author, reader = people["author account"], people["mentioned"]
    await make_status(runtime, author, "@mentioned psst", visibility="direct")
    [request] = await reader.get("/api/v1/notifications/requests")
    paths = [path.format(request["id"]) for path in exits.WAITING]
    for path in paths:
        assert "psst" in (await reader("GET", path)).text
    blocked = people["mentioned account"].id
    await people["author"].post(f"/api/v1/accounts/{blocked}/block")
    for path in paths:
        assert "psst" not in (await reader("GET", path)).text, path


@pytest.mark.parametrize("viewer", [v for v in VIEWERS if v not in {"stranger", "author"}])
async def test_nobody_but_the_author_changes_a_post(
    people: dict[str, Any], runtime: Runtime, viewer: str
) -> None:
    status = await make_status(runtime, people["author account"], "@mentioned mine")
    path, body = f"/api/v1/statuses/{status}", {"status": "theirs"}
    for method, end in exits.OWN:
        answer = await people[viewer](method, path + end, json=body)
        assert answer.status_code in {403, 404, 422}, (method, end)
    assert "mine" in (await people["author"].get(path))["content"]


@pytest.mark.parametrize("audience", list(SEES))
async def test_what_is_pushed_and_mailed(
    people: dict[str, Any], runtime: Runtime, audience: str
) -> None:
    """Even to somebody who was told by mistake, nothing leaves that is not theirs to see."""
    author, readers = people["author account"], [v for v in VIEWERS[1:] if v != "author"]
    with push_service() as service, mail_server() as post:
        for reader in readers:
            form = Phone().form(f"{service.origin}/{reader}", "mention")
            await people[reader].post("/api/v1/push/subscription", **form)
            policy = {"for_private_mentions": "accept"}
            await people[reader]("PATCH", "/api/v2/notifications/policy", json=policy)
        status = await publish(people, runtime, "@mentioned #secret", audience)
        async with runtime.transaction() as tx:
            told = [people[f"{reader} account"].id for reader in readers]
            await notify(tx, "mention", told, author.id, status)
        await run_jobs(runtime)
        expected = SEES[audience] & set(readers)
        assert {pushed.path.strip("/") for pushed in service.pushed} == expected

        await runtime.db.execute("DELETE FROM push_subscriptions")
        await runtime.db.execute("UPDATE tokens SET last_used_at = NULL")
        await runtime.db.execute("UPDATE notifications SET id = id - (300000::bigint << 11)")
        settings = replace(runtime.settings, smtp_url=post.url, smtp_from="us@example.org")
        mailing = replace(runtime, settings=settings)
        await mail_missed(mailing)
        await run_jobs(mailing)
        names = {to.partition("@")[0].replace("_", "-") for to in post.receivers}
        assert names - {"author"} == expected  # who got a follow request
        to_strangers = await email_subscriptions.list_posts(runtime.db, author.id, 0, 20)
        assert (status in to_strangers) == (audience == "public")


@pytest.mark.parametrize("audience", list(SEES))
async def test_moderators_alone_see_what_was_reported(
    people: dict[str, Any], runtime: Runtime, audience: str
) -> None:
    author = people["author account"]
    status = await publish(people, runtime, "@mentioned secret", audience)
    form = {"account_id": str(author.id), "status_ids": [str(status)]}
    reader = "follower" if audience == "limited" else "mentioned"
    report = await people[reader].post("/api/v1/reports", **form)
    watcher = people["watcher account"]
    team = Api(people["watcher"]._client, await make_token(runtime, watcher, "admin:read read"))
    shown = await team.get(f"/api/v1/admin/reports/{report['id']}")
    assert [s["id"] for s in shown["statuses"]] == [str(status)]
    for viewer in set(VIEWERS) - {"watcher", "stranger"}:
        token = await make_token(runtime, people[f"{viewer} account"], "admin:read read")
        for method, path in exits.TEAM:
            answer = await Api(team._client, token)(method, path.format(report["id"], status))
            assert answer.status_code in {302, 403}, (viewer, path)
            assert "secret" not in answer.text


def test_every_address_that_may_show_posts_is_an_exit_here() -> None:
    found = exits.may_show_posts()
    assert found - exits.joined - set(exits.HARMLESS) == set()
    assert set(exits.HARMLESS) <= found - exits.joined
