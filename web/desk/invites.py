"""All members' invitations: whose they are, how often they were used, and their end."""

from starlette.responses import RedirectResponse, Response

from server.identity.permissions import Permission
from server.moderation import invites as actions
from server.store import invites
from web.desk.access import admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pagination import read_page
from web.request import Request

PATH = "/desk/invites"
_NEEDED = Permission.MANAGE_INVITES


class Form(PageForm):
    """Which one ends, or all of them."""

    do: str = ""
    end_id: int = 0


async def show(request: Request) -> Response:
    """Those that are good, or all."""
    moderator = await admit(request, _NEEDED)
    page, is_all = read_page(request, 50, 50), request.query_params.get("all") == "1"
    found = await invites.invite_page(request.runtime.db, page, only_good=not is_all)
    return desk_page(
        request,
        moderator,
        "invites",
        invites=found,
        is_all=is_all,
        next_id=found[-1].id if len(found) == page.limit else None,
    )


async def change(request: Request) -> Response:
    """End one, or all that are good."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    if form.do == "end_all":
        await actions.end_all(request.runtime, moderator.id)
    else:
        await actions.end_invite(request.runtime, moderator.id, form.end_id)
    return RedirectResponse(PATH, 303)
