"""Pages for who has no account and follows a member by mail: asking, confirming, ending."""

import msgspec
from starlette.responses import Response

from server.actions import subscribe_by_mail
from server.errors import Invalid, NotFound
from server.store import accounts
from server.store.accounts import Account
from web.pages import sessions
from web.pages.rendering import language_of, render
from web.params import read_params
from web.request import Request


class AddressForm(msgspec.Struct):
    """Where to."""

    email: str = ""


class LinkForm(msgspec.Struct):
    """What a mail's link carries."""

    token: str = ""


async def show(request: Request) -> Response:
    """Ask for an address."""
    return await _form(request, await _author(request))


async def ask(request: Request) -> Response:
    """Mail a link to it."""
    author = await _author(request)
    form = await read_params(request, AddressForm)
    sessions.check_origin(request)
    try:
        await subscribe_by_mail.subscribe(
            request.runtime, author, form.email, language_of(request), request.ip
        )
    except Invalid:
        return await _form(request, author, form.email, is_wrong=True)
    return await _form(request, author, form.email, is_sent=True)


async def show_link(request: Request) -> Response:
    """A button, so that nothing happens because a mail scanner looks at a link."""
    form = await read_params(request, LinkForm)
    _, act, author = await subscribe_by_mail.read_link(request.runtime, form.token)
    return _link_page(request, act, author, form.token)


async def follow_link(request: Request) -> Response:
    """Confirm or end: by the button, or by the reader's mail program (RFC 8058)."""
    form = await read_params(request, LinkForm)
    subscription_id, act, author = await subscribe_by_mail.read_link(request.runtime, form.token)
    await subscribe_by_mail.follow_link(request.runtime, subscription_id, act)
    return _link_page(request, act, author, token="")


async def _author(request: Request) -> Account:
    found = await accounts.find_by_handle(request.runtime.db, request.path_params["username"], None)
    if found is None:
        raise NotFound
    return await subscribe_by_mail.get_author(request.runtime, found.id)


async def _form(
    request: Request,
    author: Account,
    email: str = "",
    *,
    is_sent: bool = False,
    is_wrong: bool = False,
) -> Response:
    return render(
        request,
        "subscribe.html",
        422 if is_wrong else 200,
        session=await sessions.current(request),
        author=author,
        email=email,
        is_sent=is_sent,
        is_wrong=is_wrong,
    )


def _link_page(request: Request, act: str, author: Account, token: str) -> Response:
    return render(request, "subscription.html", act=act, author=author, token=token)
