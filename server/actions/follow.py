"""A member follows, asks to, or no longer does; and answers those who ask."""

import contextlib
from typing import Any

from server.errors import Forbidden, NotFound
from server.fanout import follows as fanout
from server.fanout.notifications import notify
from server.outbox import relations
from server.runtime import Runtime
from server.store import accounts, blocks, domain_blocks, follows, notifications
from server.store.accounts import Account
from server.transaction import Transaction


async def follow_account(
    runtime: Runtime,
    account_id: int,
    target_id: int,
    *,
    show_boosts: bool,
    notify_posts: bool,
    languages: list[str] | None,
) -> None:
    """Follow, ask (who is locked or elsewhere, or when silenced), or change how one follows.

    Raises NotFound, Forbidden (oneself, suspended, blocked either way).
    """
    account = await accounts.get_account(runtime.db, account_id)
    target = await accounts.get_account(runtime.db, target_id)
    wishes: dict[str, Any] = {
        "show_boosts": show_boosts,
        "notify": notify_posts,
        "languages": languages,
    }
    async with runtime.transaction() as tx:
        await _check(tx, account, target)
        if await follows.find(tx.db, "follows", account_id, target_id):
            await follows.insert_follow(tx.db, account_id, target_id, None, **wishes)
            return
        asked = await follows.find(tx.db, "follow_requests", account_id, target_id)
        uri = (
            asked.uri if asked and asked.uri else relations.new_activity_uri(tx, account, "follows")
        )
        if target.is_local and not target.locked and not account.silenced_at:
            await follows.insert_follow(tx.db, account_id, target_id, uri, **wishes)
            await fanout.fill(tx, account_id, target_id)
            await notifications.delete_notifications(
                tx.db, "follow_request", target_id, account_id, None
            )
            await notify(tx, "follow", [target_id], account_id)
            return
        await follows.insert_request(tx.db, account_id, target_id, uri, **wishes)
        if asked:  # told once, as Mastodon does: some servers fail at a Follow that they know
            return
        await notify(tx, "follow_request", [target_id], account_id)
        await relations.send_follow(tx, account, target, uri)


async def unfollow_account(runtime: Runtime, account_id: int, target_id: int) -> None:
    """End a follow or take a request back; nothing happens when there is neither."""
    account = await accounts.get_account(runtime.db, account_id)
    target = await accounts.get_account(runtime.db, target_id)
    async with runtime.transaction() as tx:
        ended = await follows.delete_follow(tx.db, account_id, target_id)
        asked = await follows.delete_request(tx.db, account_id, target_id)
        if ended:
            await fanout.empty(tx, account_id, target_id)
        for kind in ("follow", "follow_request"):
            await notifications.delete_notifications(tx.db, kind, target_id, account_id, None)
        gone = ended or asked
        if gone:
            await relations.send_undo_follow(tx, account, target, gone.uri)


async def remove_follower(runtime: Runtime, account_id: int, follower_id: int) -> None:
    """Make somebody follow no longer; nothing happens when they do not."""
    account = await accounts.get_account(runtime.db, account_id)
    follower = await accounts.get_account(runtime.db, follower_id)
    async with runtime.transaction() as tx:
        ended = await follows.delete_follow(tx.db, follower_id, account_id)
        if ended:
            await fanout.empty(tx, follower_id, account_id)
            await relations.send_reject_follow(tx, account, follower, ended.uri)


async def accept_request(runtime: Runtime, account_id: int, follower_id: int) -> None:
    """Let somebody follow who asked. Raises NotFound when nobody asked."""
    account = await accounts.get_account(runtime.db, account_id)
    follower = await accounts.get_account(runtime.db, follower_id)
    async with runtime.transaction() as tx:
        request = await follows.find(tx.db, "follow_requests", follower_id, account_id)
        if request is None:
            raise NotFound
        await fanout.grant(tx, request)
        await notifications.delete_notifications(
            tx.db, "follow_request", account_id, follower_id, None
        )
        await notify(tx, "follow", [account_id], follower_id)
        await relations.send_accept_follow(tx, account, follower, request.uri)


async def accept_requests_job(runtime: Runtime, account_id: int) -> None:
    """Job: an account is locked no more, so whoever asked to follow it does, oldest first.

    Whom moderators have silenced still waits for an answer.
    """
    member = await accounts.get_account(runtime.db, account_id)
    if member.locked:
        return
    for follower_id in await follows.list_askers(runtime.db, account_id):
        with contextlib.suppress(NotFound):  # taken back meanwhile
            await accept_request(runtime, account_id, follower_id)


async def reject_request(runtime: Runtime, account_id: int, follower_id: int) -> None:
    """Do not let somebody follow who asked. Raises NotFound when nobody asked."""
    account = await accounts.get_account(runtime.db, account_id)
    follower = await accounts.get_account(runtime.db, follower_id)
    async with runtime.transaction() as tx:
        request = await follows.delete_request(tx.db, follower_id, account_id)
        if request is None:
            raise NotFound
        await notifications.delete_notifications(
            tx.db, "follow_request", account_id, follower_id, None
        )
        await relations.send_reject_follow(tx, account, follower, request.uri)


async def _check(tx: Transaction, account: Account, target: Account) -> None:
    if target.id == account.id:
        raise Forbidden("Following your own account is not allowed")
    if target.suspended_at:
        raise NotFound
    is_blocked = await blocks.is_blocked(tx.db, target.id, account.id)
    blocks_them = await blocks.is_blocked(tx.db, account.id, target.id)
    blocks_domain = target.domain and await domain_blocks.is_blocked(
        tx.db, account.id, target.domain
    )
    if is_blocked or blocks_them or blocks_domain or target.moved_to_id:
        raise Forbidden
