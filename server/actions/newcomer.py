"""Somebody has joined: who invited them, and who looks after members, hear of it."""

import contextlib

from server.actions.follow import follow_account
from server.errors import Forbidden
from server.fanout.notifications import notify
from server.identity.permissions import Permission
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.store import email_subscriptions, invites, roles, users
from server.store.users import User

_LOOKS_AFTER_MEMBERS = Permission.MANAGE_USERS | Permission.ADMINISTRATOR


async def receive_newcomer_job(runtime: Runtime, account_id: int) -> None:
    """Job: they follow who invited them, and whom they followed by mail.

    Moderators are told, by mail when one has to decide.
    """
    user = await users.find_user(runtime.db, account_id)
    if user is None:
        return
    moderators = await roles.members_with(runtime.db, _LOOKS_AFTER_MEMBERS)
    if user.state == "unapproved":
        await _ask_for_a_look(runtime, user, moderators)
    if user.is_waiting:
        return
    async with runtime.transaction() as tx:
        await notify(tx, "admin.sign_up", moderators, account_id)
    authors = await email_subscriptions.take_of_address(runtime.db, user.email)
    inviter_id = await invites.followed_inviter(runtime.db, account_id)
    for target_id in {*authors, *([inviter_id] if inviter_id else [])}:
        with contextlib.suppress(Forbidden):  # the author is gone or blocks them
            await follow_account(
                runtime, account_id, target_id, show_boosts=True, notify_posts=False, languages=None
            )


async def _ask_for_a_look(runtime: Runtime, user: User, moderators: list[int]) -> None:
    async with runtime.transaction() as tx:
        for moderator_id in moderators:
            moderator = await users.find_user(tx.db, moderator_id)
            assert moderator is not None
            values = {
                "name": moderator.username,
                "newcomer": user.username,
                "reason": user.reason or "",
            }
            enqueue_mail(runtime, tx, moderator.email, "newcomer", moderator.locale, values)
