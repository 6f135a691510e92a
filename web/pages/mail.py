"""Which mails a member gets: a page for the member, and the end of a kind for who has its link."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.mail.unsubscribe import read_token
from server.store import mail_choices
from server.store.mail_choices import KINDS
from web.pages import sessions
from web.pages.rendering import render
from web.params import read_params
from web.request import Request

SETTINGS_PATH = "/settings/mail"


class ChoiceForm(msgspec.Struct):
    """Boxes that are ticked."""

    kinds: list[str] = []
    csrf: str = ""


class LinkForm(msgspec.Struct):
    """What a mail's link carries."""

    token: str = ""


async def show_settings(request: Request) -> Response:
    """The kinds with their boxes."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(SETTINGS_PATH)
    return render(
        request,
        "mail_settings.html",
        session=session,
        kinds=KINDS,
        chosen=await mail_choices.list_chosen(request.runtime.db, session.account_id),
        is_saved="saved" in request.query_params,
        sends_mail=bool(request.runtime.settings.smtp_url),
    )


async def save_settings(request: Request) -> Response:
    """Keep what is ticked."""
    form = await read_params(request, ChoiceForm)
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(SETTINGS_PATH)
    sessions.check_csrf(request, form.csrf)
    await mail_choices.choose(request.runtime.db, session.account_id, form.kinds)
    return RedirectResponse(f"{SETTINGS_PATH}?saved=yes", 303)


async def show_unsubscribe(request: Request) -> Response:
    """A button, so that nothing ends because a mail scanner looks at a link."""
    form = await read_params(request, LinkForm)
    _, kind = read_token(request.runtime, form.token)
    return render(request, "unsubscribe.html", kind=kind, token=form.token, is_done=False)


async def unsubscribe(request: Request) -> Response:
    """End mails of the link's kind: by the button, or by the reader's mail program (RFC 8058)."""
    form = await read_params(request, LinkForm)
    account_id, kind = read_token(request.runtime, form.token)
    await mail_choices.refuse(request.runtime.db, account_id, kind)
    return render(request, "unsubscribe.html", kind=kind, token=form.token, is_done=True)
