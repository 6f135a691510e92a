"""https://docs.joinmastodon.org/methods/filters/#v1, where each keyword is a filter of its own."""

import msgspec
from starlette.responses import Response

from server.actions import filters as actions
from server.actions.filters import FilterChange
from server.errors import Invalid
from server.store import filters
from server.store.filters import Filter, Keyword, KeywordChange
from web.entities.filter import old_filter_entity
from web.mastodon.filters import expiry
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class OldFilterForm(msgspec.Struct):
    """A phrase and where it counts; `irreversible` hides instead of warning."""

    phrase: str | None = None
    context: list[str] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: str | int | msgspec.UnsetType = msgspec.UNSET


async def index(request: Request) -> Response:
    """One's own."""
    found = await filters.list_filters(request.runtime.db, [request.member_id])
    return json_response([old_filter_entity(one, k) for one in found for k in one.keywords])


async def create(request: Request) -> Response:
    """A new one, with a filter around it."""
    form = await read_params(request, OldFilterForm)
    if not (form.phrase or "").strip():
        raise Invalid("Validation failed: Phrase can't be blank")
    # A word matches within others unless the client says otherwise: the default of this version.
    keyword = KeywordChange(None, form.phrase, bool(form.whole_word), destroy=False)
    made = await actions.create_filter(
        request.runtime, request.member_id, _change(form, form.phrase, keyword)
    )
    return json_response(old_filter_entity(made, made.keywords[0]))


async def show(request: Request) -> Response:
    """One of one's own."""
    return json_response(old_filter_entity(*await _own(request)))


async def update(request: Request) -> Response:
    """Change one; of a filter with several keywords, the phrase alone."""
    form = await read_params(request, OldFilterForm)
    kept, keyword = await _own(request)
    change = KeywordChange(keyword.id, form.phrase, form.whole_word, destroy=False)
    title = form.phrase if len(kept.keywords) == 1 else None
    await actions.change_filter(
        request.runtime, request.member_id, kept.id, _change(form, title, change)
    )
    return json_response(old_filter_entity(*await _own(request)))


async def delete(request: Request) -> Response:
    """Delete one; its filter goes with its last keyword."""
    kept, keyword = await _own(request)
    if len(kept.keywords) == 1:
        await actions.delete_filter(request.runtime, request.member_id, kept.id)
    else:
        gone = KeywordChange(keyword.id, None, None, destroy=True)
        await actions.change_filter(
            request.runtime, request.member_id, kept.id, FilterChange(keywords=[gone])
        )
    return json_response({})


def _change(form: OldFilterForm, title: str | None, keyword: KeywordChange) -> FilterChange:
    action = None if form.irreversible is None else ("hide" if form.irreversible else "warn")
    return FilterChange(
        title=title,
        contexts=form.context,
        action=action,
        sets_expiry=form.expires_in is not msgspec.UNSET,
        expires_at=expiry(form.expires_in),
        keywords=[keyword],
    )


async def _own(request: Request) -> tuple[Filter, Keyword]:
    keyword_id = request.path_id()
    kept = await filters.find_by_part(request.runtime.db, request.member_id, keyword_id=keyword_id)
    return kept, next(keyword for keyword in kept.keywords if keyword.id == keyword_id)
