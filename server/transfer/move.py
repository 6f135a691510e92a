"""Accounts move: a member leaves for another server, or somebody whom members follow did.

Followers here come along one by one, with how they followed; the old follow ends when the new one
stands, so that nobody is lost while a request waits. Everything may be done twice.
"""

import contextlib

from federation.errors import RemoteError
from server import events
from server.actions import block, follow
from server.errors import Forbidden, Invalid, NotFound
from server.outbox import profiles
from server.remote import actors, resolve
from server.runtime import Runtime
from server.store import accounts, moves
from server.store.accounts import Account
from server.store.moves import Move
from server.text.move_notes import move_notes
from server.transaction import Transaction

_BATCH = 100  # followers
_MOST_ALIASES = 20  # others read no more of them
_REFUSALS = {
    "not_found": "could not be found",
    "move_to_self": "cannot be current account",
    "already_moved": "is the same account you have already moved to",
    "missing_also_known_as": "is not an alias of this account",
    "on_cooldown": "is on cooldown",
    "too_many": "has too many aliases",
}


async def add_alias(runtime: Runtime, account_id: int, handle: str) -> None:
    """Say that another account is the member's, too: what lets it move here. Raises Invalid."""
    account = await accounts.get_account(runtime.db, account_id)
    other = await _find(runtime, handle)
    if other.id == account_id:
        raise _refusal("move_to_self")
    uris = list(dict.fromkeys([*account.also_known_as, other.uri]))
    if len(uris) > _MOST_ALIASES:
        raise _refusal("too_many")
    await _set_aliases(runtime, account_id, uris)


async def remove_alias(runtime: Runtime, account_id: int, uri: str) -> None:
    """Take an alias back; nothing happens when there is none."""
    account = await accounts.get_account(runtime.db, account_id)
    await _set_aliases(runtime, account_id, [one for one in account.also_known_as if one != uri])


async def move_away(runtime: Runtime, account_id: int, handle: str) -> Move:
    """Move a member's account: the target must name it as an alias, and followers come along.

    Raises Invalid with one of _REFUSALS.
    """
    account = await accounts.get_account(runtime.db, account_id)
    target = await _find(runtime, handle, is_fresh=True)
    _check_target(account, target)
    if account.uri not in target.also_known_as:
        raise _refusal("missing_also_known_as")
    async with runtime.transaction() as tx:
        move = await moves.insert_move(tx.db, account_id, target.id)
        if move is None:
            raise _refusal("on_cooldown")
        await moves.set_moved_to(tx.db, account_id, target.id)
        await profiles.send_move(tx, account, target, move.id)
        _changed(tx, account_id)
        tx.enqueue("bring_followers", move.id, 0)
    return move


async def redirect(runtime: Runtime, account_id: int, handle: str) -> None:
    """Point visitors to another account; followers stay. Raises Invalid with one of _REFUSALS."""
    account = await accounts.get_account(runtime.db, account_id)
    target = await _find(runtime, handle)
    _check_target(account, target)
    async with runtime.transaction() as tx:
        await moves.set_moved_to(tx.db, account_id, target.id)
        _changed(tx, account_id)


async def stay(runtime: Runtime, account_id: int) -> None:
    """Take a redirect back: the account can be used again. Followers that left have left."""
    async with runtime.transaction() as tx:
        await moves.set_moved_to(tx.db, account_id, None)
        _changed(tx, account_id)


async def accept_move(runtime: Runtime, source: Account, target_uri: str) -> None:
    """Somebody elsewhere moved: if the target, asked now, says so as well, our members follow it.

    Raises what fetching raises; a move that is not confirmed, or came before, changes nothing.
    """
    source = await actors.fetch_account(runtime, source.uri)
    target = await accounts.find_by_uri(runtime.db, target_uri)
    if target is None or not target.is_local:
        target = await actors.fetch_account(runtime, target_uri)
    is_named = source.uri in target.also_known_as
    if not is_named or target.suspended_at or target.moved_to_id or target.id == source.id:
        return
    async with runtime.transaction() as tx:
        await moves.set_moved_to(tx.db, source.id, target.id)
        if move := await moves.insert_move(tx.db, source.id, target.id):
            tx.enqueue("bring_followers", move.id, 0)


async def bring_followers_job(runtime: Runtime, move_id: int, after_id: int) -> None:
    """Job: let the next of our members who follow an account that moved follow the new one."""
    move = await moves.find_move(runtime.db, move_id)
    if move is None:
        return
    found = await moves.list_member_followers(runtime.db, move_id, after_id, _BATCH)
    for member_id, show_boosts, notify_posts, languages in found:
        with contextlib.suppress(Forbidden, NotFound):  # blocked, full, gone meanwhile
            await follow.follow_account(
                runtime,
                member_id,
                move.target_id,
                show_boosts=show_boosts,
                notify_posts=notify_posts,
                languages=languages,
            )
            await leave_behind_job(runtime, member_id, move.target_id)
    if len(found) == _BATCH:
        async with runtime.transaction() as tx:
            tx.enqueue("bring_followers", move_id, found[-1][0])
        return
    await _carry_over(runtime, move)


async def leave_behind_job(runtime: Runtime, member_id: int, target_id: int) -> None:
    """Job: whoever follows the new account is no longer in need of the old one."""
    for source_id in await moves.list_left_behind(runtime.db, member_id, target_id):
        await moves.copy_lists(runtime.db, member_id, source_id, target_id)
        await follow.unfollow_account(runtime, member_id, source_id)


async def _carry_over(runtime: Runtime, move: Move) -> None:
    """What members decided about the old account holds for the new one."""
    source = await accounts.get_account(runtime.db, move.account_id)
    blockers = await moves.list_blockers(runtime.db, move.id)
    for member_id in blockers:
        await block.block_account(runtime, member_id, move.target_id)
    async with runtime.transaction() as tx:
        await moves.carry_over(tx.db, move.id, blockers, move_notes(source.acct))


async def _find(runtime: Runtime, handle: str, *, is_fresh: bool = False) -> Account:
    """The account that a member typed, read again at its origin if `is_fresh`. Raises Invalid."""
    username, _, domain = handle.strip().removeprefix("@").partition("@")
    domain = domain.lower() or runtime.settings.domain
    found = await resolve.resolve_handle(runtime, username, domain) if username else None
    if found and is_fresh and not found.is_local:
        try:
            found = await actors.fetch_account(runtime, found.uri)
        except RemoteError:
            found = None
    if found is None or found.suspended_at:
        raise _refusal("not_found")
    return found


def _check_target(account: Account, target: Account) -> None:
    if target.id == account.id:
        raise _refusal("move_to_self")
    if account.moved_to_id == target.id:
        raise _refusal("already_moved")


async def _set_aliases(runtime: Runtime, account_id: int, uris: list[str]) -> None:
    async with runtime.transaction() as tx:
        await moves.set_aliases(tx.db, account_id, uris)
        _changed(tx, account_id)


def _changed(tx: Transaction, account_id: int) -> None:
    """Tell followers elsewhere, and open streams: who has moved may do less."""
    tx.enqueue("send_profile", account_id, once_key=f"send_profile {account_id}")
    events.account_changed(tx, account_id)


def _refusal(code: str) -> Invalid:
    """With Mastodon's name of the problem, and its text."""
    text = _REFUSALS[code]
    return Invalid(f"Validation failed: Acct {text}", {"acct": [(code, text)]})
