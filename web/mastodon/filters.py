"""https://docs.joinmastodon.org/methods/filters/"""

from datetime import UTC, datetime, timedelta

import msgspec
from starlette.responses import Response

from server.actions import filters as actions
from server.actions.filters import FilterChange
from server.errors import Invalid, NotFound
from server.store import filters
from server.store.filters import Filter, FilteredStatus, Keyword, KeywordChange
from web.entities.filter import filter_entity, filtered_entity, keyword_entity
from web.pagination import json_response
from web.params import read_params
from web.request import Request

_LONGEST_SECONDS = 10 * 366 * 86_400


class KeywordForm(msgspec.Struct):
    """A word to be added, changed or taken away."""

    id: int | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    _destroy: bool = False


class FilterForm(msgspec.Struct):
    """A filter; `expires_in` in seconds, empty for no end."""

    title: str | None = None
    context: list[str] | None = None
    filter_action: str | None = None
    expires_in: str | int | msgspec.UnsetType = msgspec.UNSET
    keywords_attributes: list[KeywordForm] = []


class StatusForm(msgspec.Struct):
    """A single status."""

    status_id: int


async def index(request: Request) -> Response:
    """One's own, with their keywords and statuses."""
    found = await filters.list_filters(request.runtime.db, [request.member_id])
    return json_response([filter_entity(one) for one in found])


async def create(request: Request) -> Response:
    """A new one."""
    change = _change(await read_params(request, FilterForm))
    made = await actions.create_filter(request.runtime, request.member_id, change)
    return json_response(filter_entity(made))


async def show(request: Request) -> Response:
    """One of one's own."""
    return json_response(filter_entity(await _own(request)))


async def update(request: Request) -> Response:
    """Change one."""
    change = _change(await read_params(request, FilterForm))
    changed = await actions.change_filter(
        request.runtime, request.member_id, request.path_id(), change
    )
    return json_response(filter_entity(changed))


async def delete(request: Request) -> Response:
    """Delete one."""
    await actions.delete_filter(request.runtime, request.member_id, request.path_id())
    return json_response({})


async def keywords(request: Request) -> Response:
    """Words of a filter."""
    kept = await _own(request)
    return json_response([keyword_entity(keyword) for keyword in kept.keywords])


async def add_keyword(request: Request) -> Response:
    """One word more."""
    form = await read_params(request, KeywordForm)
    if not (form.keyword or "").strip():
        raise Invalid("Validation failed: Keyword can't be blank")
    change = KeywordChange(None, form.keyword, form.whole_word, destroy=False)
    changed = await actions.change_filter(
        request.runtime, request.member_id, request.path_id(), FilterChange(keywords=[change])
    )
    return json_response(keyword_entity(changed.keywords[-1]))


async def keyword(request: Request) -> Response:
    """One word."""
    _, found = await _keyword(request)
    return json_response(keyword_entity(found))


async def update_keyword(request: Request) -> Response:
    """Change a word."""
    form = await read_params(request, KeywordForm)
    kept, found = await _keyword(request)
    change = KeywordChange(found.id, form.keyword, form.whole_word, destroy=False)
    await actions.change_filter(
        request.runtime, request.member_id, kept.id, FilterChange(keywords=[change])
    )
    _, changed = await _keyword(request)
    return json_response(keyword_entity(changed))


async def delete_keyword(request: Request) -> Response:
    """Take a word away."""
    kept, found = await _keyword(request)
    change = KeywordChange(found.id, None, None, destroy=True)
    await actions.change_filter(
        request.runtime, request.member_id, kept.id, FilterChange(keywords=[change])
    )
    return json_response({})


async def statuses(request: Request) -> Response:
    """Single statuses of a filter."""
    kept = await _own(request)
    return json_response([filtered_entity(status) for status in kept.statuses])


async def add_status(request: Request) -> Response:
    """One status more."""
    form = await read_params(request, StatusForm)
    changed = await actions.filter_status(
        request.runtime, request.member_id, request.path_id(), form.status_id
    )
    [made] = [status for status in changed.statuses if status.status_id == form.status_id]
    return json_response(filtered_entity(made))


async def status(request: Request) -> Response:
    """One single status of a filter."""
    return json_response(filtered_entity(await _filtered(request)))


async def delete_status(request: Request) -> Response:
    """Take a single status out."""
    found = await _filtered(request)
    await actions.unfilter_status(request.runtime, request.member_id, found.id)
    return json_response({})


def expiry(seconds: str | int | msgspec.UnsetType) -> datetime | None:
    """The moment so many seconds from now; None for no or an empty value. Raises Invalid."""
    if seconds is msgspec.UNSET or seconds == "":
        return None
    text = str(seconds)
    if not (text.isascii() and text.removeprefix("-").isdigit()) or len(text) > 12:
        raise Invalid("Validation failed: Expires in is not a number")
    return datetime.now(UTC) + timedelta(seconds=min(int(text), _LONGEST_SECONDS))


def _change(form: FilterForm) -> FilterChange:
    return FilterChange(
        title=form.title,
        contexts=None if form.context is None else [c.strip() for c in form.context if c.strip()],
        action=form.filter_action,
        sets_expiry=form.expires_in is not msgspec.UNSET,
        expires_at=expiry(form.expires_in),
        keywords=[
            KeywordChange(k.id, k.keyword, k.whole_word, destroy=k._destroy)
            for k in form.keywords_attributes
        ],
    )


async def _own(request: Request) -> Filter:
    return await filters.get_filter(request.runtime.db, request.member_id, request.path_id())


async def _keyword(request: Request) -> tuple[Filter, Keyword]:
    keyword_id = request.path_id()
    kept = await filters.find_by_part(request.runtime.db, request.member_id, keyword_id=keyword_id)
    return kept, next(keyword for keyword in kept.keywords if keyword.id == keyword_id)


async def _filtered(request: Request) -> FilteredStatus:
    filtered_id = request.path_id()
    kept = await filters.find_by_part(
        request.runtime.db, request.member_id, filtered_id=filtered_id
    )
    found = [status for status in kept.statuses if status.id == filtered_id]
    if not found:
        raise NotFound
    return found[0]
