"""Announcements: what every member is told, written, planned and taken back."""

from datetime import UTC, datetime, tzinfo

from starlette.responses import RedirectResponse, Response

from server.actions import announce as actions
from server.actions.announce import Draft
from server.errors import Invalid
from server.identity.permissions import Permission
from server.store import announcements
from server.store.announcements import Announcement
from server.text.times import in_zone
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pagination import read_page
from web.request import Request

PATH = "/desk/announcements"
_NEEDED = Permission.MANAGE_ANNOUNCEMENTS


class Form(PageForm):
    """An announcement as it is typed, with times as browsers write them, and the button."""

    do: str = ""
    text: str = ""
    starts_at: str = ""
    ends_at: str = ""
    all_day: bool = False
    publish_at: str = ""


async def index(request: Request) -> Response:
    """All of them, and the form for another."""
    return await _page(request, await admit(request, _NEEDED), Form())


async def create(request: Request) -> Response:
    """Another one."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    try:
        await actions.add_announcement(request.runtime, moderator.id, _draft(form, moderator.zone))
    except Invalid as error:
        return await _page(request, moderator, form, problem=told(request, error))
    return RedirectResponse(PATH, 303)


async def show(request: Request) -> Response:
    """The form of one."""
    moderator = await admit(request, _NEEDED)
    one = await announcements.get_announcement(request.runtime.db, request.path_id())
    form = Form(
        text=one.text,
        starts_at=_typed(one.starts_at, moderator.zone),
        ends_at=_typed(one.ends_at, moderator.zone),
        all_day=one.all_day,
        publish_at=_typed(one.publish_at, moderator.zone),
    )
    return await _page(request, moderator, form, one)


async def change(request: Request) -> Response:
    """Write it anew, publish it, take it back or delete it."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    runtime, me, number = request.runtime, moderator.id, request.path_id()
    match form.do:
        case "publish" | "withdraw":
            await actions.set_shown(runtime, me, number, shown=form.do == "publish")
        case "delete":
            await actions.delete_announcement(runtime, me, number)
        case _:
            try:
                await actions.change_announcement(runtime, me, number, _draft(form, moderator.zone))
            except Invalid as error:
                one = await announcements.get_announcement(runtime.db, number)
                return await _page(request, moderator, form, one, told(request, error))
    return RedirectResponse(PATH, 303)


def _draft(form: Form, zone: tzinfo) -> Draft:
    return Draft(
        form.text.replace("\r\n", "\n").strip(),
        _read(form.starts_at, zone),
        _read(form.ends_at, zone),
        form.all_day,
        _read(form.publish_at, zone),
    )


def _read(text: str, zone: tzinfo) -> datetime | None:
    """A time as browsers write it, or none. Raises Invalid."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError as error:
        raise Invalid("This is no time") from error


def _typed(at: datetime | None, zone: tzinfo) -> str:
    return in_zone(at, zone).strftime("%Y-%m-%dT%H:%M") if at else ""


async def _page(
    request: Request,
    moderator: Moderator,
    form: Form,
    one: Announcement | None = None,
    problem: str | None = None,
) -> Response:
    """The form; without one that is changed the list below it."""
    page = read_page(request, 20, 20)
    found = [] if one else await announcements.announcement_page(request.runtime.db, page)
    return desk_page(
        request,
        moderator,
        "announcements",
        422 if problem else 200,
        form=form,
        one=one,
        announcements=found,
        now=datetime.now(UTC),
        next_id=found[-1].id if len(found) == page.limit else None,
        problem=problem,
    )
