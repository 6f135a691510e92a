from datetime import UTC, datetime

from server.runtime import Runtime
from server.store.account_views import get_account_view
from server.store.local_accounts import set_suspended
from tests.makers import make_member, make_remote
from web.entities.account import account_entity
from web.entities.values import day, timestamp

KEYS = {
    "id",
    "username",
    "acct",
    "url",
    "uri",
    "display_name",
    "note",
    "avatar",
    "avatar_static",
    "header",
    "header_static",
    "locked",
    "fields",
    "emojis",
    "bot",
    "group",
    "discoverable",
    "noindex",
    "created_at",
    "last_status_at",
    "statuses_count",
    "followers_count",
    "following_count",
    "hide_collections",
    "indexable",
    "roles",
}


async def test_every_field_of_mastodons_account(runtime: Runtime) -> None:
    member = await make_member(runtime, role="owner")
    entity = account_entity(await get_account_view(runtime.db, member.id), runtime.addresses)
    assert set(entity) >= KEYS
    assert (entity["acct"], entity["roles"][0]["name"]) == ("anna", "Owner")
    await runtime.db.execute("UPDATE roles SET highlighted = false")
    entity = account_entity(await get_account_view(runtime.db, member.id), runtime.addresses)
    assert entity["roles"] == [], "a role that is not highlighted is shown to nobody"
    remote = await make_remote(runtime)
    entity = account_entity(await get_account_view(runtime.db, remote.id), runtime.addresses)
    assert (entity["acct"], entity["url"]) == ("remy@far.example", "https://far.example/@remy")


async def test_a_suspended_account_is_a_name_alone(runtime: Runtime) -> None:
    member = await make_member(runtime)
    await set_suspended(runtime.db, member.id, is_suspended=True)
    entity = account_entity(await get_account_view(runtime.db, member.id), runtime.addresses)
    assert entity["suspended"] is True
    assert (entity["note"], entity["display_name"], entity["fields"]) == ("", "", [])


def test_times_as_clients_parse_them() -> None:
    at = datetime(2026, 11, 23, 19, 24, 8, 123456, UTC)
    assert timestamp(at) == "2026-11-23T19:24:08.123Z"
    assert day(at) == "2026-11-23"
