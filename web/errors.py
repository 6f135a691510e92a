"""One table from the server's refusals to HTTP answers, for the API and for pages."""

import logging

import asyncpg
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server import errors
from web.pagination import json_response

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


def status_of(error: errors.ServerError) -> int:
    """HTTP status of a refusal."""
    if isinstance(error, errors.Invalid) and error.unreadable:
        return 400
    return STATUS[type(error)]


async def on_server_error(request: Request, error: Exception) -> Response:
    """A refusal in the API's shape."""
    assert isinstance(error, errors.ServerError)
    status = status_of(error)
    body: dict[str, object] = {"error": error.message}
    if isinstance(error, errors.Invalid) and error.fields:
        body["details"] = {
            name: [{"error": code, "description": text} for code, text in problems]
            for name, problems in error.fields.items()
        }
    headers = {"WWW-Authenticate": 'Bearer realm="Wandelgang"'} if status == 401 else {}
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if error.detail:
        log.info("%s %s: %s", request.method, request.url.path, error.detail)
    return json_response(body, headers, status)


async def on_http_exception(_: Request, error: Exception) -> Response:
    """What Starlette refuses by itself (no such route, wrong method)."""
    assert isinstance(error, HTTPException)
    text = "Record not found" if error.status_code == 404 else error.detail
    return json_response({"error": text}, dict(error.headers or {}), error.status_code)


async def on_database_error(request: Request, error: Exception) -> Response:
    """A value that PostgreSQL cannot hold is the sender's mistake; all else is ours."""
    if isinstance(error, asyncpg.DataError):
        return json_response({"error": "Invalid parameter"}, status=400)
    return await on_crash(request, error)


async def on_crash(request: Request, error: Exception) -> Response:
    """Anything unforeseen: logged whole, answered without detail."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return json_response({"error": "Something went wrong on our side"}, status=500)
