"""What a member does not want to come across: words, where, and what happens with such posts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from starlette.responses import RedirectResponse, Response

from server.actions import filters as actions
from server.actions.filters import ACTIONS, CONTEXTS, FilterChange
from server.errors import Invalid
from server.store import filters
from server.store.filters import Filter, Keyword, KeywordChange
from server.store.sessions import Session
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import render
from web.pages.settings import for_members
from web.request import Request

PATH = "/settings/filters"
_SPANS = (1800, 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400)


class FilterForm(PageForm):
    """The whole filter, a keyword a line; `seconds` is "" to keep its end, "0" for none."""

    title: str = ""
    keywords: str = ""
    whole_word: bool = False
    contexts: list[str] = msgspec.field(default_factory=list)
    filter_action: str = "warn"
    seconds: str = "0"


@for_members
async def index(request: Request, session: Session) -> Response:
    """All of them, and the form for another."""
    form = FilterForm(contexts=["home", "public"], whole_word=True)
    return await _page(request, session, form)


@for_members
async def create(request: Request, session: Session) -> Response:
    """Another one."""
    form = await read_form(request, FilterForm)
    try:
        await actions.create_filter(request.runtime, session.account_id, _change(form, ()))
    except Invalid as error:
        return await _page(request, session, form, told(request, error))
    return RedirectResponse(PATH, 303)


@for_members
async def show(request: Request, session: Session) -> Response:
    """The form of one."""
    kept = await filters.get_filter(request.runtime.db, session.account_id, request.path_id())
    form = FilterForm(
        title=kept.title,
        keywords="\n".join(keyword.keyword for keyword in kept.keywords),
        whole_word=all(keyword.whole_word for keyword in kept.keywords),
        contexts=kept.contexts,
        filter_action=kept.action,
        seconds="",
    )
    return await _page(request, session, form, kept=kept)


@for_members
async def change(request: Request, session: Session) -> Response:
    """Change one: words whose lines are gone go, new lines are new words."""
    form = await read_form(request, FilterForm)
    kept = await filters.get_filter(request.runtime.db, session.account_id, request.path_id())
    try:
        changed = _change(form, kept.keywords)
        await actions.change_filter(request.runtime, session.account_id, kept.id, changed)
    except Invalid as error:
        return await _page(request, session, form, told(request, error), kept)
    return RedirectResponse(PATH, 303)


@for_members
async def delete(request: Request, session: Session) -> Response:
    """Delete one."""
    await read_form(request, PageForm)
    await actions.delete_filter(request.runtime, session.account_id, request.path_id())
    return RedirectResponse(PATH, 303)


def _change(form: FilterForm, kept: Sequence[Keyword]) -> FilterChange:
    lines = dict.fromkeys(line.strip() for line in form.keywords.splitlines() if line.strip())
    known = {keyword.keyword for keyword in kept}
    # Words that differ in this stay so while nobody ticks anything else.
    was_whole = all(keyword.whole_word for keyword in kept)
    seconds = int(form.seconds) if form.seconds in map(str, _SPANS) else 0
    return FilterChange(
        title=form.title,
        contexts=form.contexts,
        action=form.filter_action,
        sets_expiry=form.seconds != "",
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds) if seconds else None,
        keywords=[
            KeywordChange(
                keyword.id,
                None,
                whole_word=None if form.whole_word == was_whole else form.whole_word,
                destroy=keyword.keyword not in lines,
            )
            for keyword in kept
        ]
        + [
            KeywordChange(None, line, whole_word=form.whole_word, destroy=False)
            for line in lines
            if line not in known
        ],
    )


async def _page(
    request: Request,
    session: Session,
    form: FilterForm,
    problem: str | None = None,
    kept: Filter | None = None,
) -> Response:
    """The form; without a filter that is changed the list above it."""
    db = request.runtime.db
    return render(
        request,
        "filters.html",
        422 if problem else 200,
        session=session,
        filters=[] if kept else await filters.list_filters(db, [session.account_id]),
        form=form,
        kept=kept,
        contexts=CONTEXTS,
        acts=ACTIONS,
        spans=_SPANS,
        now=datetime.now(UTC),
        problem=problem,
    )
