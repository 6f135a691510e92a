"""Roles: made, changed and given, by nobody beyond what they have themselves."""

import re
from dataclasses import dataclass

import asyncpg

from server import events
from server.errors import Forbidden, Invalid, NotFound
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.runtime import Runtime
from server.store import audit_log, roles, users
from server.store.roles import BUILT_IN, EVERYONE, Role
from server.transaction import Transaction

# What all members may be allowed: nothing of it is about others' accounts or this place.
FOR_EVERYONE = (
    Permission.INVITE_USERS
    | Permission.INVITE_BYPASS_APPROVAL
    | Permission.MANAGE_EMAIL_SUBSCRIPTIONS
)
LONGEST_NAME = 100
_HIGHEST = 2**31 - 1
_COLOR = re.compile(r"#?(?:[0-9a-fA-F]{3}){1,2}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A role as somebody wants it."""

    name: str
    color: str = ""
    permissions: int = 0
    position: int = 0
    highlighted: bool = False
    require_2fa: bool = False


async def may_change(runtime: Runtime, moderator_id: int | None) -> list[Role]:
    """The roles that a moderator may change: those below, and a little of their own."""
    own = await _own(runtime, moderator_id)
    return [one for one in await roles.list_roles(runtime.db) if _is_open(own, one)]


async def may_give(runtime: Runtime, moderator_id: int | None) -> list[Role]:
    """The roles that a moderator may give: none above, none that allows what they may not."""
    own = await _own(runtime, moderator_id)
    return [one for one in await roles.list_roles(runtime.db) if _is_within(own, one)]


async def add_role(runtime: Runtime, moderator_id: int | None, draft: Draft) -> int:
    """A new role; gives its number. Raises Forbidden, Invalid."""
    own = await _own(runtime, moderator_id)
    new = _checked(own, None, draft)
    try:
        async with runtime.transaction() as tx:
            role_id = await roles.insert_role(tx.db, new)
            await audit_log.record(tx.db, moderator_id, "create", "user_role", role_id, new.name)
    except asyncpg.UniqueViolationError as error:
        raise _taken() from error
    return role_id


async def change_role(
    runtime: Runtime, moderator_id: int | None, role_id: int, draft: Draft
) -> None:
    """Make a role another one, for all who have it. Raises NotFound, Forbidden, Invalid."""
    own = await _own(runtime, moderator_id)
    role = await roles.get_role(runtime.db, role_id)
    if not _is_open(own, role):
        raise Forbidden
    new = _checked(own, role, draft)
    try:
        async with runtime.transaction() as tx:
            await roles.update_role(tx.db, new)
            await audit_log.record(tx.db, moderator_id, "update", "user_role", role_id, new.name)
            await _tell_members(tx, role_id)
    except asyncpg.UniqueViolationError as error:
        raise _taken() from error


async def delete_role(runtime: Runtime, moderator_id: int | None, role_id: int) -> None:
    """Take a role away; who had it is a member as others are. Raises NotFound, Forbidden."""
    own = await _own(runtime, moderator_id)
    role = await roles.get_role(runtime.db, role_id)
    if role_id in BUILT_IN or not _is_open(own, role) or (own and own.id == role_id):
        raise Forbidden
    async with runtime.transaction() as tx:
        await _tell_members(tx, role_id)
        await roles.delete_role(tx.db, role_id)
        await audit_log.record(tx.db, moderator_id, "destroy", "user_role", role_id, role.name)


async def give_role(
    runtime: Runtime, moderator_id: int | None, account_id: int, role_id: int
) -> None:
    """Give a member a role in place of the one before. Raises NotFound, Forbidden."""
    await check_may(runtime.db, moderator_id, Permission.MANAGE_ROLES, account_id)
    role = await roles.get_role(runtime.db, role_id)
    if not _is_within(await _own(runtime, moderator_id), role):
        raise Forbidden
    user = await users.find_user(runtime.db, account_id)
    if user is None:
        raise NotFound
    async with runtime.transaction() as tx:
        await roles.set_role(tx.db, account_id, role_id)
        await audit_log.record(
            tx.db, moderator_id, "change_role", "user", account_id, user.username, role=role.name
        )
        events.account_changed(tx, account_id)


async def allow(runtime: Runtime, role_id: int, permission: Permission, *, is_on: bool) -> None:
    """On the command line: let a role do something more, or no longer."""
    async with runtime.transaction() as tx:
        role = await roles.get_role(tx.db, role_id)
        await roles.set_permission(tx.db, role_id, permission.value, is_on=is_on)
        await audit_log.record(
            tx.db,
            None,
            "update",
            "user_role",
            role_id,
            role.name,
            permission=(permission.name or "").lower(),
            allowed=is_on,
        )
        await _tell_members(tx, role_id)


async def _own(runtime: Runtime, moderator_id: int | None) -> Role | None:
    """The moderator's own role; None for the command line, which stands above all. Raises
    Forbidden.
    """
    if moderator_id is None:
        return None
    await check_may(runtime.db, moderator_id, Permission.MANAGE_ROLES)
    return await roles.role_of(runtime.db, moderator_id)


def _is_open(own: Role | None, role: Role) -> bool:
    return own is None or own.id == role.id or own.position > role.position


def _is_within(own: Role | None, role: Role) -> bool:
    if own is None:
        return True
    return role.position <= own.position and not _bits(role.permissions) & ~own.permissions


def _weight(role: Role) -> tuple[int, int, bool]:
    return role.permissions, role.position, role.require_2fa


def _bits(permissions: int) -> int:
    """Whoever may do everything has all of them."""
    return ALL if permissions & Permission.ADMINISTRATOR else permissions


def _checked(own: Role | None, before: Role | None, draft: Draft) -> Role:
    """The role that comes of it. Raises Invalid."""
    if before and before.id == EVERYONE:
        if draft.permissions & ~FOR_EVERYONE:
            raise Invalid("Validation failed: Permissions are not safe for everyone")
        return Role(EVERYONE, "", "", draft.permissions, before.position, highlighted=False)
    name = draft.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("Validation failed: Name can't be blank or too long")
    if draft.color and not _COLOR.fullmatch(draft.color):
        raise Invalid("Validation failed: Color is invalid")
    if abs(draft.position) > _HIGHEST:
        raise Invalid("Validation failed: Position is out of range")
    role = Role(
        before.id if before else 0,
        name,
        draft.color,
        draft.permissions,
        draft.position,
        draft.highlighted,
        draft.require_2fa,
    )
    if before and own and own.id == before.id:
        if _weight(role) != _weight(before):
            raise Invalid("Validation failed: Permissions cannot be changed with your current role")
    elif own:
        added = _bits(role.permissions) & ~_bits(before.permissions if before else 0)
        if role.position > own.position or added & ~own.permissions:
            raise Invalid("Validation failed: Role cannot be beyond your current role")
    return role


async def _tell_members(tx: Transaction, role_id: int) -> None:
    """What is kept of them in memory is no longer true."""
    for account_id in await roles.members_of(tx.db, role_id):
        events.account_changed(tx, account_id)


def _taken() -> Invalid:
    return Invalid("Validation failed: Name has already been taken")


ALL = sum(Permission)
