"""Makers of what a member has: lists, conversations, notifications, filters, collections."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.store import thread_refreshes
from tests.contract.post_things import favourites_mine, their_status
from tests.contract.things import answered, followed_by_me, followed_friend, make_collection, say
from tests.contract.world import Person, Scene
from tests.makers import Api

# lists, conversations, markers


async def a_list(s: Scene) -> str:
    made = await answered(s.me, "POST", "/api/v1/lists", json={"title": "close"})
    return str(made["id"])


async def one_more_list(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", "/api/v1/lists", json={"title": other.name})


async def friends_list(s: Scene) -> str:
    list_id = await a_list(s)
    await s.thing(followed_friend)
    await answered(
        s.me, "POST", f"/api/v1/lists/{list_id}/accounts", json={"account_ids": [s.friend.id]}
    )
    return list_id


async def one_more_list_of_my_friend(s: Scene, other: Person) -> None:
    await friends_list(s)


async def on_my_list(s: Scene, other: Person) -> None:
    list_id = await s.thing(a_list)
    await followed_by_me(s, other)
    await answered(
        s.me, "POST", f"/api/v1/lists/{list_id}/accounts", json={"account_ids": [other.id]}
    )
    await say(other)


async def conversation(s: Scene) -> str:
    await say(s.friend, f"@{s.me.name} psst", visibility="direct")
    await s.world.settle()
    found = await answered(s.me, "GET", "/api/v1/conversations")
    return str(found[0]["id"])


async def talks_to_me(s: Scene, other: Person) -> None:
    await say(other, f"@{s.me.name} psst", visibility="direct")


async def set_marker(s: Scene) -> str:
    last = await say(s.friend)
    await answered(s.me, "POST", "/api/v1/markers", json={"home": {"last_read_id": last}})
    return "home"


# notifications


async def notification(s: Scene) -> str:
    await say(s.friend, f"@{s.me.name} hear")
    await s.world.settle()
    found = await answered(s.me, "GET", "/api/v1/notifications")
    return str(found[0]["id"])


async def mentions_me(s: Scene, other: Person) -> None:
    await say(other, f"@{s.me.name} hear")


async def group_key(s: Scene) -> str:
    if not s.others:
        await s.fill(1, favourites_mine)
    await s.world.settle()
    found = await answered(s.me, "GET", "/api/v2/notifications")
    return str(found["notification_groups"][0]["group_key"])


async def _filter_strangers(s: Scene) -> None:
    await answered(
        s.me, "PATCH", "/api/v2/notifications/policy", json={"for_not_following": "filter"}
    )


async def notification_request(s: Scene) -> str:
    await _filter_strangers(s)
    await say(s.friend, f"@{s.me.name} hear")
    await s.world.settle()
    found = await answered(s.me, "GET", "/api/v1/notifications/requests")
    return str(found[0]["id"])


async def asks_to_notify_me(s: Scene, other: Person) -> None:
    await _filter_strangers(s)
    await mentions_me(s, other)


async def push_keys(s: Scene) -> dict[str, str]:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": _url_safe(point), "auth": _url_safe(b"0123456789abcdef")}


async def push_subscription(s: Scene) -> dict[str, Any]:
    return {"endpoint": f"https://push.example/{s.me.name}", "keys": await push_keys(s)}


async def subscribe(s: Scene, api: Api) -> None:
    """A subscription belongs to the token that made it."""
    await api.post("/api/v1/push/subscription", subscription=await push_subscription(s))


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# filters


async def a_filter(s: Scene) -> str:
    return str((await _make_filter(s, "wet"))["id"])


async def one_more_filter(s: Scene, other: Person) -> None:
    await _make_filter(s, other.name)


async def filter_keyword(s: Scene) -> str:
    return str((await _make_filter(s, "wet"))["keywords"][0]["id"])


async def thread_refresh(s: Scene) -> str:
    status_id = await s.thing(their_status)
    await thread_refreshes.start_refresh(s.world.runtime.db, int(status_id), "a-token")
    return "a-token"


async def filter_status(s: Scene) -> str:
    made = await answered(
        s.me,
        "POST",
        f"/api/v2/filters/{await s.thing(a_filter)}/statuses",
        json={"status_id": await s.thing(their_status)},
    )
    return str(made["id"])


async def old_filter(s: Scene) -> str:
    made = await answered(
        s.me, "POST", "/api/v1/filters", json={"phrase": "wet", "context": ["home"]}
    )
    return str(made["id"])


async def one_more_old_filter(s: Scene, other: Person) -> None:
    await answered(
        s.me, "POST", "/api/v1/filters", json={"phrase": other.name, "context": ["home"]}
    )


async def _make_filter(s: Scene, word: str) -> Any:
    return await answered(
        s.me,
        "POST",
        "/api/v2/filters",
        json={
            "title": word,
            "context": ["home", "public"],
            "filter_action": "warn",
            "keywords_attributes": [{"keyword": word, "whole_word": True}],
        },
    )


# collections


async def collection(s: Scene) -> str:
    collection_id = await make_collection(s.me)
    await _put_into(s.me, collection_id, s.friend)
    return collection_id


async def empty_collection(s: Scene) -> str:
    await _be_discoverable(s.friend)
    return await make_collection(s.me)


async def collection_item(s: Scene) -> str:
    return await _put_into(s.me, await s.thing(empty_collection), s.friend)


async def collection_with_me(s: Scene) -> str:
    return await make_collection(s.friend)


async def item_with_me(s: Scene) -> str:
    return await _put_into(s.friend, await s.thing(collection_with_me), s.me)


async def one_more_collection(s: Scene, other: Person) -> None:
    await _put_into(s.me, await make_collection(s.me, other.name), s.friend)


async def collects_me(s: Scene, other: Person) -> None:
    await _put_into(other, await make_collection(other), s.me)


async def collected(s: Scene, other: Person) -> None:
    await _put_into(s.me, await s.thing(empty_collection), other)


async def _put_into(owner: Person, collection_id: str, person: Person) -> str:
    await _be_discoverable(person)
    made = await answered(
        owner, "POST", f"/api/v1/collections/{collection_id}/items", json={"account_id": person.id}
    )
    return str(made["collection_item"]["id"])


async def _be_discoverable(person: Person) -> None:
    await answered(
        person, "PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": True}
    )
