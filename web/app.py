"""The web process: what stands at which address, and what every request passes through."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from server.errors import ServerError
from server.runtime import open_runtime
from server.settings import Settings, load_settings
from web import errors
from web.mastodon.routes import ROUTES
from web.routing import mount


def create_app(settings: Settings | None = None) -> Starlette:
    """The ASGI application; without settings it reads them as the command line does."""
    settings = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_runtime(settings) as runtime:
            app.state.runtime = runtime
            yield

    return Starlette(
        routes=mount(ROUTES),
        lifespan=lifespan,
        exception_handlers={
            ServerError: errors.on_server_error,
            HTTPException: errors.on_http_exception,
            asyncpg.PostgresError: errors.on_database_error,
            Exception: errors.on_crash,
        },
    )
