"""Moderators help members who cannot sign in any more, once they know who asks."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from server.errors import Forbidden, NotFound
from server.identity import password_resets, second_factors, sign_up
from server.identity.permissions import Permission
from server.moderation.ranks import check_may
from server.runtime import Runtime
from server.store import audit_log, users
from server.store.users import User
from server.transaction import Transaction

Help = Callable[[Runtime, int | None, int], Awaitable[None]]


async def reset_password(runtime: Runtime, moderator_id: int | None, account_id: int) -> None:
    """End a password and all that was opened with it; the member is mailed a link to a new one.

    Raises NotFound, Forbidden (also without a mail server).
    """
    if not runtime.settings.smtp_url:
        raise Forbidden
    async with _helping(runtime, moderator_id, account_id, "reset_password") as (tx, user):
        await password_resets.end_password(runtime, tx, user)


async def remove_second_factors(
    runtime: Runtime, moderator_id: int | None, account_id: int
) -> None:
    """Let a member sign in with the password alone. Raises NotFound, Forbidden."""
    async with _helping(runtime, moderator_id, account_id, "disable_2fa") as (tx, user):
        await second_factors.remove_all(runtime, tx, user)


async def confirm_email(runtime: Runtime, moderator_id: int | None, account_id: int) -> None:
    """Take a newcomer's address for theirs. Raises NotFound, Forbidden (also if it is already)."""
    async with _helping(runtime, moderator_id, account_id, "confirm") as (tx, user):
        if not await sign_up.confirm_by_hand(tx, user):
            raise Forbidden


@asynccontextmanager
async def _helping(
    runtime: Runtime, moderator_id: int | None, account_id: int, action: str
) -> AsyncIterator[tuple[Transaction, User]]:
    """A transaction in which a member is helped, with its entry in the log.

    Raises NotFound, Forbidden.
    """
    await check_may(runtime.db, moderator_id, Permission.MANAGE_USER_ACCESS, account_id)
    async with runtime.transaction() as tx:
        user = await users.find_user(tx.db, account_id)
        if user is None:
            raise NotFound
        yield tx, user
        await audit_log.record(tx.db, moderator_id, action, "user", account_id, user.username)
