"""Roles: the permission bits open routes, and acts are logged."""

from server.identity.permissions import Permission, allows
from server.runtime import Runtime
from server.store import audit_log, roles
from server.store.pages import Page
from tests.makers import make_member


async def test_roles_say_what_they_allow(runtime: Runtime) -> None:
    await make_member(runtime, "olga", role="owner")
    moderator = await make_member(runtime, "mo", role="moderator")
    everyone = Permission.INVITE_USERS | Permission.INVITE_BYPASS_APPROVAL
    role = await roles.role_of(runtime.db, moderator.id)
    assert role
    assert (role.name, role.permissions) == ("Moderator", 1308 | Permission.VIEW_FEEDS | everyone)
    assert allows(role.permissions, Permission.MANAGE_REPORTS)
    assert not allows(role.permissions, Permission.MANAGE_SETTINGS)
    assert allows(1, Permission.MANAGE_SETTINGS)


async def test_log_of_acts(runtime: Runtime) -> None:
    olga = await make_member(runtime, "olga", role="owner")
    for name in ("one", "two"):
        await audit_log.record(runtime.db, olga.id, "silence", "account", 5, name, why="x")
    await audit_log.record(runtime.db, None, "suspend", "account", 6, "six")
    entries = await audit_log.entry_page(runtime.db, Page(10), target_id=5)
    assert [(e.actor, e.target_name, e.details) for e in entries] == [
        ("olga", "two", {"why": "x"}),
        ("olga", "one", {"why": "x"}),
    ]
