"""Who may act upon whom: a role's permission, and a place above the other's."""

from server.errors import Forbidden
from server.identity.permissions import Permission, allows
from server.store import accounts, roles
from server.store.database import Database


async def check_may(
    db: Database, moderator_id: int | None, needed: Permission, target_id: int | None = None
) -> None:
    """Whether a moderator may do that, to that account; nobody acts upon an equal or higher role.

    None as moderator is the command line, which may do everything. Raises Forbidden; NotFound for
    a target that there is not.
    """
    role = await roles.role_of(db, moderator_id) if moderator_id else None
    if moderator_id and (role is None or not allows(role.permissions, needed)):
        raise Forbidden
    if target_id is not None and not await is_below(db, moderator_id, target_id):
        raise Forbidden


async def is_below(db: Database, moderator_id: int | None, target_id: int) -> bool:
    """Whether a moderator stands above an account at all, whatever their role allows.

    Raises NotFound.
    """
    target = await accounts.get_account(db, target_id)
    if target.is_local and target.actor_type == "Application":
        return False  # the instance's own actor
    role = await roles.role_of(db, moderator_id) if moderator_id else None
    other = await roles.role_of(db, target_id)
    return role is None or other is None or role.position > other.position
