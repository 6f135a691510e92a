"""Apps that may act for a member, the end of that, and tokens for scripts of one's own."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden, Invalid, NotFound
from server.identity import oauth, passwords
from server.identity.scopes import SCOPES
from server.store import apps, users
from server.store.sessions import Session
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import desk_of, render
from web.pages.settings import for_members
from web.request import Request

PATH = "/settings/apps"
_WHOLE = [scope for scope in SCOPES if scope in {"profile", "read", "write", "push"}]
_PARTS = [scope for scope in SCOPES if scope.startswith(("read:", "write:"))]
_OF_MODERATORS = [scope for scope in SCOPES if scope.startswith("admin:")]


class AppForm(PageForm):
    """A button, or an app of one's own."""

    name: str = ""
    scopes: list[str] = msgspec.field(default_factory=list)
    current_password: str = ""


@for_members
async def show(request: Request, session: Session) -> Response:
    """Which apps, with what rights, and when they were used last."""
    return await _page(request, session, AppForm(scopes=["read"]))


@for_members
async def make(request: Request, session: Session) -> Response:
    """A token for a script, for who knows the password: it is shown this once."""
    form = await read_form(request, AppForm)
    user = await users.find_user(request.runtime.db, session.account_id)
    assert user is not None
    try:
        await passwords.check_own_password(request.runtime, user, form.current_password)
        app, secret, token = await oauth.make_own_app(
            request.runtime, session.account_id, form.name, form.scopes
        )
    except (Invalid, Forbidden) as error:
        return await _page(request, session, form, told(request, error))
    return render(request, "token.html", session=session, app=app, secret=secret, token=token)


@for_members
async def revoke(request: Request, session: Session) -> Response:
    """All of an app's tokens for this member end, and what they hold open."""
    await read_form(request, PageForm)
    if not await oauth.revoke_app(request.runtime, session.account_id, request.path_id()):
        raise NotFound
    return RedirectResponse(PATH, 303)


async def _page(
    request: Request, session: Session, form: AppForm, problem: str | None = None
) -> Response:
    return render(
        request,
        "apps.html",
        422 if problem else 200,
        session=session,
        apps=await apps.list_allowed(request.runtime.db, session.account_id),
        form=form,
        whole=_WHOLE,
        parts=_PARTS + (_OF_MODERATORS if desk_of(session) else []),
        problem=problem,
    )
