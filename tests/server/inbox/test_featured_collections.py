"""Collections between servers: who may show whom, and who may say what of it."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from federation.documents.audience import PUBLIC
from federation.errors import Unreachable
from server.actions.block import block_account
from server.actions.collections import CollectionChange, create_collection
from server.errors import Forbidden
from server.outbox.statuses import load_notes
from server.remote.actors import fetch_account
from server.remote.featured_collections import link_collections_job, read_collections_job
from server.runtime import Runtime
from server.store import collections, follows
from server.store.accounts import Account
from server.store.collections import Collection
from server.store.status_views import get_status_view
from tests.makers import make_member, make_status, outgoing, run_jobs, take
from tests.neighbour import Neighbour, neighbour

ANYBODY = {"canFeature": {"automaticApproval": [PUBLIC]}}


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


@pytest.fixture
async def anna(runtime: Runtime) -> Account:
    member = await make_member(runtime, "anna")
    await runtime.db.execute("UPDATE accounts SET discoverable = true WHERE id = $1", member.id)
    return member


@pytest.fixture
async def bob(runtime: Runtime, home: Neighbour, anna: Account) -> Account:
    """Somebody with collections, whom a member follows."""
    uri = f"{home.origin}/users/bob"
    home.documents["/users/bob/featured_collections"] = {
        "id": f"{uri}/featured_collections",
        "type": "Collection",
        "items": [],
    }
    home.actor("bob", featuredCollections=f"{uri}/featured_collections")
    bob = await fetch_account(runtime, uri)
    await follows.insert_follow(runtime.db, anna.id, bob.id, None)
    return bob


def collection(home: Neighbour, owner: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    uri = f"{owner}/collections/1"
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": "FeaturedCollection",
        "attributedTo": owner,
        "name": "Gardeners",
        "summary": "green <script>alert(1)</script>",
        "sensitive": False,
        "discoverable": True,
        "topic": {"type": "Hashtag", "name": "#Soil", "href": f"{home.origin}/tags/soil"},
        "published": "2026-01-01T00:00:00Z",
        "updated": "2026-01-01T00:00:00Z",
        "orderedItems": list(items),
        **more,
    }
    home.documents[urlsplit(uri).path] = document
    return document


def item(owner: str, actor: str, stamp: str | None) -> dict[str, Any]:
    return {
        "id": f"{owner}/items/{actor.rpartition('/')[2]}",
        "type": "FeaturedItem",
        "featuredObject": actor,
        "featureAuthorization": stamp,
        "published": "2026-01-01T00:00:00Z",
    }


def stamp(home: Neighbour, actor: str, collection_uri: str, **more: Any) -> str:
    uri = f"{actor}/stamps/1"
    home.documents[urlsplit(uri).path] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": "FeatureAuthorization",
        "interactingObject": collection_uri,
        "interactionTarget": actor,
        **more,
    }
    return uri


async def shown(runtime: Runtime, owner: Account) -> list[Collection]:
    return await collections.list_of_account(runtime.db, owner.id, None, 10, 0)


async def add(runtime: Runtime, owner: Account, document: dict[str, Any]) -> str | None:
    return await take(runtime, "Add", owner, document, target=owner.collections_url)


async def test_a_collection_with_somebody_who_agrees(
    runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    rita = home.actor("rita")
    agreed = stamp(home, rita, f"{bob.uri}/collections/1")
    document = collection(home, bob.uri, item(bob.uri, rita, agreed))
    assert await add(runtime, bob, document) is None
    [found] = await shown(runtime, bob)
    assert (found.name, found.tag, found.uri) == ("Gardeners", "Soil", document["id"])
    assert "script" not in found.description
    [one] = found.items
    assert one.stamp_uri == agreed
    # Whoever is not there any more in the next version is not shown any more.
    later = {**document, "orderedItems": [], "updated": "2026-01-02T00:00:00Z"}
    await take(runtime, "Update", bob, later)
    assert (await shown(runtime, bob))[0].items == []
    await take(runtime, "Update", bob, {**document, "name": "older"})
    assert (await shown(runtime, bob))[0].name == "Gardeners"
    await take(runtime, "Remove", bob, document["id"], target=bob.collections_url)
    assert await shown(runtime, bob) == []
    assert "deleted" in str(await add(runtime, bob, document))  # overtaken by its Remove
    assert await shown(runtime, bob) == []


@pytest.mark.parametrize(
    "wrong", ["none", "another collection", "another's", "elsewhere", "member"]
)
async def test_nobody_is_shown_without_their_consent(
    runtime: Runtime, home: Neighbour, bob: Account, anna: Account, wrong: str
) -> None:
    rita, eve, uri = home.actor("rita"), home.actor("eve"), f"{bob.uri}/collections/1"
    with neighbour() as other:
        stamps: dict[str, Callable[[], str | None]] = {
            "none": lambda: None,
            "another collection": lambda: stamp(home, rita, f"{bob.uri}/collections/2"),
            "another's": lambda: stamp(home, eve, uri),
            "elsewhere": lambda: stamp(other, other.actor("rita"), uri, interactionTarget=rita),
            "member": lambda: runtime.addresses.feature_stamp(anna.id, 1),
        }
        actor = anna.uri if wrong == "member" else rita
        whole = item(bob.uri, actor, stamps[wrong]())
        await add(runtime, bob, collection(home, bob.uri, whole))
        await take(runtime, "Add", bob, whole, target=uri)
    assert (await shown(runtime, bob))[0].items == []


async def test_what_another_says_of_a_collection_changes_nothing(
    runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    rita = home.actor("rita")
    agreed = stamp(home, rita, f"{bob.uri}/collections/1")
    document = collection(home, bob.uri, item(bob.uri, rita, agreed))
    await add(runtime, bob, document)
    eve = await fetch_account(runtime, home.actor("eve"))
    before = await shown(runtime, bob)
    later = {**document, "name": "mine", "updated": "2026-01-02T00:00:00Z"}
    for kind, inner, target in (
        ("Update", later, None),
        ("Update", {**later, "attributedTo": eve.uri}, None),
        ("Add", {**later, "attributedTo": eve.uri}, bob.collections_url),
        ("Add", later, bob.collections_url),
        ("Remove", document["id"], bob.collections_url),
        ("Remove", document["id"], eve.collections_url),
        ("Remove", document["orderedItems"][0]["id"], document["id"]),
        ("Delete", document["id"], None),
        ("Delete", agreed, None),
    ):
        await take(runtime, kind, eve, inner, **({"target": target} if target else {}))
        assert await shown(runtime, bob) == before, (kind, inner)
    by_rita = await fetch_account(runtime, rita)
    await take(runtime, "Delete", by_rita, agreed)
    assert (await shown(runtime, bob))[0].items == []
    await take(runtime, "Add", bob, document["orderedItems"][0], target=document["id"])
    assert (await shown(runtime, bob))[0].items == []  # a consent that was taken back


async def test_a_member_is_asked_and_may_leave(
    runtime: Runtime, home: Neighbour, bob: Account, anna: Account
) -> None:
    document = collection(home, bob.uri)
    assert await take(runtime, "FeatureRequest", bob, anna.uri, instrument=document["id"]) is None
    [answer] = [a for a in await outgoing(runtime) if a["type"] in {"Accept", "Reject"}]
    assert (answer["type"], answer["to"]) == ("Accept", [bob.uri])
    [found] = await shown(runtime, bob)
    assert answer["result"] == runtime.addresses.feature_stamp(anna.id, found.items[0].id)
    told = await runtime.db.fetch("SELECT type FROM notifications WHERE account_id = $1", anna.id)
    assert [row["type"] for row in told] == ["added_to_collection"]
    placed = item(bob.uri, anna.uri, answer["result"])
    await take(runtime, "Add", bob, placed, target=document["id"])
    [kept] = (await shown(runtime, bob))[0].items
    assert (kept.id, kept.uri) == (found.items[0].id, placed["id"])


@pytest.mark.parametrize("why", ["hidden", "locked", "domain blocked", "another's"])
async def test_who_is_not_asked_is_not_put_in(
    runtime: Runtime, home: Neighbour, bob: Account, anna: Account, why: str
) -> None:
    owner = home.actor("eve") if why == "another's" else bob.uri
    column = {"hidden": "discoverable = false", "locked": "locked = true"}.get(why, "note = ''")
    await runtime.db.execute(f"UPDATE accounts SET {column} WHERE id = $1", anna.id)
    if why == "domain blocked":
        await runtime.db.execute(
            "INSERT INTO domain_blocks (account_id, domain) VALUES ($1, $2)", anna.id, home.domain
        )
    uri = collection(home, owner)["id"]
    error = await take(runtime, "FeatureRequest", bob, anna.uri, instrument=uri)
    answers = [a["type"] for a in await outgoing(runtime) if a["type"] in {"Accept", "Reject"}]
    assert answers == ([] if why == "another's" else ["Reject"])
    assert ("Untrusted" in str(error)) == (why == "another's")
    assert await runtime.db.fetchval("SELECT count(*) FROM collection_items") == 0


async def test_an_answer_counts_from_whom_was_asked_and_with_a_stamp_that_holds(
    runtime: Runtime, home: Neighbour, anna: Account
) -> None:
    rita = await fetch_account(runtime, home.actor("rita", interactionPolicy=ANYBODY))
    eve = await fetch_account(runtime, home.actor("eve", interactionPolicy=ANYBODY))
    made = await create_collection(runtime, anna.id, CollectionChange("Gardeners"), [rita.id])
    await run_jobs(runtime)
    [request] = [a for a in await outgoing(runtime) if a["type"] == "FeatureRequest"]
    uri = runtime.addresses.collection_uri(anna.id, made.id)
    assert (request["object"], request["instrument"]) == (rita.uri, uri)

    async def states() -> list[str]:
        found = await collections.get_collection(runtime.db, made.id, anna.id)
        return [one.state for one in found.items]

    false = stamp(home, rita.uri, f"{uri}0")
    assert await take(runtime, "Accept", rita, request["id"], result=false)
    assert await take(runtime, "Accept", rita, request["id"])
    assert await take(runtime, "Accept", eve, request["id"], result=stamp(home, eve.uri, uri))
    assert await take(runtime, "Reject", eve, request["id"])
    assert await states() == ["pending"]
    assert (await collections.get_collection(runtime.db, made.id, None)).items == []
    good = stamp(home, rita.uri, uri)
    assert await take(runtime, "Accept", rita, request["id"], result=good) is None
    assert await states() == ["accepted"]
    await take(runtime, "Delete", eve, good)
    assert await states() == ["accepted"]
    await take(runtime, "Delete", rita, good)
    assert await states() == []


async def test_who_says_no_or_nothing_is_not_asked(
    runtime: Runtime, home: Neighbour, anna: Account
) -> None:
    followers = {"canFeature": {"automaticApproval": [f"{home.origin}/users/rita/followers"]}}
    nobody = {"canFeature": {"automaticApproval": [f"{home.origin}/users/nina"]}}
    people = [
        await fetch_account(runtime, home.actor(name, **more))
        for name, more in (
            ("rita", {"interactionPolicy": followers}),
            ("nina", {"interactionPolicy": nobody}),
            ("mute", {}),
        )
    ]
    for person in people:
        with pytest.raises(Forbidden):
            await create_collection(runtime, anna.id, CollectionChange("No"), [person.id])
    await follows.insert_follow(runtime.db, anna.id, people[0].id, None)
    made = await create_collection(runtime, anna.id, CollectionChange("Yes"), [people[0].id])
    assert [one.state for one in made.items] == ["pending"]


@pytest.mark.parametrize("who", ["a member", "somebody elsewhere"])
async def test_a_block_takes_each_out_of_what_the_other_shows_and_tells_it(
    runtime: Runtime, home: Neighbour, bob: Account, anna: Account, who: str
) -> None:
    document = collection(home, bob.uri)
    await take(runtime, "FeatureRequest", bob, anna.uri, instrument=document["id"])
    rita = await fetch_account(runtime, home.actor("rita", interactionPolicy=ANYBODY))
    await follows.insert_follow(runtime.db, rita.id, anna.id, None)
    made = await create_collection(runtime, anna.id, CollectionChange("Mine"), [rita.id])
    [asked] = [a for a in await outgoing(runtime) if a["type"] == "FeatureRequest"]
    agreed = stamp(home, rita.uri, asked["instrument"])
    await take(runtime, "Accept", rita, asked["id"], result=agreed)
    for other in (bob, rita):
        if who == "a member":
            await block_account(runtime, anna.id, other.id)
        else:
            await take(runtime, "Block", other, anna.uri)
    assert (await collections.get_collection(runtime.db, made.id, anna.id)).items == []
    assert (await shown(runtime, bob))[0].items == []
    told = [(a["type"], a["object"]) for a in await outgoing(runtime)]
    assert any(kind == "Remove" and "/collection_items/" in str(inner) for kind, inner in told)
    stamps = [inner for kind, inner in told if kind == "Delete"]
    assert {one["interactingObject"] for one in stamps} == {document["id"]}


async def test_a_post_shows_a_collection_of_somebody_elsewhere_to_which_it_links(
    runtime: Runtime, home: Neighbour, bob: Account, anna: Account
) -> None:
    document = collection(home, bob.uri, url=f"{home.origin}/collections/1")
    await add(runtime, bob, document)
    for address in (document["id"], document["url"]):
        status = await make_status(runtime, anna, f"Look at {address} and {home.origin}/2")
        view = await get_status_view(runtime.db, status)
        assert [one.uri for one in view.collections] == [document["id"]]
    note = (await load_notes(runtime.db, [view], runtime.addresses))[status]
    tagged = [one["id"] for one in note["tag"] if one["type"] == "FeaturedCollection"]
    assert tagged == [document["id"]]


async def test_a_post_links_to_what_can_be_had_and_to_each_once(
    runtime: Runtime, home: Neighbour, bob: Account, anna: Account
) -> None:
    mine = await create_collection(runtime, anna.id, CollectionChange(name="Mine"), [])
    own = [
        runtime.addresses.collection_uri(anna.id, mine.id),
        runtime.addresses.collection_url(mine.id),
    ]
    theirs, gone = collection(home, bob.uri)["id"], f"{home.origin}/gone"
    away = "http://127.0.0.1:1/collections/1"
    post = await make_status(runtime, anna)
    with pytest.raises(Unreachable):  # to be tried again
        await link_collections_job(runtime, post, [*own, gone, away, theirs])
    view = await get_status_view(runtime.db, post)
    assert [one.name for one in view.collections] == ["Mine", "Gardeners"]


async def test_somebody_in_a_collection_that_has_not_come_yet_brings_it(
    runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    rita = home.actor("rita")
    whole = item(bob.uri, rita, stamp(home, rita, f"{bob.uri}/collections/1"))
    document = collection(home, bob.uri, whole)
    assert await take(runtime, "Add", bob, whole, target=document["id"]) is None
    [found] = await shown(runtime, bob)
    assert [one.uri for one in found.items] == [whole["id"]]
    assert "Missing" in str(await take(runtime, "Add", bob, whole, target=f"{bob.uri}/nothing"))


async def test_a_change_of_one_that_we_missed_brings_it_if_somebody_follows(
    runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    eve = await fetch_account(runtime, home.actor("eve"))
    for owner, is_followed in ((eve, False), (bob, True)):
        assert await take(runtime, "Update", owner, collection(home, owner.uri)) is None
        assert bool(await shown(runtime, owner)) == is_followed


async def test_what_its_owner_lists_no_more_goes_when_it_is_gone(
    runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    document = collection(home, bob.uri)
    at, list_at = urlsplit(document["id"]).path, urlsplit(bob.collections_url or "").path
    listing = home.documents[list_at]
    await add(runtime, bob, document)

    async def after_reading(found: Any, listed: Any) -> list[str]:
        """What we show when that stands at its address, and that in the list."""
        for path, there in ((at, found), (list_at, listed)):
            home.documents.pop(path, None)
            if there:
                home.documents[path] = there
        await read_collections_job(runtime, bob.id)
        return [one.name for one in await shown(runtime, bob)]

    names = {**document, "name": "Growers", "updated": "2026-01-02T00:00:00Z"}
    assert await after_reading(None, {**listing, "items": [document]}) == ["Gardeners"]
    assert await after_reading(None, None) == ["Gardeners"]
    assert await after_reading(names, listing) == ["Growers"]  # only listed no more
    assert await after_reading(None, listing) == []


async def test_who_agreed_is_not_asked_again_and_stands_where_the_owner_says(
    runtime: Runtime, home: Neighbour, bob: Account
) -> None:
    uri, people = f"{bob.uri}/collections/1", [home.actor("rita"), home.actor("nina")]
    items = [item(bob.uri, actor, stamp(home, actor, uri)) for actor in people]
    await add(runtime, bob, collection(home, bob.uri, *items))
    for one in items:  # the stamps are not there any more: nobody looks
        del home.documents[urlsplit(one["featureAuthorization"]).path]
    later = collection(home, bob.uri, *reversed(items), updated="2026-01-02T00:00:00Z")
    await take(runtime, "Update", bob, later)
    [found] = await shown(runtime, bob)
    assert [one.uri for one in found.items] == [one["id"] for one in reversed(items)]
