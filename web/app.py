"""The web process: what stands at which address, and what every request passes through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from server.errors import ServerError
from server.identity.instance_actor import ensure_instance_actor
from server.identity.oauth import Refused
from server.remote.keys import KeyFinder
from server.runtime import open_runtime
from server.settings import Settings, load_settings
from server.store.database import AWAY
from web import auth, errors
from web.mastodon.routes import ROUTES
from web.middleware.barrier import Barrier
from web.middleware.cors import Cors
from web.middleware.limits import BodyLimit
from web.middleware.marks import Marks
from web.middleware.rates import RateHeaders
from web.oauth.token import on_refused
from web.rates import Rates
from web.renderer import Renderer
from web.routing import Table
from web.site import SITE
from web.streaming.hub import Hub
from web.streaming.routes import STREAMING

_STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings | None = None) -> Starlette:
    """The ASGI application; without settings it reads them as the command line does."""
    settings = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_runtime(settings) as runtime:
            app.state.runtime = runtime
            app.state.tokens = auth.TokenCache()
            app.state.renderer = Renderer(runtime)
            app.state.keys = KeyFinder(runtime)
            app.state.hub = Hub(runtime, app.state.tokens, app.state.renderer)
            app.state.rates = Rates(runtime.bus, settings.rate_limit_factor)
            app.state.instance_actor_id = (await ensure_instance_actor(runtime)).id
            counting = asyncio.create_task(app.state.rates.run())
            listening = asyncio.create_task(app.state.hub.run())
            yield
            await app.state.hub.close()
            listening.cancel()
            counting.cancel()
            await asyncio.wait([listening, counting])

    return Starlette(
        routes=[
            *STREAMING,
            Table(ROUTES),
            Mount("/static", StaticFiles(directory=_STATIC)),
            Table(SITE),
        ],
        lifespan=lifespan,
        middleware=[
            Middleware(Marks),
            Middleware(Barrier),
            Middleware(Cors),
            Middleware(RateHeaders),
            Middleware(
                BodyLimit,
                upload_bytes=max(settings.media_max_bytes, settings.media_video_max_bytes),
            ),
        ],
        exception_handlers={
            Refused: on_refused,
            auth.SignInFirst: errors.on_sign_in_first,
            ServerError: errors.on_server_error,
            HTTPException: errors.on_http_exception,
            asyncpg.PostgresError: errors.on_database_error,
            **dict.fromkeys(AWAY, errors.on_database_away),
            Exception: errors.on_crash,
        },
    )
