"""Moderators end invitations of others."""

from server.errors import NotFound
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.runtime import Runtime
from server.store import audit_log, invites


async def end_invite(runtime: Runtime, moderator_id: int, invite_id: int) -> None:
    """Make a link good for nobody. Raises NotFound, Forbidden."""
    await check_may(runtime.db, moderator_id, Permission.MANAGE_INVITES)
    async with runtime.transaction() as tx:
        ended = await invites.end_any(tx.db, invite_id)
        if not ended:
            raise NotFound
        for number, maker in ended:
            await audit_log.record(tx.db, moderator_id, "destroy", "invite", number, maker)


async def end_all(runtime: Runtime, moderator_id: int) -> None:
    """The same with all that are good. Raises Forbidden."""
    await check_may(runtime.db, moderator_id, Permission.MANAGE_INVITES)
    async with runtime.transaction() as tx:
        for number, maker in await invites.end_any(tx.db, None):
            await audit_log.record(tx.db, moderator_id, "destroy", "invite", number, maker)
