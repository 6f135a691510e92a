"""A member's table is read row by row by the worker: each row is done, or kept as failed."""

import logging
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from server.actions import block, block_domain, follow, mute
from server.errors import ServerError, TooLarge
from server.remote import resolve
from server.runtime import Runtime
from server.store import (
    accounts,
    blocks,
    bookmarks,
    domain_blocks,
    exports,
    follows,
    imports,
    jobs,
    lists,
    mutes,
    statuses,
    users,
)
from server.store.accounts import Account
from server.store.database import AWAY
from server.store.imports import Import
from server.store.jobs import NewJob
from server.store.statuses import Status
from server.transfer import filter_file, old_posts, tables

log = logging.getLogger(__name__)

_BATCH = 20  # rows that a job does before others have their turn,
_TURN_SECONDS = 60.0  # unless their servers are slow: then it does fewer
_LARGEST = 20 * 1024**2
_HELD = timedelta(minutes=1)  # longer than a row takes
_LATER = timedelta(hours=1)


async def begin_import(
    runtime: Runtime, account_id: int, kind: str, file_name: str, body: bytes, *, overwrite: bool
) -> int:
    """Read a table and keep it until it is confirmed; gives the import's id.

    Raises Invalid, TooLarge.
    """
    if len(body) > _LARGEST:
        raise TooLarge(f"Validation failed: Data must be less than {_LARGEST // 1024**2} MB")
    is_table = kind in tables.KINDS
    read = partial(tables.read_table, kind) if is_table else filter_file.read_filters
    rows = await runtime.offload(read, body)
    return await imports.insert_import(
        runtime.db, account_id, kind, file_name[:200], rows, overwrite=overwrite
    )


async def confirm_import(runtime: Runtime, account_id: int, import_id: int) -> None:
    """Have the worker begin. Raises NotFound."""
    await imports.get_import(runtime.db, import_id, account_id)
    async with runtime.transaction() as tx:
        if await imports.set_state(tx.db, import_id, "unconfirmed", "scheduled"):
            tx.enqueue("import_rows", import_id)


async def hold_import(runtime: Runtime, import_id: int) -> None:
    """Say again and again that an import is done here: else the worker does the rest in a minute,
    however this process ended.
    """
    await jobs.put_off_job(runtime.db, _rest(import_id, datetime.now(UTC) + _HELD))


async def let_go_of_import(runtime: Runtime, import_id: int, *, is_more: bool) -> None:
    """It is done, or the worker does the rest now."""
    rest = _rest(import_id)
    if is_more:
        await jobs.put_off_job(runtime.db, rest)
    else:
        await jobs.drop_job(runtime.db, str(rest.once_key))


def _rest(import_id: int, at: datetime | None = None) -> NewJob:
    return NewJob("import_rows", [import_id], f"import_rows {import_id}", at)


async def import_rows_job(runtime: Runtime, import_id: int) -> None:
    """Job: do some rows and come back for more; those of a frozen or suspended member wait."""
    found = await imports.find_import(runtime.db, import_id)
    user = await users.find_user(runtime.db, found.account_id) if found else None
    if user is None:
        return
    is_held = user.state in {"disabled", "suspended"}
    if is_held or await import_some(runtime, import_id):
        # With a key: a worker that is killed now does this turn again, and leaves one turn more to
        # be done, not two that go on side by side.
        rest = _rest(import_id, datetime.now(UTC) + _LATER if is_held else None)
        async with runtime.transaction() as tx:
            tx.enqueue(rest.name, import_id, once_key=rest.once_key, run_at=rest.run_at)


async def import_some(runtime: Runtime, import_id: int, most: int = _BATCH) -> bool:
    """Do at most so many rows of a confirmed import; gives whether there are more."""
    found = await imports.find_import(runtime.db, import_id)
    if found is None or found.state not in {"scheduled", "in_progress"}:
        return False
    if found.state == "scheduled":
        if found.overwrite:
            await _clear(runtime, found)
        await imports.set_state(runtime.db, import_id, "scheduled", "in_progress")
    end = time.monotonic() + _TURN_SECONDS
    for position, data in await imports.list_waiting(runtime.db, import_id, most):
        try:
            is_good = await _ROWS[found.kind](runtime, found, data)
        except ServerError:  # blocked, not found, not allowed
            is_good = False
        except AWAY:
            raise
        except Exception:
            log.exception("import %s: row %s", import_id, position)
            is_good = False  # one row that nobody foresaw must not hold up all others
        await imports.finish_row(runtime.db, import_id, position, is_good=is_good)
        if time.monotonic() >= end:
            break
    if await imports.list_waiting(runtime.db, import_id, 1):
        return True
    await imports.set_state(runtime.db, import_id, "in_progress", "finished")
    return False


