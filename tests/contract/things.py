"""Makers: each makes one thing in a scene through the API and gives its id (or another name).

Those that take a person as well make one row of a list; several calls make a long list. Here are
people; what they write and what is theirs alone stands in the files beside this one.
"""

from typing import Any

from server.store import roles, users
from tests.contract.world import Person, Scene
from tests.pictures import picture


async def answered(person: Person, method: str, path: str, **more: Any) -> Any:
    """JSON of a call that must succeed, for what a row needs to be there."""
    answer = await person.api(method, path, **more)
    assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
    return answer.json()


async def say(person: Person, text: str = "water and soil", **more: Any) -> str:
    """A post of somebody's; gives its id."""
    post = await answered(person, "POST", "/api/v1/statuses", json={"status": text, **more})
    return str(post["id"])


async def make_collection(person: Person, name: str = "gardeners") -> str:
    made = await answered(
        person,
        "POST",
        "/api/v1/collections",
        json={
            "name": name,
            "description": "who knows soil",
            "language": "en",
            "sensitive": False,
            "discoverable": True,
        },
    )
    return str(made["collection"]["id"])


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


# media


async def upload(person: Person) -> str:
    made = await answered(
        person,
        "POST",
        "/api/v2/media",
        files={"file": ("p.png", picture())},
        data={"description": "a picture"},
    )
    return str(made["id"])


async def media(s: Scene) -> str:
    return await upload(s.me)
