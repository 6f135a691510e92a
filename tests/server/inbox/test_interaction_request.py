"""Who may answer, favourite and boost, between servers (GoToSocial's interaction controls)."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from federation.documents.audience import PUBLIC
from server.remote.actors import find_or_fetch_account
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store import follows, statuses
from server.store.accounts import Account
from tests.makers import Api, make_status, outgoing, run_jobs, take
from tests.neighbour import Neighbour, neighbour
from tests.server.inbox.test_quote_request import last_answer, owner, person

ACTIVITY = {"Accept": "application/activity+json"}
ON_REQUEST = {"automatic": [], "manual": ["public"]}
FOLLOWERS = {"automatic": ["followers"], "manual": []}
MANUAL = {"manualApproval": PUBLIC}


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as served:
        yield served


async def asked_about(
    runtime: Runtime, home: Neighbour, rule: dict[str, list[str]], kind: str = "reply"
) -> tuple[Account, int, str]:
    """Bob elsewhere, a post of Anna's with a rule, and its id."""
    author = await owner(runtime, "anna")
    original = await make_status(runtime, author, interaction_policy={kind: rule})
    return await person(runtime, home), original, runtime.addresses.status_uri(original)


async def test_who_may_answer_gets_a_stamp(
    runtime: Runtime, home: Neighbour, anna: Api, client: httpx.AsyncClient
) -> None:
    bob, original, uri = await asked_about(runtime, home, FOLLOWERS)
    note = (await client.get(uri, headers=ACTIVITY)).json()
    author = note["attributedTo"]
    can_reply = {"automaticApproval": [author, f"{author}/followers"]}
    assert note["interactionPolicy"]["canReply"] == can_reply
    answer = home.note(bob.uri, "1", inReplyTo=uri)
    await take(runtime, "ReplyRequest", bob, uri, instrument=answer)
    assert (await last_answer(runtime))["type"] == "Reject"
    assert await statuses.find_by_uri(runtime.db, answer["id"]) is None
    await follows.insert_follow(runtime.db, bob.id, int(author.rpartition("/")[2]), None)
    second = home.note(bob.uri, "2", inReplyTo=uri)
    await take(runtime, "ReplyRequest", bob, uri, instrument=second)
    accept = await last_answer(runtime)
    assert (accept["type"], accept["object"]["instrument"]) == ("Accept", second["id"])
    stamp = (await client.get(accept["result"], headers=ACTIVITY)).json()
    assert (stamp["type"], stamp["interactingObject"], stamp["interactionTarget"]) == (
        "ReplyAuthorization",
        second["id"],
        uri,
    )
    shown = await anna.get(f"/api/v1/statuses/{original}/context")
    assert [(one["uri"], one["visibility"]) for one in shown["descendants"]] == [
        (second["id"], "public")
    ]


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("is_yes", [True, False])
async def test_an_author_is_asked(
    runtime: Runtime,
    home: Neighbour,
    anna: Api,
    ben: Api,
    stranger: Api,
    *,
    asks: bool,
    is_yes: bool,
) -> None:
    bob, original, uri = await asked_about(runtime, home, ON_REQUEST)
    answer = home.note(bob.uri, "1", inReplyTo=uri)
    if asks:
        await take(runtime, "ReplyRequest", bob, uri, instrument=answer)
    else:
        await take(runtime, "Create", bob, answer, to=[PUBLIC])
    assert await outgoing(runtime) == []
    context = f"/api/v1/statuses/{original}/context"
    assert (await stranger.get(context))["descendants"] == []
    assert await ben.get("/api/v1/interaction_requests") == []
    [request] = await anna.get("/api/v1/interaction_requests")
    assert (request["type"], request["reply"]["uri"], request["status"]["id"]) == (
        "reply",
        answer["id"],
        str(original),
    )
    [told] = await anna.get("/api/v1/notifications")
    assert (told["type"], told["status"]["uri"]) == ("pending.reply", answer["id"])
    path = f"/api/v1/interaction_requests/{request['id']}"
    verb = "authorize" if is_yes else "reject"
    assert (await ben("POST", f"{path}/{verb}")).status_code == 404
    answered = await anna.post(f"{path}/{verb}")
    assert answered["accepted_at" if is_yes else "rejected_at"]
    await run_jobs(runtime)
    told = await last_answer(runtime)
    assert told["type"] == ("Accept" if is_yes else "Reject")
    inner = told["object"]["instrument"] if asks else told["object"]
    assert inner == answer["id"]
    shown = [one["uri"] for one in (await stranger.get(context))["descendants"]]
    assert shown == ([answer["id"]] if is_yes else [])
    assert await anna.get("/api/v1/interaction_requests") == []
    assert await anna.get("/api/v1/notifications", **{"types[]": "pending.reply"}) == []
    count = (await anna.get(f"/api/v1/statuses/{original}"))["replies_count"]
    assert count == (1 if is_yes else 0)
    # What comes again afterwards changes nothing.
    await take(runtime, "Create", bob, answer, id=f"{answer['id']}/again", to=[PUBLIC])
    shown = [one["uri"] for one in (await stranger.get(context))["descendants"]]
    assert shown == ([answer["id"]] if is_yes else [])


