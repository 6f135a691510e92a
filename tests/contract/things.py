"""Makers: each makes one thing in a scene through the API and gives its id (or another name).

Those that take a person as well make one row of a list; several calls make a long list.
"""

import base64
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from asyncpg import UniqueViolationError
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.actions import look_back
from server.actions.announce import add_announcement
from server.actions.custom_emojis import add_emoji
from server.store import annual_reports, apps, instance_texts, roles, thread_refreshes, users
from tests.contract.world import ORIGIN, Person, Scene
from tests.makers import Api, make_remote
from tests.web.mastodon.test_profile import picture


async def answered(person: Person, method: str, path: str, **more: Any) -> Any:
    """JSON of a call that must succeed, for what a row needs to be there."""
    answer = await person.api(method, path, **more)
    assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
    return answer.json()


async def say(person: Person, text: str = "water and soil", **more: Any) -> str:
    """A post of somebody's; gives its id."""
    post = await answered(person, "POST", "/api/v1/statuses", json={"status": text, **more})
    return str(post["id"])


# people


async def me(s: Scene) -> str:
    return s.me.id


async def friend(s: Scene) -> str:
    return s.friend.id


async def friend_by_mail(s: Scene) -> str:
    """Whose role and own choice let others follow by mail."""
    db = s.world.runtime.db
    await roles.set_permission(db, roles.EVERYONE, 1 << 22, is_on=True)
    await users.update_preferences(db, int(s.friend.id), email_subscriptions=True)
    return s.friend.id


async def others(s: Scene) -> list[str]:
    return s.other_ids  # grows with the scene


async def followed_friend(s: Scene) -> str:
    await answered(s.me, "POST", f"/api/v1/accounts/{s.friend.id}/follow")
    return s.friend.id


async def follower(s: Scene) -> str:
    await answered(s.friend, "POST", f"/api/v1/accounts/{s.me.id}/follow")
    return s.friend.id


async def requester(s: Scene) -> str:
    await lock(s)
    await answered(s.friend, "POST", f"/api/v1/accounts/{s.me.id}/follow")
    return s.friend.id


