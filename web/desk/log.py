"""What moderators did: all of it for them, and without names for everybody."""

from starlette.responses import RedirectResponse, Response

from server.errors import Invalid
from server.identity.permissions import Permission
from server.store import audit_log, domain_rules, strikes, warning_presets
from web.desk.access import admit, desk_page
from web.entities.domain_rule import domain_block_entity
from web.pages import sessions
from web.pages.forms import PageForm, read_form
from web.pages.rendering import render
from web.pagination import read_page
from web.request import Request

_LONGEST_TEXT = 2000


class PresetForm(PageForm):
    """A text to keep, or one to forget."""

    title: str = ""
    text: str = ""
    delete_id: int | None = None


async def show(request: Request) -> Response:
    """The log, the latest first."""
    moderator = await admit(request, Permission.VIEW_AUDIT_LOG)
    page = read_page(request, 100, 100)
    entries = await audit_log.entry_page(request.runtime.db, page)
    next_id = entries[-1].id if len(entries) == page.limit else None
    return desk_page(request, moderator, "log", entries=entries, next_id=next_id)


async def presets(request: Request) -> Response:
    """Texts that are used again and again."""
    moderator = await admit(request)
    found = await warning_presets.list_presets(request.runtime.db)
    return desk_page(request, moderator, "presets", presets=found)


async def change_presets(request: Request) -> Response:
    """Keep a text, or forget one. Raises Invalid."""
    await admit(request)
    form = await read_form(request, PresetForm)
    db = request.runtime.db
    if form.delete_id is not None:
        await warning_presets.delete_preset(db, form.delete_id)
    elif not form.text.strip() or len(form.text) > _LONGEST_TEXT or len(form.title) > 100:
        raise Invalid("Validation failed: Text can't be blank or too long")
    else:
        await warning_presets.insert_preset(db, form.title.strip(), form.text.strip())
    return RedirectResponse("/desk/presets", 303)


async def decisions(request: Request) -> Response:
    """What was decided here in a year, for everybody: numbers, and what holds for other servers.

    Which servers these are, and why, is shown to whom the settings name.
    """
    session = await sessions.current(request)
    settings, db = request.runtime.settings, request.runtime.db

    def is_shown(to: str) -> bool:
        return to == "all" or (to == "users" and session is not None)

    rules = []
    if is_shown(settings.domain_blocks_shown_to):
        with_comment = is_shown(settings.domain_block_reasons_shown_to)
        rules = [
            domain_block_entity(rule, with_comment=with_comment)
            for rule in await domain_rules.list_rules(db)
            if rule.severity != "noop"
        ]
    counts = await strikes.count_acts(db)
    return render(request, "decisions.html", session=session, rules=rules, counts=counts)
