"""Makers for the Admin API: what moderators find, and what they made before."""

from datetime import UTC, datetime, timedelta
from typing import Any

from server.store.dimensions import KEYS as DIMENSIONS
from server.store.measures import KEYS
from tests.contract.post_things import trending
from tests.contract.things import answered, say
from tests.contract.world import Person, Scene

_ADMIN = "/api/v1/admin"


async def is_there(s: Scene, other: Person) -> None:
    """Who is there is a row."""


async def newcomer_id(s: Scene) -> str:
    """Somebody who waits to be let in."""
    person = await s.world.person("newcomer")
    await s.world.runtime.db.execute(
        "UPDATE users SET approved_at = NULL WHERE account_id = $1", int(person.id)
    )
    return person.id


async def acted_upon(s: Scene, kind: str) -> str:
    await answered(s.me, "POST", f"{_ADMIN}/accounts/{s.friend.id}/action", json={"type": kind})
    return s.friend.id


async def frozen(s: Scene) -> str:
    return await acted_upon(s, "disable")


async def sensitized(s: Scene) -> str:
    return await acted_upon(s, "sensitive")


async def silenced(s: Scene) -> str:
    return await acted_upon(s, "silence")


async def suspended(s: Scene) -> str:
    return await acted_upon(s, "suspend")


async def reported(s: Scene, other: Person) -> str:
    """A report about somebody, with a post and a rule."""
    db = s.world.runtime.db
    rule = await db.fetchval("SELECT min(id) FROM rules") or await db.fetchval(
        "INSERT INTO rules (position, text, hint) VALUES (1, 'Be kind', '') RETURNING id"
    )
    body = {
        "account_id": other.id,
        "status_ids": [await say(other)],
        "category": "violation",
        "rule_ids": [str(rule)],
        "comment": "look",
    }
    made = await answered(s.friend, "POST", "/api/v1/reports", json=body)
    return str(made["id"])


async def report(s: Scene) -> str:
    made = await reported(s, await s.world.person("reported"))
    await answered(s.me, "POST", f"{_ADMIN}/reports/{made}/assign_to_self")
    return made


async def resolved_report(s: Scene) -> str:
    made = await report(s)
    await answered(s.me, "POST", f"{_ADMIN}/reports/{made}/resolve")
    return made


async def made(s: Scene, name: str, **body: Any) -> str:
    """A thing of the Admin API; gives its id."""
    thing = await answered(s.me, "POST", f"{_ADMIN}/{name}", json=body)
    return str(thing["id"])


def _domain(person: Person) -> str:
    return f"{person.name}.example"


def _network(person: Person) -> str:
    number = int(person.id) % 2**40
    return f"2001:db8:{number >> 16 & 0xFFFF:x}:{number & 0xFFFF:x}::/64"


async def domain_block_of(s: Scene, other: Person) -> str:
    return await made(s, "domain_blocks", domain=_domain(other), severity="silence")


async def domain_block(s: Scene) -> str:
    return await domain_block_of(s, s.me)


async def domain_allow_of(s: Scene, other: Person) -> str:
    return await made(s, "domain_allows", domain=_domain(other))


async def domain_allow(s: Scene) -> str:
    return await domain_allow_of(s, s.me)


async def ip_block_of(s: Scene, other: Person) -> str:
    return await made(s, "ip_blocks", ip=_network(other), severity="sign_up_block", expires_in=3600)


async def ip_block(s: Scene) -> str:
    return await ip_block_of(s, s.me)


async def email_domain_block_of(s: Scene, other: Person) -> str:
    return await made(s, "email_domain_blocks", domain=_domain(other))


async def email_domain_block(s: Scene) -> str:
    return await email_domain_block_of(s, s.me)


async def email_block_of(s: Scene, other: Person) -> str:
    return await made(s, "canonical_email_blocks", email=f"{other.name}@bad.example")


async def email_block(s: Scene) -> str:
    return await email_block_of(s, s.me)


DAYS = {
    "start_at": (datetime.now(UTC) - timedelta(days=7)).isoformat(),
    "end_at": datetime.now(UTC).isoformat(),
}


async def my_domain(s: Scene) -> str:
    return _domain(s.me)


async def my_network(s: Scene) -> str:
    return _network(s.me)


async def blocked_email(s: Scene) -> str:
    await email_block(s)
    return f"{s.me.name}@bad.example"


async def something_trends(s: Scene) -> None:
    """A tag, a post and a link, made once a world: nothing else takes so many posts."""
    if not await s.world.runtime.db.fetchval("SELECT EXISTS (SELECT FROM link_trends)"):
        await s.fill(1, trending)


async def _trend(s: Scene, query: str) -> str:
    await something_trends(s)
    return str(await s.world.runtime.db.fetchval(query))


async def trending_tag(s: Scene) -> str:
    return await _trend(s, "SELECT tag_id FROM tag_trends LIMIT 1")


async def trending_status(s: Scene) -> str:
    return await _trend(s, "SELECT status_id FROM status_trends LIMIT 1")


async def trending_link(s: Scene) -> str:
    return await _trend(s, "SELECT card_id FROM link_trends LIMIT 1")


async def publisher(s: Scene) -> str:
    return await _trend(s, "SELECT id FROM publishers LIMIT 1")


async def publisher_of(s: Scene, other: Person) -> None:
    await s.world.runtime.db.execute(
        "INSERT INTO publishers (domain) VALUES ($1) ON CONFLICT DO NOTHING", _domain(other)
    )


async def tag_of(s: Scene, other: Person) -> None:
    await say(other, f"#of{other.name}")


async def tag(s: Scene) -> str:
    await tag_of(s, s.me)
    return str(
        await s.world.runtime.db.fetchval("SELECT id FROM tags WHERE name = $1", f"of{s.me.name}")
    )


async def measured(s: Scene) -> dict[str, Any]:
    """Every number that there is, with something to count."""
    tag_id = await trending_tag(s)
    about = {key: {"domain": "far.example"} for key in KEYS if key.startswith("instance_")}
    tags = {f"tag_{name}": {"id": tag_id} for name in ("accounts", "uses", "servers")}
    return {"keys": list(KEYS), **DAYS, **tags, **about}


async def dimensioned(s: Scene) -> dict[str, Any]:
    tag_id = await trending_tag(s)
    await s.world.pass_time()
    tags = {f"tag_{name}": {"id": tag_id} for name in ("servers", "languages")}
    about = {key: {"domain": "far.example"} for key in DIMENSIONS if key.startswith("instance_")}
    return {"keys": list(DIMENSIONS), "limit": 5, **tags, **about}
