"""Which mails a member gets: a page for the member, and the end of a kind for who has its link."""

import msgspec
from starlette.responses import RedirectResponse, Response

from server.errors import Forbidden
from server.identity.permissions import Permission, allows
from server.mail.unsubscribe import read_token
from server.store import email_subscriptions, mail_choices, users
from server.store.mail_choices import KINDS, OF_STAFF
from server.store.sessions import Session
from web.pages.forms import PageForm, read_form
from web.pages.rendering import render
from web.pages.settings import for_members
from web.params import read_params
from web.request import Request

SETTINGS_PATH = "/settings/mail"


class ChoiceForm(PageForm):
    """Boxes that are ticked."""

    kinds: list[str] = msgspec.field(default_factory=list)


class SubscribersForm(PageForm):
    """Whether others may follow by mail."""

    is_open: bool = False


class LinkForm(msgspec.Struct):
    """What a mail's link carries."""

    token: str = ""


@for_members
async def show_settings(request: Request, session: Session) -> Response:
    """The kinds with their boxes, and who follows by mail."""
    db, account_id, offered = request.runtime.db, session.account_id, _offered(session)
    return render(
        request,
        "mail_settings.html",
        session=session,
        kinds=offered,
        chosen=await mail_choices.list_chosen(db, account_id, offered),
        may_be_mailed=_may_be_mailed(request, session),
        is_mailed=await email_subscriptions.is_open(db, account_id),
        subscribers=await email_subscriptions.count_confirmed(db, account_id),
        subscription_url=request.addresses.subscription_url(session.username),
        is_saved="saved" in request.query_params,
        sends_mail=bool(request.runtime.settings.smtp_url),
    )


@for_members
async def save_settings(request: Request, session: Session) -> Response:
    """Keep what is ticked."""
    form = await read_form(request, ChoiceForm)
    await mail_choices.choose(request.runtime.db, session.account_id, form.kinds, _offered(session))
    return RedirectResponse(f"{SETTINGS_PATH}?saved=yes", 303)


@for_members
async def save_subscribers(request: Request, session: Session) -> Response:
    """Let others follow by mail, or no longer: whoever does is mailed nothing then."""
    form = await read_form(request, SubscribersForm)
    if not _may_be_mailed(request, session):
        raise Forbidden
    await users.update_preferences(
        request.runtime.db, session.account_id, email_subscriptions=form.is_open
    )
    return RedirectResponse(f"{SETTINGS_PATH}?saved=yes", 303)


def _offered(session: Session) -> list[str]:
    """Of reports only those are told who look after them."""
    is_told = allows(session.permissions, Permission.MANAGE_REPORTS)
    return [*KINDS, *OF_STAFF] if is_told else [*KINDS]


def _may_be_mailed(request: Request, session: Session) -> bool:
    return request.addresses.mails_posts and allows(
        session.permissions, Permission.MANAGE_EMAIL_SUBSCRIPTIONS
    )


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
