"""The rules of the instance: their words in some languages, and their order."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.actions import rules as actions
from server.actions.rules import LONGEST, Words
from server.errors import Invalid
from server.identity.permissions import Permission
from server.store import rules
from server.store.rules import Rule
from web.desk.access import Moderator, admit, desk_page
from web.desk.texts import languages_of
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import language_names
from web.request import Request

PATH = "/desk/rules"
_NEEDED = Permission.MANAGE_RULES


class Form(PageForm):
    """A rule as it is typed, in `other_language` too when that is given, and the button."""

    do: str = ""
    text: str = ""
    hint: str = ""
    translations: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    other_language: str = ""
    other_text: str = ""
    other_hint: str = ""


async def index(request: Request) -> Response:
    """All of them in their order, and the form for another."""
    return await _page(request, await admit(request, _NEEDED), Form())


async def create(request: Request) -> Response:
    """Another one, after all others."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    try:
        await actions.add_rule(request.runtime, moderator.id, _words(form))
    except Invalid as error:
        return await _page(request, moderator, form, problem=told(request, error))
    return RedirectResponse(PATH, 303)


async def show(request: Request) -> Response:
    """The form of one."""
    moderator = await admit(request, _NEEDED)
    rule = await rules.get_rule(request.runtime.db, request.path_id())
    form = Form(text=rule.text, hint=rule.hint, translations=rule.translations)
    return await _page(request, moderator, form, rule)


async def change(request: Request) -> Response:
    """Say it otherwise, move it or take it away."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    runtime, me, number = request.runtime, moderator.id, request.path_id()
    rule = await rules.get_rule(runtime.db, number)
    match form.do:
        case "up" | "down":
            await actions.step_rule(runtime, me, number, 1 if form.do == "down" else -1)
        case "delete":
            await actions.delete_rule(runtime, me, number)
        case _:
            try:
                await actions.change_rule(runtime, me, number, _words(form))
            except Invalid as error:
                return await _page(request, moderator, form, rule, told(request, error))
    return RedirectResponse(PATH, 303)


def _words(form: Form) -> Words:
    said = dict(form.translations)
    if form.other_text.strip() or form.other_hint.strip():  # else a language is merely chosen
        said[form.other_language] = {"text": form.other_text, "hint": form.other_hint}
    return Words(form.text, form.hint, said)


async def _page(
    request: Request,
    moderator: Moderator,
    form: Form,
    rule: Rule | None = None,
    problem: str | None = None,
) -> Response:
    """The form; without one that is changed the list above it."""
    found = [] if rule else await rules.list_rules(request.runtime.db)
    return desk_page(
        request,
        moderator,
        "rules",
        422 if problem else 200,
        form=form,
        rule=rule,
        rules=found,
        languages=languages_of(request, form.translations),
        names=language_names(request),
        longest=LONGEST,
        problem=problem,
    )