@pytest.mark.parametrize(
    ("kind", "activity", "count"),
    [("like", "Like", "favourites_count"), ("announce", "Announce", "reblogs_count")],
)
async def test_favourites_and_boosts_wait_as_well(
    runtime: Runtime, home: Neighbour, anna: Api, kind: str, activity: str, count: str
) -> None:
    bob, original, uri = await asked_about(runtime, home, ON_REQUEST, kind)
    await take(runtime, activity, bob, uri, to=[PUBLIC], cc=[f"{bob.uri}/followers"])
    [told] = await anna.get("/api/v1/notifications")
    kind = "favourite" if kind == "like" else "reblog"
    assert (told["type"], told["status"]["id"]) == (f"pending.{kind}", str(original))
    assert await anna.get(f"/api/v1/statuses/{original}/reblogged_by") == []
    assert (await anna.get(f"/api/v1/statuses/{original}"))[count] == 0
    [request] = await anna.get("/api/v1/interaction_requests")
    await anna.post(f"/api/v1/interaction_requests/{request['id']}/authorize")
    await run_jobs(runtime)
    assert (await anna.get(f"/api/v1/statuses/{original}"))[count] == 1
    [told] = await anna.get("/api/v1/notifications")
    assert told["type"] == kind
    assert (await last_answer(runtime))["result"].startswith(runtime.settings.origin)


async def remote_post(runtime: Runtime, home: Neighbour, name: str) -> tuple[Account, int, str]:
    bob = await person(runtime, home)
    note = home.note(bob.uri, "1", interactionPolicy={name: MANUAL})
    return bob, (await find_or_fetch_status(runtime, note["id"])).id, note["id"]


def stamp(
    home: Neighbour, kind: str, author: str, thing: str, target: str, number: str = "1"
) -> str:
    uri = f"{home.origin}/stamps/{number}"
    home.documents[f"/stamps/{number}"] = {
        "id": uri,
        "type": kind,
        "attributedTo": author,
        "interactingObject": thing,
        "interactionTarget": target,
    }
    return uri


async def test_a_member_s_answer_waits_for_an_author_elsewhere(
    runtime: Runtime, home: Neighbour, anna: Api, stranger: Api
) -> None:
    bob, status_id, uri = await remote_post(runtime, home, "canReply")
    made = await anna.post("/api/v1/statuses", status="yes", in_reply_to_id=str(status_id))
    await run_jobs(runtime)
    [request] = await outgoing(runtime)
    assert (request["type"], request["object"]) == ("ReplyRequest", uri)
    assert PUBLIC in request["instrument"]["to"]
    path = f"/api/v1/statuses/{made['id']}"
    assert (await stranger("GET", path)).status_code == 404
    result = stamp(home, "LikeAuthorization", bob.uri, made["uri"], uri)
    await take(runtime, "Accept", bob, request["id"], result=result)
    assert (await stranger("GET", path)).status_code == 404
    stamp(home, "ReplyAuthorization", bob.uri, made["uri"], uri)
    eve = await find_or_fetch_account(runtime, home.actor("eve"))
    await take(runtime, "Accept", eve, request["id"], result=result)
    assert (await stranger("GET", path)).status_code == 404
    await take(runtime, "Accept", bob, {"type": "ReplyRequest", "id": request["id"]}, result=result)
    assert (await stranger.get(path))["visibility"] == "public"
    create = (await outgoing(runtime))[-1]
    assert (create["type"], create["object"]["replyAuthorization"]) == ("Create", result)


@pytest.mark.parametrize("is_yes", [True, False])
async def test_a_member_s_favourite_and_boost_wait_too(
    runtime: Runtime, home: Neighbour, anna: Api, *, is_yes: bool
) -> None:
    bob = await person(runtime, home)
    policy = {"canLike": MANUAL, "canAnnounce": MANUAL, "canReply": {"always": bob.uri}}
    note = home.note(bob.uri, "1", interactionPolicy=policy)
    path = f"/api/v1/statuses/{(await find_or_fetch_status(runtime, note['id'])).id}"
    await anna.post(f"{path}/favourite")
    await anna.post(f"{path}/reblog")
    await run_jobs(runtime)
    body = {"status": "no", "in_reply_to_id": path.rpartition("/")[2]}
    assert (await anna("POST", "/api/v1/statuses", json=body)).status_code == 403
    requests: list[dict[str, Any]] = await outgoing(runtime)
    assert [one["type"] for one in requests] == ["LikeRequest", "AnnounceRequest"]
    for one in requests:
        thing = one["instrument"]["id"]
        kind = one["type"].replace("Request", "Authorization")
        uri = stamp(home, kind, bob.uri, thing, note["id"])
        more = {"result": uri} if is_yes else {}
        await take(runtime, "Accept" if is_yes else "Reject", bob, thing, **more)
    shown = await anna.get(path)
    assert (shown["favourited"], shown["reblogged"]) == (is_yes, is_yes)
    sent = (await outgoing(runtime))[2:]
    if is_yes:
        assert [one["approvedBy"] for one in sent] == [f"{home.origin}/stamps/1"] * 2
        assert [one["type"] for one in sent] == ["Like", "Announce"]
    else:
        assert sent == []


