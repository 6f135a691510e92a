"""The web process: what stands at which address, and what every request passes through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from server.identity.instance_actor import ensure_instance_actor
from server.remote.keys import KeyFinder
from server.runtime import open_runtime
from server.settings import Settings, load_settings
from server.store.database import leaving
from web import auth, errors
from web.answers import Answers
from web.front import Front
from web.mastodon.routes import ROUTES
from web.middleware.barrier import Barrier
from web.rates import Rates
from web.renderer import Renderer
from web.routing import Table
from web.site import SITE
from web.static_files import OwnFiles
from web.streaming.hub import Hub
from web.streaming.routes import STREAMING


def create_app(settings: Settings | None = None) -> Starlette:
    """The ASGI application; without settings it reads them as the command line does."""
    settings = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_runtime(settings) as runtime:
            app.state.runtime = runtime
            app.state.tokens = auth.KeptTokens(auth.MOST_TOKENS)
            app.state.answers = Answers()
            app.state.renderer = Renderer(runtime)
            app.state.keys = KeyFinder(runtime)
            app.state.hub = Hub(runtime, app.state.tokens, app.state.renderer, app.state.answers)
            app.state.rates = Rates(runtime.bus, settings.rate_limit_factor)
            app.state.instance_actor_id = (await ensure_instance_actor(runtime)).id
            counting = asyncio.create_task(app.state.rates.run())
            listening = asyncio.create_task(app.state.hub.run())
            yield
            with leaving(runtime.db):
                await app.state.hub.close()
                listening.cancel()
                counting.cancel()
                await asyncio.wait([listening, counting])

    return Starlette(
        routes=[*STREAMING, Mount("/static", OwnFiles())],
        lifespan=lifespan,
        middleware=[
            Middleware(
                Front,
                table=Table([*ROUTES, *SITE]),
                upload_bytes=max(settings.media_max_bytes, settings.media_video_max_bytes),
            ),
            Middleware(Barrier),
        ],
        exception_handlers={**errors.HANDLERS, Exception: errors.on_crash},
    )
