"""A small instance with people in it, and scenes that make what a row of the table needs.

Everything is made through the client API itself, so that a feature needs nothing of its own here.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, TypeVar

import httpx
import orjson
from starlette.applications import Starlette

from federation.signatures.keys import generate_rsa_key
from server.identity import members, oauth
from server.identity.scopes import parse_scopes
from server.runtime import Runtime, open_runtime
from server.settings import load_settings
from server.store.roles import BY_NAME
from server.store.users import NewUser
from server.worker import schedule
from tests import makers, servers
from tests.mail_server import mail_server
from tests.makers import Api
from tests.serving import serving
from web.app import create_app

ORIGIN = "http://localhost:3000"
EVERYTHING = "read write follow push profile admin:read admin:write"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """A member with a client that may do everything."""

    id: str
    name: str
    api: Api
    account: Any = field(repr=False)


@dataclass(slots=True)
class World:
    """The running application; `pages` is the address of a web server with pages to link to."""

    runtime: Runtime
    app: Starlette
    pages: str
    _keys: tuple[bytes, str]
    _crowd: list[Person] = field(default_factory=list)
    _limited: dict[tuple[str, str], Api] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def client(self, **more: Any) -> httpx.AsyncClient:
        """A client at an address of its own, so that no two share a rate limit."""
        number = next(self._numbers)
        address = (f"198.51.{number // 250 % 250}.{number % 250 + 1}", 40000)
        transport = httpx.ASGITransport(self.app, client=address, **more)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, timeout=30)

    async def person(self, kind: str = "member", role: str = "member") -> Person:
        """Somebody new. All have the same key pair: making one takes a tenth of a second."""
        name = f"{kind}{next(self._numbers)}"
        async with self.runtime.transaction() as tx:
            new = NewUser(f"{name}@example.org", None, BY_NAME[role], "en")
            account = await members.insert_member(self.runtime, tx, name, new, self._keys)
        token = await makers.make_token(self.runtime, account, EVERYTHING)
        return Person(str(account.id), name, Api(self.client(), token), account)

    async def crowd(self, size: int) -> list[Person]:
        """So many people, always the same ones."""
        while len(self._crowd) < size:
            self._crowd.append(await self.person("crowd"))
        return self._crowd[:size]

    async def app_api(self) -> Api:
        """A client with an app's own token."""
        client = self.client()
        made = await client.post(
            "/api/v1/apps",
            json={"client_name": "Pilot", "redirect_uris": "pilot://done", "scopes": EVERYTHING},
        )
        form = {
            "grant_type": "client_credentials",
            "scope": EVERYTHING,
            "client_id": made.json()["client_id"],
            "client_secret": made.json()["client_secret"],
        }
        answer = await client.post("/oauth/token", data=form)
        return Api(client, answer.json()["access_token"])

    async def limited(self, person: Person, scope: str) -> Api:
        """A client of a person with one scope alone, always with the same token."""
        if (person.id, scope) not in self._limited:
            token = await oauth.member_token(self.runtime, person.account.id, parse_scopes(scope))
            self._limited[person.id, scope] = Api(self.client(), token)
        return self._limited[person.id, scope]

    async def settle(self) -> None:
        """Let the worker do what waits."""
        await makers.run_jobs(self.runtime)

    async def pass_time(self) -> None:
        """Let everything happen once that happens by the clock."""
        for job in schedule.crons():
            await job.coroutine({"runtime": self.runtime})
        await self.settle()


class Scene:
    """One caller's own corner of the world, with things that are made when they are asked for."""

    def __init__(self, world: World, me: Person, friend: Person) -> None:
        self.world, self.me, self.friend = world, me, friend
        self.others: list[Person] = []
        self.other_ids: list[str] = []
        self._things: dict[str, Any] = {}

    @classmethod
    async def open(cls, world: World, role: str = "member") -> "Scene":
        """A scene with two new people, the first of whom has that role."""
        return cls(world, await world.person("me", role), await world.person("friend"))

    async def thing(self, maker: Callable[["Scene"], Awaitable[T]]) -> T:
        """What the maker makes, made once a scene."""
        if maker.__name__ not in self._things:
            self._things[maker.__name__] = await maker(self)
        made: T = self._things[maker.__name__]
        return made

    async def fill(self, size: int, each: Callable[["Scene", Person], Awaitable[Any]]) -> None:
        """Have `each` make rows, one with every other person, until there are `size`."""
        for other in (await self.world.crowd(size))[len(self.others) :]:
            await each(self, other)
            self.others.append(other)
            self.other_ids.append(other.id)
        await self.world.settle()


@asynccontextmanager
async def running_world(postgres_data: Path, redis_url: str, data: Path) -> AsyncIterator[World]:
    """A world with a database of its own, until the end of the block."""
    with _web_pages() as pages, mail_server() as post:
        async with contextlib.AsyncExitStack() as stack:
            database_url = await stack.enter_async_context(servers.fresh_database(postgres_data))
            settings = load_settings(
                {},
                data=data,
                origin=ORIGIN,
                database_url=database_url,
                redis_url=redis_url,
                database_connections=5,
                registrations="open",
                translation_url=pages,
                domain_blocks_shown_to="all",
                smtp_url=post.url,
                smtp_from="wandel@example.org",
                email_subscriptions=True,
                registrations_confirm_email=False,
                federation_private_hosts=(f"{pages.partition('//')[2]}=127.0.0.0/8",),
            )
            runtime = await stack.enter_async_context(
                servers.kept_open(open_runtime(replace(settings)))
            )
            app = create_app(settings)
            await stack.enter_async_context(servers.kept_open(app.router.lifespan_context(app)))
            keys = await asyncio.to_thread(generate_rsa_key)
            yield World(runtime, app, pages, keys)


@contextlib.contextmanager
def _web_pages() -> Iterator[str]:
    """A web server whose every path is a page with a title and a description."""
    with serving(_Pages, lambda port: f"http://127.0.0.1:{port}") as found:
        yield found


class _Pages(BaseHTTPRequestHandler):
    """Pages, and the two addresses of a LibreTranslate that translates nothing."""

    def do_GET(self) -> None:
        if self.path == "/languages":
            self._answer(b'[{"code": "nl", "targets": ["en"]}]', "application/json")
            return
        title = f"Page {self.path}"
        body = (
            f"<!doctype html><html lang=en><head><title>{title}</title>"
            f'<meta property="og:title" content="{title}">'
            '<meta property="og:description" content="About water"></head><body></body></html>'
        )
        self._answer(body.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        asked = orjson.loads(self.rfile.read(int(self.headers["content-length"])))
        self._answer(orjson.dumps({"translatedText": asked["q"]}), "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""