async def _follow(runtime: Runtime, found: Import, row: dict[str, Any]) -> bool:
    target = await _find(runtime, row["acct"])
    if target is None:
        return False
    await follow.follow_account(
        runtime,
        found.account_id,
        target.id,
        show_boosts=row["show_boosts"],
        notify_posts=row["notify"],
        languages=row["languages"],
    )
    return True


async def _block(runtime: Runtime, found: Import, row: dict[str, Any]) -> bool:
    target = await _find(runtime, row["acct"])
    if target is None:
        return False
    if not await blocks.is_blocked(runtime.db, found.account_id, target.id):
        await block.block_account(runtime, found.account_id, target.id)
    return True


async def _mute(runtime: Runtime, found: Import, row: dict[str, Any]) -> bool:
    target = await _find(runtime, row["acct"])
    if target is None:
        return False
    await mute.mute_account(
        runtime,
        found.account_id,
        target.id,
        hide_notifications=row["hide_notifications"],
        duration_seconds=0,
    )
    return True


async def _block_domain(runtime: Runtime, found: Import, row: dict[str, Any]) -> bool:
    await block_domain.block_domain(runtime, found.account_id, row["domain"])
    return True


async def _bookmark(runtime: Runtime, found: Import, row: dict[str, Any]) -> bool:
    status = await resolve.resolve_uri(runtime, row["uri"])
    if not isinstance(status, Status):
        return False
    visible = await statuses.get_visible_status(runtime.db, status.id, found.account_id)
    await bookmarks.insert_bookmark(runtime.db, found.account_id, visible.id)
    return True


async def _list(runtime: Runtime, found: Import, row: dict[str, Any]) -> bool:
    """Whoever is to be on a list is followed; who has to agree first cannot be put there yet."""
    target = await _find(runtime, row["acct"])
    if target is None or not row["list_name"]:
        return False
    known = await lists.list_lists(runtime.db, found.account_id)
    one = next((one for one in known if one.title == row["list_name"]), None)
    if one is None:
        one = await lists.insert_list(
            runtime.db, found.account_id, row["list_name"], "list", exclusive=False
        )
    is_followed = await follows.find(runtime.db, "follows", found.account_id, target.id)
    if not is_followed and target.id != found.account_id:
        wishes = {"acct": row["acct"], "show_boosts": True, "notify": False, "languages": None}
        await _follow(runtime, found, wishes)
    return await lists.add_accounts(runtime.db, found.account_id, one.id, [target.id]) > 0


async def _find(runtime: Runtime, acct: str) -> Account | None:
    name, _, domain = acct.strip().partition("@")
    own = runtime.settings.domain
    found = await resolve.resolve_handle(runtime, name, domain.lower() or own) if name else None
    return None if found is None or found.suspended_at else found


async def _clear(runtime: Runtime, found: Import) -> None:
    """What the table does not name ends, as with Mastodon's "overwrite"."""
    db, member, own = runtime.db, found.account_id, runtime.settings.domain
    rows = await imports.list_rows(db, found.id, failed=False)
    if found.kind == "lists":
        titles = {row["list_name"] for row in rows}
        for one in await lists.list_lists(db, member):
            if one.title not in titles:
                await lists.delete_list(db, one.id)
            else:
                await lists.empty_list(db, one.id)
        return
    if found.kind == filter_file.KIND:
        await filter_file.clear_filters(runtime, member, {row["title"] for row in rows})
        return
    key = {"domain_blocking": "domain", "bookmarks": "uri"}.get(found.kind, "acct")
    named = {_whole(row[key], own) if key == "acct" else row[key] for row in rows}
    for [there, *_] in await exports.list_rows(db, found.kind, member, own):
        if (there.lower() if key == "acct" else there) not in named:
            await _end(runtime, found, there)


async def _end(runtime: Runtime, found: Import, name: str) -> None:
    """One tie that the table does not name: `name` is a handle, a domain or an id."""
    db, member = runtime.db, found.account_id
    if found.kind == "domain_blocking":
        await domain_blocks.delete_block(db, member, name)
        return
    if found.kind == "bookmarks":
        status = await statuses.find_by_uri(db, name)
        if status:
            await bookmarks.delete_bookmark(db, member, status.id)
        return
    username, _, domain = name.partition("@")
    is_own = runtime.addresses.is_own_domain(domain)
    target = await accounts.find_by_handle(db, username, None if is_own else domain)
    if target is None:
        return
    if found.kind == "following":
        await follow.unfollow_account(runtime, member, target.id)
    elif found.kind == "blocking":
        await block.unblock_account(runtime, member, target.id)
    else:
        await mutes.delete_mute(db, member, target.id)


def _whole(acct: str, own: str) -> str:
    return (acct if "@" in acct else f"{acct}@{own}").lower()


_ROWS = {
    "following": _follow,
    "blocking": _block,
    "muting": _mute,
    "domain_blocking": _block_domain,
    "bookmarks": _bookmark,
    "lists": _list,
    filter_file.KIND: filter_file.import_filter,
    "statuses": old_posts.import_post,
}