async def lock(s: Scene) -> None:
    await answered(s.me, "PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})


async def friends_acct(s: Scene) -> str:
    return s.friend.name


async def follows_me(s: Scene, other: Person) -> None:
    await answered(other, "POST", f"/api/v1/accounts/{s.me.id}/follow")


async def followed_by_me(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", f"/api/v1/accounts/{other.id}/follow")


async def asks_me(s: Scene, other: Person) -> None:
    await lock(s)
    await follows_me(s, other)


async def blocked_by_me(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", f"/api/v1/accounts/{other.id}/block")


async def muted_by_me(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", f"/api/v1/accounts/{other.id}/mute", json={"duration": 3600})


async def endorsed_by_me(s: Scene, other: Person) -> None:
    await followed_by_me(s, other)
    await answered(s.me, "POST", f"/api/v1/accounts/{other.id}/pin")


async def familiar(s: Scene, other: Person) -> None:
    """I follow somebody who follows the friend and knows others whom I do not follow."""
    await followed_by_me(s, other)
    await answered(other, "POST", f"/api/v1/accounts/{s.friend.id}/follow")


async def followed_by_my_friend(s: Scene, other: Person) -> None:
    await s.thing(followed_friend)
    await answered(
        other, "PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": True}
    )
    await say(other)
    await answered(s.friend, "POST", f"/api/v1/accounts/{other.id}/follow")


async def domain_blocked(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", "/api/v1/domain_blocks", json={"domain": f"{other.name}.example"})


async def blocked_domain(s: Scene) -> str:
    domain = "far.example"
    await answered(s.me, "POST", "/api/v1/domain_blocks", json={"domain": domain})
    return domain


async def tag_followed(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", f"/api/v1/tags/{other.name}/follow")


async def featured_tag(s: Scene) -> str:
    await say(s.me, "#water")
    made = await answered(s.me, "POST", "/api/v1/featured_tags", json={"name": "water"})
    return str(made["id"])


async def tag_featured(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", "/api/v1/featured_tags", json={"name": other.name})


# posts


async def my_status(s: Scene) -> str:
    return await say(s.me)


async def their_status(s: Scene) -> str:
    return await say(s.friend, "water, @nobody, #soil and https://example.org/deep")


async def rich_status(s: Scene) -> str:
    """With everything that a post can have."""
    answered_to = await say(s.me)
    await answered(
        s.friend, "PATCH", "/api/v1/accounts/update_credentials",
        json={"fields_attributes": [{"name": "site", "value": "https://example.org"}]},
    )  # fmt: skip
    uploaded = await _upload(s.friend)
    shown = await _make_collection(s.friend)
    status_id = await say(
        s.friend, f"@{s.me.name} #soil https://example.org/deep {ORIGIN}/collections/{shown}",
        spoiler_text="wet",
        media_ids=[uploaded], in_reply_to_id=answered_to, language="en",
    )  # fmt: skip
    await answered(s.me, "POST", f"/api/v1/statuses/{status_id}/favourite")
    await answered(s.me, "POST", f"/api/v1/statuses/{status_id}/reblog")
    return status_id


async def hidden_status(s: Scene) -> str:
    """A post of the friend's that is not for me."""
    return await say(s.friend, "quiet", visibility="direct")


async def bookmarked(s: Scene) -> str:
    status_id = await say(s.friend)
    await answered(s.me, "POST", f"/api/v1/statuses/{status_id}/bookmark")
    return status_id


async def favourite(s: Scene) -> str:
    status_id = await say(s.friend)
    await answered(s.me, "POST", f"/api/v1/statuses/{status_id}/favourite")
    return status_id


async def boosted(s: Scene) -> str:
    status_id = await say(s.friend)
    await answered(s.me, "POST", f"/api/v1/statuses/{status_id}/reblog")
    return status_id


async def pinned(s: Scene) -> str:
    status_id = await say(s.me)
    await answered(s.me, "POST", f"/api/v1/statuses/{status_id}/pin")
    return status_id


async def edited(s: Scene) -> str:
    status_id = await say(s.me, media_ids=[await _upload(s.me)])
    await answered(s.me, "PUT", f"/api/v1/statuses/{status_id}", json={"status": "anew"})
    return status_id


async def edited_once_more(s: Scene, other: Person) -> None:
    status_id = await s.thing(edited)
    await answered(s.me, "PUT", f"/api/v1/statuses/{status_id}", json={"status": other.name})


async def edited_id(s: Scene) -> str:
    return await s.thing(edited)


async def quoting(s: Scene) -> str:
    return await say(s.friend, "see", quoted_status_id=await s.thing(my_status))


async def quotes_me(s: Scene, other: Person) -> None:
    await say(other, "see", quoted_status_id=await s.thing(my_status))


async def posts(s: Scene, other: Person) -> None:
    await say(other)


async def i_post(s: Scene, other: Person) -> None:
    await say(s.me, f"for @{other.name} #soil")


async def posts_with_a_tag(s: Scene, other: Person) -> None:
    await say(other, f"#{await s.thing(tag_of_scene)}")


async def tag_of_scene(s: Scene) -> str:
    return f"tag{s.me.name}"


async def answers_me(s: Scene, other: Person) -> None:
    await say(other, "so it is", in_reply_to_id=await s.thing(my_status))


async def favourites_mine(s: Scene, other: Person) -> None:
    await answered(other, "POST", f"/api/v1/statuses/{await s.thing(my_status)}/favourite")


async def boosts_mine(s: Scene, other: Person) -> None:
    await answered(other, "POST", f"/api/v1/statuses/{await s.thing(my_status)}/reblog")


async def bookmarked_by_me(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", f"/api/v1/statuses/{await say(other)}/bookmark")


async def favourited_by_me(s: Scene, other: Person) -> None:
    await answered(s.me, "POST", f"/api/v1/statuses/{await say(other)}/favourite")


async def fills_my_home(s: Scene, other: Person) -> None:
    await followed_by_me(s, other)
    await say(other, f"for @{s.me.name}")


async def one_of_many(s: Scene, other: Person) -> None:
    many = await s.thing(many_ids)
    many.append(await say(other))


async def many_ids(s: Scene) -> list[str]:
    return []


async def poll(s: Scene) -> str:
    asked = await answered(
        s.friend, "POST", "/api/v1/statuses",
        json={"status": "or?", "poll": {"options": ["water", "soil"], "expires_in": 3600}},
    )  # fmt: skip
    return str(asked["poll"]["id"])


async def scheduled(s: Scene) -> str:
    return await _schedule(s, 1)


async def one_more_scheduled(s: Scene, other: Person) -> None:
    await _schedule(s, len(s.others) + 1)


async def _schedule(s: Scene, hours: int) -> str:
    made = await answered(
        s.me, "POST", "/api/v1/statuses", json={"status": "later", "scheduled_at": in_hours(hours)}
    )
    return str(made["id"])


def in_hours(hours: int) -> str:
    """A time to come, as clients write it."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def link(s: Scene) -> str:
    return f"{s.world.pages}/{s.me.name}"


async def posts_the_link(s: Scene, other: Person) -> None:
    """A link has a timeline while it trends."""
    await say(other, f"read {await s.thing(link)}")
    await s.world.settle()
    await s.world.pass_time()


async def trending(s: Scene, other: Person) -> None:
    """A post with a tag and a link that many like: as much as there can be about a thing."""
    number = len(s.others)
    status_id = await say(other, f"#trend{number} {s.world.pages}/trend/{number}")
    for fan in await s.world.crowd(6):
        if fan.id != other.id:
            await answered(fan, "POST", f"/api/v1/statuses/{status_id}/favourite")
            await answered(fan, "POST", f"/api/v1/statuses/{status_id}/reblog")
            await say(fan, f"#trend{number} {s.world.pages}/trend/{number}")
    await s.world.settle()
    await s.world.pass_time()


async def translatable(s: Scene) -> str:
    return await say(s.friend, "water en aarde", language="nl")


# media


async def _upload(person: Person) -> str:
    made = await answered(
        person, "POST", "/api/v2/media", files={"file": ("p.png", picture())},
        data={"description": "a picture"},
    )  # fmt: skip
    return str(made["id"])


async def media(s: Scene) -> str:
    return await _upload(s.me)


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
        s.me, "POST", f"/api/v2/filters/{await s.thing(a_filter)}/statuses",
        json={"status_id": await s.thing(their_status)},
    )  # fmt: skip
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
        s.me, "POST", "/api/v2/filters",
        json={"title": word, "context": ["home", "public"], "filter_action": "warn",
              "keywords_attributes": [{"keyword": word, "whole_word": True}]},
    )  # fmt: skip


# collections


async def _make_collection(person: Person, name: str = "gardeners") -> str:
    made = await answered(
        person, "POST", "/api/v1/collections",
        json={"name": name, "description": "who knows soil", "language": "en",
              "sensitive": False, "discoverable": True},
    )  # fmt: skip
    return str(made["collection"]["id"])


async def collection(s: Scene) -> str:
    collection_id = await _make_collection(s.me)
    await _put_into(s.me, collection_id, s.friend)
    return collection_id


async def empty_collection(s: Scene) -> str:
    await _be_discoverable(s.friend)
    return await _make_collection(s.me)


async def collection_item(s: Scene) -> str:
    return await _put_into(s.me, await s.thing(empty_collection), s.friend)


async def collection_with_me(s: Scene) -> str:
    return await _make_collection(s.friend)


async def item_with_me(s: Scene) -> str:
    return await _put_into(s.friend, await s.thing(collection_with_me), s.me)


async def one_more_collection(s: Scene, other: Person) -> None:
    await _put_into(s.me, await _make_collection(s.me, other.name), s.friend)


async def collects_me(s: Scene, other: Person) -> None:
    await _put_into(other, await _make_collection(other), s.me)


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


# what only those who run the instance can make


async def announced(s: Scene, other: Person) -> None:
    await add_announcement(s.world.runtime, f"Water is off in the house of {other.name} #water")


async def announcement(s: Scene) -> str:
    return str(await add_announcement(s.world.runtime, "The lift is broken"))


async def announcement_reacted_to(s: Scene) -> str:
    made = await s.thing(announcement)
    await s.world.settle()
    await answered(s.me, "PUT", f"/api/v1/announcements/{made}/reactions/👍")
    return made


async def terms_of_today(s: Scene) -> str:
    today = datetime.now(UTC).date()
    with suppress(UniqueViolationError):  # the world has them from another scene
        await instance_texts.put_terms(s.world.runtime.db, today, "en", "Be kind.")
    return today.isoformat()


async def known_domain(s: Scene) -> str:
    await make_remote(s.world.runtime, "peer", "peers.example")
    return "peers.ex"


async def annual_report(s: Scene) -> str:
    await s.thing(my_status)
    year = datetime.now(UTC).year
    await annual_reports.insert_empty(s.world.runtime.db, int(s.me.id), year)
    await look_back.look_back_job(s.world.runtime, int(s.me.id), year)
    return str(year)


async def suggested(s: Scene) -> str:
    await s.fill(1, followed_by_my_friend)
    return s.other_ids[0]


async def own_handle(s: Scene) -> str:
    return f"acct:{s.me.name}@localhost:3000"


async def my_address(s: Scene) -> str:
    return f"http://localhost:3000/@{s.me.name}/{await s.thing(my_status)}"


async def emoji_added(s: Scene, other: Person) -> None:
    await add_emoji(s.world.runtime, other.name, picture())


# what OAuth needs


async def client_form(s: Scene) -> dict[str, str]:
    made = await answered(
        s.me, "POST", "/api/v1/apps",
        json={"client_name": "Pilot", "redirect_uris": "pilot://done", "scopes": "read"},
    )  # fmt: skip
    return {"client_id": made["client_id"], "client_secret": made["client_secret"]}


async def token_request(s: Scene) -> dict[str, str]:
    return {"grant_type": "client_credentials", "scope": "read", **await s.thing(client_form)}


async def revocation(s: Scene) -> dict[str, str]:
    made = await answered(s.me, "POST", "/oauth/token", data=await token_request(s))
    return {"token": made["access_token"], **await s.thing(client_form)}


async def authorization(s: Scene) -> dict[str, str]:
    form = await s.thing(client_form)
    app = await apps.find_app(s.world.runtime.db, form["client_id"])
    assert app
    return {
        "response_type": "code", "client_id": app.client_id, "redirect_uri": "pilot://done",
        "scope": "read", "force_login": "false",
    }  # fmt: skip


async def newcomer(s: Scene) -> dict[str, Any]:
    name = f"new{s.me.name}"
    return {
        "username": name, "email": f"{name}@example.org", "password": "long enough to pass",
        "agreement": True, "locale": "en",
    }  # fmt: skip


async def unconfirmed_address(s: Scene) -> None:
    """A wish for another address, of who signed up through the app whose token calls."""
    await s.world.runtime.db.execute(
        """
        UPDATE users SET unconfirmed_email = 'new.' || email, created_by_app_id = (
            SELECT app_id FROM tokens WHERE account_id = $1 LIMIT 1)
        WHERE account_id = $1
        """,
        int(s.me.id),
    )
