"""Members are told by mail of the terms of a day: what they will read, and how many they are."""

from datetime import date

import msgspec
from starlette.responses import RedirectResponse, Response

from server.actions import tell_of_terms
from server.errors import Invalid, NotFound
from server.identity.permissions import Permission
from server.store import terms_notices
from server.text.notices import LANGUAGES
from web.desk import texts
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import language_names
from web.params import read_query
from web.request import Request

PATH = f"{texts.TERMS}/mail"
_NEEDED = Permission.MANAGE_SETTINGS


class Form(PageForm):
    """What changes, by language; `do` is `tell`, or else the mail is shown."""

    do: str = ""
    day: str = ""
    words: dict[str, str] = msgspec.field(default_factory=dict)


async def show(request: Request) -> Response:
    """The mail, with nothing said of what changes."""
    moderator = await admit(request, _NEEDED)
    return await _page(request, moderator, read_query(request, Form))


async def tell(request: Request) -> Response:
    """Show the mail with those words, or have members told."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    form.words = {code: form.words.get(code, "").replace("\r\n", "\n") for code in LANGUAGES}
    try:
        if form.do != "tell":
            tell_of_terms.check_words(form.words)
            return await _page(request, moderator, form)
        await tell_of_terms.tell_members(request.runtime, moderator.id, _day(form), form.words)
    except Invalid as error:
        return await _page(request, moderator, form, told(request, error))
    return RedirectResponse(texts.PATH, 303)


async def _page(
    request: Request, moderator: Moderator, form: Form, problem: str | None = None
) -> Response:
    runtime, day = request.runtime, _day(form)
    return desk_page(
        request,
        moderator,
        "terms_notice",
        422 if problem else 200,
        form=form,
        problem=problem,
        found=await tell_of_terms.get_day(runtime, day),
        members=await terms_notices.count_members(runtime.db),
        sends_mail=bool(runtime.settings.smtp_url),
        mails=tell_of_terms.preview(runtime, day, form.words) if runtime.settings.smtp_url else {},
        names=language_names(request),
        longest=tell_of_terms.LONGEST,
    )


def _day(form: Form) -> date:
    """Raises NotFound."""
    try:
        return date.fromisoformat(form.day)
    except ValueError as error:
        raise NotFound from error
