"""People are told what went wrong on a page, programs in JSON."""

import asyncio
from typing import Any

import httpx
import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store import local_accounts
from tests import servers
from tests.makers import Api
from tests.waiting import until_blocked
from web.app import create_app

HTML = {"Accept": "text/html"}


async def test_a_crash_is_told_on_a_page(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(local_accounts, "count_local", crash)
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        servers.kept_open(app.router.lifespan_context(app)),
        httpx.AsyncClient(transport=transport, base_url=settings.origin) as client,
    ):
        page = await client.get("/", headers=HTML)
        assert page.status_code == 500
        assert "<h1>Something went wrong on our side</h1>" in page.text
        assert "script" not in page.text
        told = await client.get("/")
        assert (told.status_code, told.json()) == (
            500,
            {"error": "Something went wrong on our side"},
        )


async def test_what_the_database_cannot_hold_is_told_on_a_page(client: httpx.AsyncClient) -> None:
    page = await client.get("/@a%00b", headers=HTML)
    assert (page.status_code, "<h1>That could not be read</h1>" in page.text) == (400, True)
    told = await client.get("/@a%00b")
    assert (told.status_code, told.json()) == (400, {"error": "Invalid parameter"})


async def test_what_is_deleted_at_that_moment_is_not_found(anna: Api, runtime: Runtime) -> None:
    post = int((await anna.post("/api/v1/statuses", status="hello"))["id"])
    async with runtime.transaction() as tx:
        await tx.db.execute("SELECT FROM statuses WHERE id = $1 FOR UPDATE", post)
        mark = asyncio.create_task(anna("POST", f"/api/v1/statuses/{post}/bookmark"))
        await until_blocked(runtime.db)
        await tx.db.execute("DELETE FROM statuses WHERE id = $1", post)
    answer = await mark
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


async def test_whom_the_database_gives_up_may_try_again(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    """Of two that wait for each other it is the one who has waited for a second when it looks: that
    is decided by the machine, so here the database says it of whoever follows.
    """
    await runtime.db.execute(
        """
        CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE deadlock_detected; END $$;
        CREATE TRIGGER give_up BEFORE INSERT ON follows
            FOR EACH ROW EXECUTE FUNCTION give_up();
        """
    )
    his_id = (await ben.get("/api/v1/accounts/verify_credentials"))["id"]
    answer = await anna("POST", f"/api/v1/accounts/{his_id}/follow")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json() == {"error": "Others changed the same at that moment; try again"}


async def test_what_an_app_asks_wrongly_is_told_on_a_page(client: httpx.AsyncClient) -> None:
    page = await client.get("/oauth/authorize?client_id=x", headers=HTML)
    assert page.status_code == 400
    assert "This app is not known here." in page.text
    told = await client.get("/oauth/authorize?client_id=x")
    assert (told.status_code, told.json()["error"]) == (401, "invalid_client")
    told = await client.post("/oauth/token", data={"client_id": "x"}, headers=HTML)
    assert told.headers["content-type"] == "application/json; charset=utf-8"
