"""Relays, which pass public posts on between many servers."""

from starlette.responses import RedirectResponse, Response

from server.actions import relays as actions
from server.errors import Conflict, Invalid, NotFound, Unavailable
from server.identity.permissions import Permission
from server.store import relays
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.request import Request

PATH = "/desk/relays"
_NEEDED = Permission.MANAGE_FEDERATION


class Form(PageForm):
    """One to ask, or one to leave."""

    address: str = ""
    leave_id: int = 0


async def show(request: Request) -> Response:
    """All of them, and what they answered."""
    return await _page(request, await admit(request, _NEEDED))


async def change(request: Request) -> Response:
    """Ask one, or leave it."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    runtime, address = request.runtime, form.address.strip()
    if form.leave_id:
        known = {one.id: one.address for one in await relays.list_relays(runtime.db)}
        if form.leave_id not in known:
            raise NotFound
        await actions.unsubscribe(runtime, moderator.id, known[form.leave_id])
        return RedirectResponse(PATH, 303)
    try:
        await actions.subscribe(runtime, moderator.id, address)
    except (Invalid, Conflict, Unavailable) as error:
        return await _page(request, moderator, address, told(request, error))
    return RedirectResponse(PATH, 303)


async def _page(
    request: Request, moderator: Moderator, address: str = "", problem: str | None = None
) -> Response:
    return desk_page(
        request,
        moderator,
        "relays",
        422 if problem else 200,
        relays=await relays.list_relays(request.runtime.db),
        address=address,
        problem=problem,
    )
