"""Filters as Mastodon 4.6 exports and imports them: one JSON document."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.actions import filters as actions
from server.actions.filters import FilterChange
from server.errors import Invalid, ServerError
from server.remote import resolve
from server.runtime import Runtime
from server.store import filters
from server.store.filters import Filter, KeywordChange
from server.store.imports import Import
from server.store.statuses import Status

KIND = "custom_filters"
FILE_NAME = "custom_filters.json"
_MOST = 500


class _Keyword(msgspec.Struct):
    keyword: str
    whole_word: bool = True


class _Row(msgspec.Struct):
    """One filter; `statuses` are the ids of single posts."""

    title: str
    context: list[str]
    action: str = "warn"
    expires_at: datetime | None = None
    keywords_attributes: list[_Keyword] = []
    statuses: list[str] = []


class _Document(msgspec.Struct):
    custom_filters: list[_Row]


def write_filters(found: Sequence[Filter], posts: Mapping[int, Sequence[str]]) -> bytes:
    """The document; `posts` are the ids of single posts by filter."""
    rows = [
        _Row(
            one.title,
            one.contexts,
            one.action,
            one.expires_at,
            [_Keyword(keyword.keyword, keyword.whole_word) for keyword in one.keywords],
            list(posts.get(one.id, ())),
        )
        for one in found
    ]
    return msgspec.json.encode(_Document(rows))


def read_filters(body: bytes) -> list[dict[str, Any]]:
    """The filters, each to be made by `import_filter`. Raises Invalid."""
    try:
        document = msgspec.json.decode(body, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("Validation failed: Data is no file of filters") from error
    if not document.custom_filters or b"\\u0000" in body:  # which no text of ours may hold
        raise Invalid("Validation failed: Data has no filters that can be read")
    if len(document.custom_filters) > _MOST:
        raise Invalid(f"Validation failed: Data has more than {_MOST} filters")
    rows: list[dict[str, Any]] = msgspec.to_builtins(document.custom_filters)
    return rows


async def import_filter(runtime: Runtime, found: Import, data: dict[str, Any]) -> bool:
    """Make a filter, or one with the same title what the file says and what it was: twice the same
    changes nothing. Raises Invalid.
    """
    row = msgspec.convert(data, _Row)
    known = await filters.list_filters(runtime.db, [found.account_id])
    kept = next((one for one in known if one.title == row.title), None)
    words = {keyword.keyword for keyword in kept.keywords} if kept else set()
    change = FilterChange(
        title=row.title,
        contexts=row.context,
        action=row.action,
        sets_expiry=True,
        expires_at=row.expires_at,
        keywords=[
            KeywordChange(None, one.keyword, one.whole_word, destroy=False)
            for one in row.keywords_attributes
            if one.keyword not in words
        ],
    )
    if kept:
        made = await actions.change_filter(runtime, found.account_id, kept.id, change)
    else:
        made = await actions.create_filter(runtime, found.account_id, change)
    return await _filter_posts(runtime, found.account_id, made, row.statuses)


async def _filter_posts(runtime: Runtime, account_id: int, made: Filter, uris: list[str]) -> bool:
    """Gives whether all of the posts were found; of very many, others are asked for the first."""
    is_whole = len(uris) <= _MOST
    for uri in uris[:_MOST]:
        try:
            status = await resolve.resolve_uri(runtime, uri)
            if isinstance(status, Status):
                await actions.filter_status(runtime, account_id, made.id, status.id)
            else:
                is_whole = False
        except ServerError:
            is_whole = False
    return is_whole


async def clear_filters(runtime: Runtime, account_id: int, titles: set[str]) -> None:
    """Filters that a file does not name end."""
    for one in await filters.list_filters(runtime.db, [account_id]):
        if one.title not in titles:
            await actions.delete_filter(runtime, account_id, one.id)