async def test_an_answer_by_a_third_needs_the_author_s_stamp(
    runtime: Runtime, home: Neighbour
) -> None:
    bob, _, uri = await remote_post(runtime, home, "canReply")
    with neighbour() as away:
        carol = await find_or_fetch_account(runtime, away.actor("carol"))
        answer = away.note(carol.uri, "2", inReplyTo=uri)
        await take(runtime, "Create", carol, answer, to=[PUBLIC])
        assert await statuses.find_by_uri(runtime.db, answer["id"]) is None
        answer["replyAuthorization"] = stamp(home, "ReplyAuthorization", bob.uri, answer["id"], uri)
        await take(runtime, "Create", carol, answer, id=f"{answer['id']}/2", to=[PUBLIC])
        assert await statuses.find_by_uri(runtime.db, answer["id"]) is not None


@pytest.mark.parametrize("way", ["Delete", "Reject"])
async def test_consent_that_is_taken_back_from_a_member(
    runtime: Runtime, home: Neighbour, anna: Api, stranger: Api, way: str
) -> None:
    bob, eve = await person(runtime, home), await find_or_fetch_account(runtime, home.actor("eve"))
    policy = {"canLike": MANUAL, "canAnnounce": MANUAL, "canReply": MANUAL}
    note = home.note(bob.uri, "1", interactionPolicy=policy)
    path = f"/api/v1/statuses/{(await find_or_fetch_status(runtime, note['id'])).id}"
    await anna.post(f"{path}/favourite")
    await anna.post(f"{path}/reblog")
    body = {"status": "yes", "in_reply_to_id": path.rpartition("/")[2]}
    answer = await anna.post("/api/v1/statuses", **body)
    await run_jobs(runtime)
    granted: list[tuple[str, str]] = []
    for one in await outgoing(runtime):
        thing, kind = one["instrument"]["id"], one["type"].replace("Request", "Authorization")
        uri = stamp(home, kind, bob.uri, thing, note["id"], f"{len(granted)}")
        await take(runtime, "Accept", bob, thing, result=uri)
        granted.append((uri, thing))

    async def shown() -> tuple[bool, bool, bool]:
        seen = await anna.get(path)
        found = await stranger("GET", f"/api/v1/statuses/{answer['id']}")
        return seen["favourited"], seen["reblogged"], found.status_code == 200

    assert await shown() == (True, True, True)
    for sender in (eve, bob):
        for uri, thing in granted:
            await take(runtime, way, sender, uri if way == "Delete" else thing)
        is_still = sender is eve
        assert await shown() == (is_still, is_still, is_still)
    seen = await anna.get(f"/api/v1/statuses/{answer['id']}")
    assert seen["visibility"] == "direct"  # for the two alone


async def test_consent_that_is_taken_back_from_a_third(
    runtime: Runtime, home: Neighbour, anna: Api
) -> None:
    bob, status_id, uri = await remote_post(runtime, home, "canReply")
    with neighbour() as away:
        carol = await find_or_fetch_account(runtime, away.actor("carol"))
        answer = away.note(carol.uri, "2", inReplyTo=uri)
        given = stamp(home, "ReplyAuthorization", bob.uri, answer["id"], uri)
        answer["replyAuthorization"] = given
        await take(runtime, "Create", carol, answer, to=[PUBLIC])
        assert await statuses.find_by_uri(runtime.db, answer["id"])
        await take(runtime, "Delete", carol, given)  # it is bob's
        assert await statuses.find_by_uri(runtime.db, answer["id"])
        await take(runtime, "Delete", bob, given)
        assert await statuses.find_by_uri(runtime.db, answer["id"]) is None
        assert (await anna.get(f"/api/v1/statuses/{status_id}"))["replies_count"] == 0
        # The stamp still stands there, but it was taken back.
        again = {"id": f"{answer['id']}/again", "to": [PUBLIC]}
        await take(runtime, "Create", carol, {**answer, "id": f"{answer['id']}0"}, **again)
        assert await statuses.find_by_uri(runtime.db, f"{answer['id']}0") is None
