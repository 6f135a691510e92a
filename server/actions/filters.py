"""A member changes the own filters; copies of them in other processes are dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from server import events
from server.errors import Invalid
from server.runtime import Runtime
from server.store import filters, statuses
from server.store.filters import Filter, KeywordChange

CONTEXTS = ("home", "notifications", "public", "thread", "account")
ACTIONS = ("warn", "hide", "blur")
_MOST_FILTERS = 500
_MOST_PARTS = 1000
_LONGEST_TITLE = 256
_LONGEST_KEYWORD = 512


@dataclass(frozen=True, slots=True)
class FilterChange:
    """What a filter shall be; None leaves it. `expires_at` counts only with `sets_expiry`."""

    title: str | None = None
    contexts: Sequence[str] | None = None
    action: str | None = None
    sets_expiry: bool = False
    expires_at: datetime | None = None
    keywords: Sequence[KeywordChange] = ()


async def create_filter(runtime: Runtime, account_id: int, change: FilterChange) -> Filter:
    """A new filter. Raises Invalid."""
    _check(change, is_new=True)
    async with runtime.transaction() as tx:
        if await filters.count_filters(tx.db, account_id) >= _MOST_FILTERS:
            raise Invalid("Validation failed: Too many filters")
        filter_id = await filters.insert_filter(
            tx.db,
            account_id,
            change.title or "",
            change.contexts or (),
            change.action or "warn",
            change.expires_at,
        )
        await filters.change_keywords(tx.db, filter_id, change.keywords)
        events.filters_changed(tx, account_id)
    return await filters.get_filter(runtime.db, account_id, filter_id)


async def change_filter(
    runtime: Runtime, account_id: int, filter_id: int, change: FilterChange
) -> Filter:
    """Change one of the member's own. Raises NotFound, Invalid."""
    _check(change, is_new=False)
    kept = await filters.get_filter(runtime.db, account_id, filter_id)
    if len(kept.keywords) + len(change.keywords) > _MOST_PARTS:
        raise Invalid("Validation failed: Too many keywords")
    changed = replace(
        kept,
        title=kept.title if change.title is None else change.title,
        contexts=kept.contexts if change.contexts is None else list(change.contexts),
        action=change.action or kept.action,
        expires_at=change.expires_at if change.sets_expiry else kept.expires_at,
    )
    async with runtime.transaction() as tx:
        await filters.update_filter(tx.db, changed)
        await filters.change_keywords(tx.db, filter_id, change.keywords)
        events.filters_changed(tx, account_id)
    return await filters.get_filter(runtime.db, account_id, filter_id)


async def delete_filter(runtime: Runtime, account_id: int, filter_id: int) -> None:
    """Delete one of the member's own. Raises NotFound."""
    await filters.get_filter(runtime.db, account_id, filter_id)
    async with runtime.transaction() as tx:
        await filters.delete_filter(tx.db, account_id, filter_id)
        events.filters_changed(tx, account_id)


async def filter_status(
    runtime: Runtime, account_id: int, filter_id: int, status_id: int
) -> Filter:
    """Let a filter hide a very status that the member can see. Raises NotFound, Invalid."""
    kept = await filters.get_filter(runtime.db, account_id, filter_id)
    status = await statuses.get_visible_status(runtime.db, status_id, account_id)
    if len(kept.statuses) >= _MOST_PARTS:
        raise Invalid("Validation failed: Too many statuses")
    async with runtime.transaction() as tx:
        await filters.insert_status(tx.db, filter_id, status.id)
        events.filters_changed(tx, account_id)
    return await filters.get_filter(runtime.db, account_id, filter_id)


async def unfilter_status(runtime: Runtime, account_id: int, filtered_id: int) -> None:
    """Let a filter hide a very status no longer. Raises NotFound."""
    kept = await filters.find_by_part(runtime.db, account_id, filtered_id=filtered_id)
    async with runtime.transaction() as tx:
        await filters.delete_status(tx.db, kept.id, filtered_id)
        events.filters_changed(tx, account_id)


def _check(change: FilterChange, *, is_new: bool) -> None:
    if (is_new or change.title is not None) and not (change.title or "").strip():
        raise Invalid("Validation failed: Title can't be blank")
    if change.title and len(change.title) > _LONGEST_TITLE:
        raise Invalid("Validation failed: Title is too long (maximum is 256 characters)")
    if (is_new or change.contexts is not None) and not change.contexts:
        raise Invalid("Validation failed: Context can't be blank")
    if set(change.contexts or ()) - set(CONTEXTS):
        raise Invalid("Validation failed: Context None or invalid context supplied")
    if change.action not in {None, *ACTIONS}:
        raise Invalid("Validation failed: Action is not included in the list")
    if len(change.keywords) > _MOST_PARTS:
        raise Invalid("Validation failed: Too many keywords")
    for keyword in change.keywords:
        _check_keyword(keyword)


def _check_keyword(change: KeywordChange) -> None:
    is_blank = change.keyword is not None and not change.keyword.strip()
    if is_blank or (change.keyword is None and change.id is None):
        raise Invalid("Validation failed: Keywords keyword can't be blank")
    if change.keyword and len(change.keyword) > _LONGEST_KEYWORD:
        raise Invalid(
            f"Validation failed: Keywords keyword is too long (maximum is {_LONGEST_KEYWORD}"
            " characters)"
        )
