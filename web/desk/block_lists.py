"""Moderators decide about what others' lists of blocked domains say."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.actions import block_lists as actions
from server.errors import Invalid
from server.identity.permissions import Permission
from server.store import block_lists
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.request import Request

PATH = "/desk/block-lists"
_SHOWN = 200


class ListsForm(PageForm):
    """What is done: add (`url`), remove (`list_id`), accept or decline (`ids`)."""

    act: str = ""
    url: str = ""
    list_id: int = 0
    ids: list[int] = msgspec.field(default_factory=list)


async def show(request: Request) -> Response:
    """The lists, and what is to be decided."""
    return await _page(request, await admit(request, Permission.MANAGE_FEDERATION))


async def change(request: Request) -> Response:
    """Do what was asked, and show how it stands."""
    moderator = await admit(request, Permission.MANAGE_FEDERATION)
    form = await read_form(request, ListsForm)
    me = moderator.id
    match form.act:
        case "add":
            try:
                await actions.subscribe(request.runtime, form.url.strip())
            except Invalid as error:
                return await _page(request, moderator, told(request, error))
        case "remove":
            await actions.unsubscribe(request.runtime, form.list_id)
        case "accept":
            await actions.accept(request.runtime, me, form.ids[:_SHOWN])
        case "decline":
            await actions.decline(request.runtime, form.ids[:_SHOWN])
        case _:
            raise Invalid("This cannot be done")
    return RedirectResponse(PATH, 303)


async def _page(request: Request, moderator: Moderator, problem: str | None = None) -> Response:
    db = request.runtime.db
    return desk_page(
        request,
        moderator,
        "block_lists",
        422 if problem else 200,
        lists=await block_lists.list_lists(db),
        drafts=await block_lists.list_open(db, _SHOWN),
        problem=problem,
    )
