"""People, tokens, posts and finished jobs for tests that need them."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import orjson
from starlette.datastructures import State

from server.actions.drafts import Draft
from server.actions.post import publish_status
from server.identity import oauth
from server.identity.members import create_member
from server.identity.scopes import parse_scopes
from server.inbox.process import process_activity_job
from server.runtime import Runtime
from server.search import index
from server.settings import Settings
from server.store import apps, jobs, received, remote_accounts
from server.store.accounts import Account
from server.store.remote_accounts import RemoteAccount
from server.worker import catalogue
from tests.servers import kept_open
from tests.waiting import until

SCOPES = "read write follow push"


async def make_member(runtime: Runtime, username: str = "anna", **more: Any) -> Account:
    """A member who may log in."""
    return await create_member(runtime, username, f"{username}@example.org", **more)


async def make_token(runtime: Runtime, account: Account, scopes: str = SCOPES) -> str:
    """An access token of a member."""
    return await oauth.member_token(runtime, account.id, parse_scopes(scopes))


async def make_status(runtime: Runtime, account: Account, text: str = "hello", **more: Any) -> int:
    """A post, distributed."""
    app_id = await apps.get_own_app(runtime.db, ["read"])
    status_id = await publish_status(runtime, account.id, Draft(text, **more), app_id, None)
    await run_jobs(runtime)
    return status_id


async def make_remote(
    runtime: Runtime, username: str = "remy", domain: str = "far.example", **more: Any
) -> Account:
    """An account of another instance that we know; with `key` as (id, PEM)."""
    uri = f"https://{domain}/users/{username}"
    key = more.pop("key", None)
    values: dict[str, Any] = {
        "uri": uri,
        "username": username,
        "domain": domain,
        "url": f"https://{domain}/@{username}",
        "actor_type": "Person",
        "display_name": username,
        "note": "",
        "fields": [],
        "avatar_remote_url": None,
        "avatar_description": "",
        "header_remote_url": None,
        "header_description": "",
        "emojis": [],
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": False,
        "memorial": False,
        "inbox_url": f"{uri}/inbox",
        "shared_inbox_url": f"https://{domain}/inbox",
        "outbox_url": None,
        "followers_url": f"{uri}/followers",
        "following_url": None,
        "featured_url": None,
        "also_known_as": [],
        "created_at": datetime.now(UTC),
    }
    account = await remote_accounts.upsert_remote_account(
        runtime.db, RemoteAccount(**{**values, **more}), [key] if key else []
    )
    await index.index_accounts(runtime.db, [account.id])
    return account


def copies_of(runtime: Runtime, url: str, host: str = "far.example") -> dict[str, str]:
    """Where an emoji of that host is shown from copies here."""
    show = runtime.addresses.remote_picture
    return {"url": show(url, host), "static_url": show(url, host, still=True)}


async def outgoing(runtime: Runtime) -> list[dict[str, Any]]:
    """Activities that were written for others, the first one first."""
    rows = await runtime.db.fetch("SELECT body FROM outgoing ORDER BY id")
    return [orjson.loads(row["body"]) for row in rows]


async def take(runtime: Runtime, kind: str, sender: Account, inner: Any, **more: Any) -> str | None:
    """Process an activity of somebody elsewhere as if its signature had held; gives its error."""
    uri = f"{sender.uri}#{kind}/{uuid4()}"
    document = {"id": uri, "type": kind, "actor": sender.uri, "object": inner, **more}
    row = await received.insert_received(
        runtime.db, sender.uri, document["id"], kind, orjson.dumps(document)
    )
    if row is None:
        return "came before"
    await process_activity_job(runtime, row)
    await run_jobs(runtime)
    error: str | None = await runtime.db.fetchval("SELECT error FROM received WHERE id = $1", row)
    return error


async def run_jobs(runtime: Runtime) -> None:
    """Run everything that waits, and what that sets off, as the worker would."""
    worker = uuid4()
    while claimed := await jobs.claim_jobs(runtime.db, worker, list(catalogue.CATALOGUE), 50):
        for job in claimed:
            await catalogue.call(runtime, job.name, job.args)
        await jobs.delete_jobs(runtime.db, [job.id for job in claimed])


class Api:
    """A client of the application with somebody's token."""

    def __init__(self, client: httpx.AsyncClient, token: str | None = None) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer; `headers` are added to the token's."""
        headers = self._headers | more.pop("headers", {})
        return await self._client.request(method, path, headers=headers, **more)

    async def get(self, path: str, **params: Any) -> Any:
        """JSON of an answer that must be 200."""
        answer = await self("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        """JSON of an answer that must be 200."""
        answer = await self("POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def id_of(api: Api, name: str) -> str:
    """Id of an account, as its handle is found at the API."""
    return str((await api.get("/api/v1/accounts/lookup", acct=name))["id"])


@asynccontextmanager
async def app_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application with these settings, in process."""
    from web.app import create_app

    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with (
        kept_open(app.router.lifespan_context(app)),
        httpx.AsyncClient(transport=transport, base_url=settings.origin) as client,
    ):
        yield client


def state_of(client: httpx.AsyncClient) -> State:
    """What the application behind a client keeps (web/app.py)."""
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    state: State = transport.app.state  # type: ignore[attr-defined]
    return state


async def hearing(state: State) -> None:
    """Wait until an application hears the bus: it keeps tokens and filters from then on, and ends
    the streams that were open before.
    """
    await until(lambda: state.tokens.is_told, "the bus is heard")


@asynccontextmanager
async def served(settings: Settings, **changes: Any) -> AsyncIterator[Api]:
    """A stranger at the application with other settings; tokens of members work there too."""
    async with app_client(dataclasses.replace(settings, **changes)) as client:
        yield Api(client)
