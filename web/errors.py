"""One table from the server's refusals to HTTP answers, for the API and for pages."""

import logging
from collections.abc import Awaitable, Callable

import asyncpg
from starlette.exceptions import HTTPException
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response

from server import errors
from server.identity.oauth import Refused
from server.store.database import AWAY
from web.auth import SignInFirst
from web.oauth.token import on_refused
from web.pages import sessions
from web.pages.refusals import said
from web.pages.rendering import render
from web.pagination import json_response
from web.request import Request
from web.validations import translated

log = logging.getLogger(__name__)

STATUS: dict[type[errors.ServerError], int] = {
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
_PAGES = {400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503}
# Where a link that is too old can be asked for anew: the page, and its name in the locales.
_WAYS_ON = {
    "/auth/password/edit": ("/auth/password/new", "forgotten.submit"),
    "/auth/confirmation": ("/auth/setup", "setup.again"),
}


def status_of(error: errors.ServerError) -> int:
    """HTTP status of a refusal."""
    if isinstance(error, errors.Invalid) and error.unreadable:
        return 400
    return STATUS[type(error)]


async def on_server_error(request: StarletteRequest, error: Exception) -> Response:
    """A refusal in the API's shape, or as a page where people look."""
    assert isinstance(error, errors.ServerError)
    status = status_of(error)
    if error.detail:
        level = logging.WARNING if status == 503 else logging.INFO
        log.log(level, "%s %s: %s", request.method, request.url.path, error.detail)
    headers = {"WWW-Authenticate": 'Bearer realm="Wandelgang"'} if status == 401 else {}
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if _wants_page(request):
        is_plain = (
            isinstance(error, errors.Invalid) and error.unreadable
        )  # of use to programs alone
        return await _page(request, status, "" if is_plain else error.message, headers)
    ours = Request(request.scope, request.receive)
    body: dict[str, object] = {"error": await translated(ours, error.message)}
    if _is_of_page(request):  # told to the module of the passkeys, which shows it
        body = {"error": said(ours, error.message)}
    if isinstance(error, errors.Invalid) and error.fields:
        body["details"] = {
            name: [{"error": code, "description": text} for code, text in problems]
            for name, problems in error.fields.items()
        }
    return json_response(body, headers, status)


async def on_oauth_refused(request: StarletteRequest, error: Exception) -> Response:
    """A refusal in OAuth's shape; a page for the member whom an app sent here."""
    assert isinstance(error, Refused)
    if _wants_page(request):
        return await _page(request, 400, error.message)
    return await on_refused(request, error)


async def on_sign_in_first(request: StarletteRequest, _: Exception) -> Response:
    """Off to the sign-in page, and back."""
    query = f"?{request.url.query}" if request.url.query else ""
    return sessions.to_sign_in(f"{request.url.path}{query}")


async def on_http_exception(request: StarletteRequest, error: Exception) -> Response:
    """What Starlette refuses by itself (no such route, wrong method)."""
    assert isinstance(error, HTTPException)
    text = "Record not found" if error.status_code == 404 else error.detail
    headers = dict(error.headers or {})
    if _wants_page(request):
        return await _page(request, error.status_code, "", headers)
    return json_response({"error": text}, headers, error.status_code)


async def on_database_error(request: StarletteRequest, error: Exception) -> Response:
    """A value that PostgreSQL cannot hold is the sender's mistake, and what a new row is about may
    have been deleted at that moment; all else is ours.
    """
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return await on_server_error(request, errors.NotFound())
    if isinstance(error, asyncpg.DataError):
        if _wants_page(request):
            return await _page(request, 400, "")
        return json_response({"error": "Invalid parameter"}, status=400)
    return await on_crash(request, error)


async def on_database_away(request: StarletteRequest, error: Exception) -> Response:
    """The database is being started again: the client may come back in a moment."""
    log.warning("%s %s: the database is away: %s", request.method, request.url.path, error)
    return await _try_again(request, "The database does not answer; try again in a moment")


async def on_collision(request: StarletteRequest, error: Exception) -> Response:
    """Two waited for each other and the database gave one up: nothing of it was done."""
    log.warning("%s %s: given up: %s", request.method, request.url.path, error)
    return await _try_again(request, "Others changed the same at that moment; try again")


async def _try_again(request: StarletteRequest, message: str) -> Response:
    headers = {"Retry-After": "2"}
    if _wants_page(request):
        return await _page(request, 503, message, headers)
    return json_response({"error": message}, headers, 503)


async def on_crash(request: StarletteRequest, error: Exception) -> Response:
    """Anything unforeseen: logged whole, answered without detail."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    if _wants_page(request):
        return await _page(request, 500, "")
    return json_response({"error": "Something went wrong on our side"}, status=500)


Handler = Callable[[StarletteRequest, Exception], Awaitable[Response]]

HANDLERS: dict[type[Exception], Handler] = {
    Refused: on_oauth_refused,
    SignInFirst: on_sign_in_first,
    errors.ServerError: on_server_error,
    HTTPException: on_http_exception,
    asyncpg.PostgresError: on_database_error,
    asyncpg.TransactionRollbackError: on_collision,
    **dict.fromkeys(AWAY, on_database_away),
}


def handler_of(error: Exception) -> Handler | None:
    """Who answers for an error: the entry of its nearest kind; None for what is unforeseen."""
    return next((HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS), None)


def _wants_page(request: StarletteRequest) -> bool:
    return _is_of_page(request) and "text/html" in request.headers.get("accept", "")


def _is_of_page(request: StarletteRequest) -> bool:
    return not request.url.path.startswith(
        ("/api/", "/ap/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/")
    )


async def _page(
    request: StarletteRequest, status: int, message: str, headers: dict[str, str] | None = None
) -> Response:
    """Without asking the database when the fault is ours: it may be what failed."""
    page_request = Request(request.scope, request.receive)
    shown = status if status in _PAGES else 500
    return render(
        page_request,
        "error.html",
        shown,
        headers=headers,
        session=await sessions.anybody(page_request) if shown < 500 else None,
        status_=shown,
        message=said(page_request, message),
        way_on=_WAYS_ON.get(request.url.path),
    )
