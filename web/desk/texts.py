"""What the instance says of itself, and the terms that hold here: a text a language."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from starlette.responses import RedirectResponse, Response

from server.actions import instance_texts as actions
from server.errors import Invalid, NotFound
from server.identity.permissions import Permission
from server.store import instance_texts, terms_notices
from server.text.documents import LONGEST
from web.desk.access import Moderator, admit, desk_page
from web.instance_texts import shipped
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import LANGUAGES, language_names
from web.params import read_query
from web.request import Request

PATH = "/desk/texts"
TERMS = f"{PATH}/terms"
_NEEDED = Permission.MANAGE_SETTINGS


class Form(PageForm):
    """A text as it is typed; `day` is that from which terms hold."""

    do: str = ""
    day: str = ""
    language: str = ""
    markdown: str = ""


def languages_of(request: Request, written: Iterable[str] = ()) -> list[str]:
    """Those to write in: of the instance, of pages, and those that something is written in."""
    return list(dict.fromkeys((*request.runtime.settings.instance_languages, *LANGUAGES, *written)))


async def index(request: Request) -> Response:
    """Which texts there are."""
    moderator = await admit(request, _NEEDED)
    db = request.runtime.db
    texts = {}
    for kind in actions.KINDS:
        found = {one.language: one for one in await instance_texts.list_texts(db, kind)}
        texts[kind] = [(language, found.get(language)) for language in languages_of(request, found)]
    return desk_page(
        request,
        moderator,
        "texts",
        texts=texts,
        terms=await instance_texts.list_all_terms(db),
        days=await terms_notices.list_days(db),
        names=language_names(request),
    )


async def show(request: Request) -> Response:
    """The form of a text; where none is written it begins with the shipped one."""
    moderator = await admit(request, _NEEDED)
    kind, language = _which(request)
    found = await instance_texts.list_texts(request.runtime.db, kind)
    own = next((one.markdown for one in found if one.language == language), None)
    form = Form(language=language, markdown=shipped(kind, language) if own is None else own)
    return _page(request, moderator, kind, form, is_own=own is not None)


async def change(request: Request) -> Response:
    """Write it, or go back to the shipped one."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    kind, language = _which(request)
    if form.do == "delete":
        await actions.remove_text(request.runtime, moderator.id, kind, language)
        return RedirectResponse(PATH, 303)
    try:
        await actions.write_text(
            request.runtime, moderator.id, kind, language, _lines(form.markdown)
        )
    except Invalid as error:
        shown = Form(language=language, markdown=form.markdown)
        return _page(request, moderator, kind, shown, told(request, error))
    return RedirectResponse(PATH, 303)


async def show_terms(request: Request) -> Response:
    """The form of terms, which begins with those of the day and language that the query names."""
    moderator = await admit(request, _NEEDED)
    form = read_query(request, Form)
    all_terms = await instance_texts.list_all_terms(request.runtime.db)
    language = form.language or languages_of(request)[0]
    known = [
        one
        for one in all_terms
        if one.language == language and form.day in {"", one.effective_date.isoformat()}
    ]
    today = datetime.now(UTC).date().isoformat()
    markdown = known[0].markdown if known else ""
    shown = Form(day=form.day or today, language=language, markdown=markdown)
    is_kept = bool(form.day and known)
    return _page(request, moderator, "terms_of_service", shown, is_own=is_kept)


async def change_terms(request: Request) -> Response:
    """Write terms, or take some away that do not hold yet."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    runtime, me = request.runtime, moderator.id
    try:
        day = _day(form.day)
        if form.do == "delete":
            await actions.remove_terms(runtime, me, day, form.language)
        else:
            await actions.write_terms(runtime, me, day, form.language, _lines(form.markdown))
    except Invalid as error:
        return _page(request, moderator, "terms_of_service", form, told(request, error))
    return RedirectResponse(PATH, 303)


def _which(request: Request) -> tuple[str, str]:
    """Kind and language in the path. Raises NotFound."""
    kind, language = request.path_params["kind"], request.path_params["language"]
    if kind not in actions.KINDS:
        raise NotFound
    return kind, language


def _day(text: str) -> date:
    """Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("This is no day") from error


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _page(
    request: Request,
    moderator: Moderator,
    kind: str,
    form: Form,
    problem: str | None = None,
    *,
    is_own: bool = False,
) -> Response:
    return desk_page(
        request,
        moderator,
        "text",
        422 if problem else 200,
        kind=kind,
        form=form,
        is_own=is_own,
        languages=languages_of(request, [form.language] if form.language else []),
        names=language_names(request),
        longest=LONGEST,
        problem=problem,
    )
