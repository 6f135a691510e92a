"""GET and POST /oauth/authorize: a member allows an application, on a page without JavaScript."""

from urllib.parse import urlencode, urlsplit

import msgspec
from starlette.responses import RedirectResponse, Response

from server.identity import oauth
from server.identity.oauth import OUT_OF_BAND, Refused
from server.store import apps
from server.store.apps import App
from web.pages import sessions
from web.pages.rendering import render
from web.params import read_params
from web.request import Request

_DENIED = "The resource owner or authorization server denied the request."


class AuthorizeForm(msgspec.Struct):
    """Parameters of RFC 6749, 4.1.1 and RFC 7636, and Mastodon's."""

    response_type: str = "code"
    client_id: str = ""
    redirect_uri: str = ""
    scope: str | None = None
    state: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    force_login: bool = False
    prompt: str = ""
    lang: str = ""
    allow: str = ""
    csrf: str = ""


async def ask(request: Request) -> Response:
    """The page that asks; who is not signed in signs in first."""
    form, app, scopes = await _checked(request)
    session = await sessions.current(request)
    wants_other = form.force_login or form.prompt in {"login", "select_account"}
    if session is None or wants_other:
        return sessions.to_sign_in(_without_force(request), form.lang)
    return render(
        request,
        "authorize.html",
        session=session,
        app=app,
        scopes=scopes,
        fields=_fields(form),
        target=_host(form.redirect_uri),
        other=f"{_without_force(request)}&force_login=true",
        form_targets=[form.redirect_uri],
    )


async def answer(request: Request) -> Response:
    """What the member said: a code to the application, or a refusal."""
    form, app, scopes = await _checked(request)
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(f"/oauth/authorize?{urlencode(_fields(form))}")
    sessions.check_csrf(request, form.csrf)
    if form.allow != "yes":
        return _back(form, error="access_denied", error_description=_DENIED)
    code = await oauth.grant_code(
        request.runtime, app, session.account_id, form.redirect_uri, scopes, form.code_challenge
    )
    if form.redirect_uri == OUT_OF_BAND:
        return RedirectResponse(f"/oauth/authorize/native?{urlencode({'code': code})}", 302)
    return _back(form, code=code)


async def deny(request: Request) -> Response:
    """The member says no by the method that Mastodon's page uses."""
    form, _, _ = await _checked(request)
    if await sessions.current(request) is None:
        return sessions.to_sign_in(f"/oauth/authorize?{urlencode(_fields(form))}")
    sessions.check_csrf(request, form.csrf)
    return _back(form, error="access_denied", error_description=_DENIED)


async def show_code(request: Request) -> Response:
    """The code for an application that has no address, to be copied."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_sign_in(f"/oauth/authorize/native?{request.url.query}")
    code = request.query_params.get("code", "")
    return render(request, "code.html", session=session, code=code)


async def _checked(request: Request) -> tuple[AuthorizeForm, App, list[str]]:
    """Raises Refused for what must not lead back to an address that nobody registered."""
    form = await read_params(request, AuthorizeForm)
    found = await apps.find_app(request.runtime.db, form.client_id)
    app, scopes = oauth.check_request(found, form.redirect_uri, form.scope)
    if form.response_type != "code":
        raise Refused("unsupported_response_type", "Only the response type code is supported.")
    if (form.code_challenge_method or "S256") != "S256" or (
        form.code_challenge_method and not form.code_challenge
    ):
        raise Refused("invalid_request", "The code challenge method must be S256.")
    return form, app, scopes


def _back(form: AuthorizeForm, **answer: str) -> Response:
    if form.redirect_uri == OUT_OF_BAND:
        raise Refused(answer["error"], answer["error_description"], 403)
    if form.state is not None:
        answer["state"] = form.state
    joint = "&" if urlsplit(form.redirect_uri).query else "?"
    return RedirectResponse(f"{form.redirect_uri}{joint}{urlencode(answer)}", 302)


def _fields(form: AuthorizeForm) -> dict[str, str]:
    names = (
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
    )
    return {name: value for name in names if (value := getattr(form, name))}


def _without_force(request: Request) -> str:
    """The same address again, which must not ask for another sign-in."""
    pairs = request.query_params.multi_items()
    kept = [(k, v) for k, v in pairs if k not in {"force_login", "prompt", "lang"}]
    return f"/oauth/authorize?{urlencode(kept)}"


def _host(address: str) -> str:
    """Where the answer goes: a host, or the name of an app's own scheme."""
    parts = urlsplit(address)
    if address == OUT_OF_BAND:
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} else parts.scheme
