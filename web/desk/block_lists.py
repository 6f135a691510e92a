"""Moderators decide about what others' lists of blocked domains say."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.actions import block_lists as actions
from server.errors import Forbidden, Invalid
from server.identity.permissions import Permission, allows
from server.store import block_lists
from server.store.roles import role_of
from server.store.sessions import Session
from web.pages import sessions
from web.pages.rendering import render
from web.params import read_params
from web.request import Request

PATH = "/desk/block-lists"
_SHOWN = 200


class ListsForm(msgspec.Struct):
    """What is done: add (`url`), remove (`list_id`), accept or decline (`ids`)."""

    act: str = ""
    url: str = ""
    list_id: int = 0
    ids: list[int] = []
    csrf: str = ""


async def show(request: Request) -> Response:
    """The lists, and what is to be decided."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(PATH)
    await _check_role(request, session)
    return await _page(request, session)


async def change(request: Request) -> Response:
    """Do what was asked, and show how it stands."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(PATH)
    await _check_role(request, session)
    form = await read_params(request, ListsForm)
    sessions.check_csrf(request, form.csrf)
    match form.act:
        case "add":
            try:
                await actions.subscribe(request.runtime, form.url.strip())
            except Invalid as error:
                return await _page(request, session, error.message)
        case "remove":
            await actions.unsubscribe(request.runtime, form.list_id)
        case "accept":
            await actions.accept(request.runtime, session.account_id, form.ids[:_SHOWN])
        case "decline":
            await actions.decline(request.runtime, form.ids[:_SHOWN])
        case _:
            raise Invalid("This cannot be done")
    return RedirectResponse(PATH, 303)


async def _check_role(request: Request, session: Session) -> None:
    role = await role_of(request.runtime.db, session.account_id)
    if role is None or not allows(role.permissions, Permission.MANAGE_FEDERATION):
        raise Forbidden("Your role does not let you decide about other servers.")


async def _page(request: Request, session: Session, problem: str | None = None) -> Response:
    db = request.runtime.db
    return render(
        request,
        "block_lists.html",
        422 if problem else 200,
        session=session,
        lists=await block_lists.list_lists(db),
        drafts=await block_lists.list_open(db, _SHOWN),
        problem=problem,
    )
