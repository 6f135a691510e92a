"""Apps that may act for a member, and the end of that."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.errors import NotFound
from server.identity import oauth
from server.store import apps
from server.store.sessions import Session
from web.pages import sessions
from web.pages.rendering import render
from web.pages.settings import for_members
from web.params import read_params
from web.request import Request

PATH = "/settings/apps"


class AppForm(msgspec.Struct):
    """A button."""

    csrf: str = ""


@for_members
async def show(request: Request, session: Session) -> Response:
    """Which apps, with what rights, and when they were used last."""
    found = await apps.list_allowed(request.runtime.db, session.account_id)
    return render(request, "apps.html", session=session, apps=found)


@for_members
async def revoke(request: Request, session: Session) -> Response:
    """All of an app's tokens for this member end, and what they hold open."""
    form = await read_params(request, AppForm)
    sessions.check_csrf(request, form.csrf)
    if not await oauth.revoke_app(request.runtime, session.account_id, request.path_id()):
        raise NotFound
    return RedirectResponse(PATH, 303)
