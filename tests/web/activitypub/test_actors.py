from typing import Any

import httpx
import pytest

from server.actions.boost import boost_status
from server.runtime import Runtime
from server.store import follows, pins
from server.store.local_accounts import set_suspended
from server.store.profiles import update_profile
from tests.makers import make_member, make_remote, make_status
from tests.queries import count_queries

ACTIVITY = {"Accept": "application/activity+json"}


async def get(client: httpx.AsyncClient, path: str, **query: str) -> Any:
    answer = await client.get(path, params=query or None, headers=ACTIVITY)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/activity+json")
    return answer.json()


async def test_an_actor_says_who_and_where(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime)
    actor = await get(client, f"/ap/users/{anna.id}")
    assert (actor["id"], actor["type"], actor["preferredUsername"]) == (anna.uri, "Person", "anna")
    assert actor["publicKey"]["owner"] == anna.uri
    for name in ("inbox", "outbox", "followers", "following", "featured"):
        assert actor[name].startswith(anna.uri)
    assert "PRIVATE" not in str(actor)


async def test_the_outbox_pages_through_what_is_public(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime)
    posts = [await make_status(runtime, anna, f"{n}") for n in range(22)]
    await make_status(runtime, anna, "secret", visibility="private")
    await make_status(runtime, anna, "secret", visibility="direct")
    boost = await boost_status(runtime, anna.id, posts[0])
    outbox = await get(client, f"/ap/users/{anna.id}/outbox")
    assert outbox["type"] == "OrderedCollection"
    with count_queries() as for_twenty:
        first = await get(client, outbox["first"])
    kinds = [item["type"] for item in first["orderedItems"]]
    assert (kinds[0], set(kinds[1:]), len(kinds)) == ("Announce", {"Create"}, 20)
    assert first["orderedItems"][0]["id"].endswith(str(boost))
    with count_queries() as for_three:
        second = await get(client, first["next"])
    assert len(for_twenty) == len(for_three)
    assert len(second["orderedItems"]) == 3
    assert "next" not in second
    assert "secret" not in str(first) + str(second)


@pytest.mark.parametrize("is_hidden", [False, True])
async def test_followers_are_counted_and_unless_hidden_named(
    client: httpx.AsyncClient, runtime: Runtime, is_hidden: bool
) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    await follows.insert_follow(runtime.db, anna.id, remy.id, None)
    await update_profile(runtime.db, anna.id, {"hide_collections": is_hidden})
    for name in ("followers", "following"):
        path = f"/ap/users/{anna.id}/{name}"
        whole = await get(client, path)
        assert (whole["totalItems"], "first" in whole) == (1, not is_hidden)
        page = await get(client, path, page="true")
        assert page.get("orderedItems", []) == ([] if is_hidden else [remy.uri])


async def test_pins_are_shown_as_far_as_everybody_may_see_them(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime)
    public = await make_status(runtime, anna)
    private = await make_status(runtime, anna, visibility="private")
    for status in (public, private):
        await pins.insert_pin(runtime.db, anna.id, status)
    found = await get(client, f"/ap/users/{anna.id}/featured")
    assert found["orderedItems"] == [runtime.addresses.status_uri(public)]
    assert found["totalItems"] == 1


async def test_hashtags_of_a_profile_are_a_collection(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    from server.store.featured_tags import insert_featured

    anna = await make_member(runtime)
    await insert_featured(runtime.db, anna.id, "Tea")
    actor = await get(client, f"/ap/users/{anna.id}")
    tags = await get(client, actor["featuredTags"])
    assert [(one["type"], one["name"]) for one in tags["orderedItems"]] == [("Hashtag", "#Tea")]


async def test_who_is_not_there(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    handle = "/.well-known/webfinger?resource=acct:anna@localhost:3000"
    await set_suspended(runtime.db, anna.id, is_suspended=True)
    assert (await get(client, f"/ap/users/{anna.id}"))["suspended"] is True  # it may come back
    found = (await client.get(handle)).json()
    assert anna.uri in [link.get("href") for link in found["links"]]
    assert "webfinger.net/rel/avatar" not in str(found)
    for part in ("/outbox", "/followers", "/following", "/featured"):
        for account_id, status in ((anna.id, 403), (remy.id, 404), (1, 404), ("x", 404)):
            answer = await client.get(f"/ap/users/{account_id}{part}", headers=ACTIVITY)
            assert answer.status_code == status, (account_id, part)
    await runtime.db.execute("UPDATE accounts SET erased_at = now() WHERE id = $1", anna.id)
    for part in ("", "/outbox"):
        answer = await client.get(f"/ap/users/{anna.id}{part}", headers=ACTIVITY)
        assert answer.status_code == 410
    assert (await client.get(handle)).status_code == 410


async def test_a_deleted_post_leaves_a_tombstone(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    from server.actions.delete_post import delete_status

    anna = await make_member(runtime)
    status = await make_status(runtime, anna)
    activity = await get(client, f"/ap/statuses/{status}/activity")
    note = await get(client, f"/ap/statuses/{status}")
    assert (activity["type"], activity["object"]["id"]) == ("Create", note["id"])
    reply = await make_status(runtime, anna, in_reply_to_id=status)
    await make_status(runtime, anna, in_reply_to_id=status, visibility="private")
    answers = await get(client, f"/ap/statuses/{status}/replies")
    note = await get(client, f"/ap/statuses/{status}")
    assert note["replies"] == {key: answers[key] for key in ("id", "type", "first")}
    assert answers["first"]["items"] == [runtime.addresses.status_uri(reply)]
    page = await get(client, answers["first"]["next"])
    assert page["orderedItems"] == [runtime.addresses.status_uri(reply)]
    thread = await get(client, note["context"])
    items = (await get(client, thread["first"]))["orderedItems"]
    assert items == [note["id"], *page["orderedItems"]]
    assert (await get(client, page["orderedItems"][0]))["context"] == note["context"]
    for name in ("likes", "shares"):
        shown = await get(client, f"/ap/statuses/{status}/{name}")
        assert (
            (shown["type"], shown["totalItems"])
            == ("Collection", note[name]["totalItems"])
            == ("Collection", 0)
        )
    assert (await client.get(f"/ap/statuses/{status}/secrets")).status_code == 404
    await delete_status(runtime, anna.id, status, delete_media=False)
    gone = await client.get(f"/ap/statuses/{status}", headers=ACTIVITY)
    assert (gone.status_code, gone.json()["type"]) == (410, "Tombstone")
    assert (await client.get("/ap/statuses/1", headers=ACTIVITY)).status_code == 404
