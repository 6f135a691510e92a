"""Makers of posts, and of what hangs on them."""

from datetime import UTC, datetime, timedelta

from tests.contract.things import answered, followed_by_me, make_collection, say, upload
from tests.contract.world import ORIGIN, Person, Scene


async def my_status(s: Scene) -> str:
    return await say(s.me)


async def their_status(s: Scene) -> str:
    return await say(s.friend, "water, @nobody, #soil and https://example.org/deep")


async def rich_status(s: Scene) -> str:
    """With everything that a post can have."""
    answered_to = await say(s.me)
    await answered(
        s.friend,
        "PATCH",
        "/api/v1/accounts/update_credentials",
        json={"fields_attributes": [{"name": "site", "value": "https://example.org"}]},
    )
    uploaded = await upload(s.friend)
    shown = await make_collection(s.friend)
    status_id = await say(
        s.friend,
        f"@{s.me.name} #soil https://example.org/deep {ORIGIN}/collections/{shown}",
        spoiler_text="wet",
        media_ids=[uploaded],
        in_reply_to_id=answered_to,
        language="en",
    )
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
    status_id = await say(s.me, media_ids=[await upload(s.me)])
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
        s.friend,
        "POST",
        "/api/v1/statuses",
        json={"status": "or?", "poll": {"options": ["water", "soil"], "expires_in": 3600}},
    )
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
