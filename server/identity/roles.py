"""What members may do beyond their own account: given and taken by owners, on the command line."""

from server import events
from server.identity.permissions import Permission
from server.runtime import Runtime
from server.store import audit_log, roles
from server.store.users import User


async def give_role(runtime: Runtime, user: User, name: str) -> None:
    """Give a member a role (a key of `roles.BY_NAME`) in place of the one before."""
    async with runtime.transaction() as tx:
        await roles.set_role(tx.db, user.account_id, roles.BY_NAME[name])
        await audit_log.record(
            tx.db, None, "change_role", "account", user.account_id, user.username, role=name
        )
        events.account_changed(tx, user.account_id)


async def allow(runtime: Runtime, name: str, permission: Permission, *, is_on: bool) -> None:
    """Let a role do something more, or no longer; what members may, all roles may."""
    async with runtime.transaction() as tx:
        await roles.set_permission(tx.db, roles.BY_NAME[name], permission.value, is_on=is_on)
        await audit_log.record(
            tx.db,
            None,
            "update",
            "user_role",
            roles.BY_NAME[name],
            name,
            permission=(permission.name or "").lower(),
            allowed=is_on,
        )
        for account_id in await roles.members_of(tx.db, roles.BY_NAME[name]):
            events.account_changed(tx, account_id)
