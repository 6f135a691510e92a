"""What a process does at once about what it changed itself, although nobody hears the bus; and of
what happens while a stream opens.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from server import bus
from server.runtime import Runtime
from server.secrets import hash_token
from server.settings import Settings
from server.store import tokens
from tests.line import Line
from tests.makers import Api, app_client, hearing, make_member, make_token, state_of

ME = "/api/v1/accounts/verify_credentials"


@pytest.fixture
async def line(redis_url: str) -> AsyncIterator[Line]:
    line = Line(redis_url)
    yield line
    line.end()


@pytest.fixture
async def silenced(
    settings: Settings, line: Line, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that hears the bus over a line."""
    monkeypatch.setattr(bus, "_ANSWER_SECONDS", 0.2)
    async with app_client(replace(settings, redis_url=await line.lay())) as client:
        await hearing(state_of(client))
        yield client


async def test_a_suspended_member_gets_no_further(
    silenced: httpx.AsyncClient, runtime: Runtime, line: Line
) -> None:
    member = await make_member(runtime)
    moderator = await make_member(runtime, "mo", role="moderator")
    anna = Api(silenced, await make_token(runtime, member))
    mo = Api(silenced, await make_token(runtime, moderator, "admin:write"))
    await anna.get(ME)
    line.fall_silent(for_all=True)
    await mo.post(f"/api/v1/admin/accounts/{member.id}/action", type="disable")
    assert (await anna("GET", ME)).status_code == 403


async def test_a_revoked_token_opens_nothing(
    silenced: httpx.AsyncClient, runtime: Runtime, line: Line
) -> None:
    form = {"client_name": "app", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}
    app = (await silenced.post("/api/v1/apps", data=form)).json()
    secrets = {name: app[name] for name in ("client_id", "client_secret")}
    form = {"grant_type": "client_credentials", **secrets}
    token = (await silenced.post("/oauth/token", data=form)).json()["access_token"]
    its = Api(silenced, token)
    await its.get("/api/v1/apps/verify_credentials")
    line.fall_silent(for_all=True)
    answer = await silenced.post("/oauth/revoke", data={**secrets, "token": token})
    assert answer.status_code == 200
    assert (await its("GET", "/api/v1/apps/verify_credentials")).status_code == 401


async def test_a_new_filter_holds_for_what_was_just_read(
    silenced: httpx.AsyncClient, runtime: Runtime, line: Line
) -> None:
    anna = Api(silenced, await make_token(runtime, await make_member(runtime)))
    ben = Api(silenced, await make_token(runtime, await make_member(runtime, "ben")))
    post = await ben.post("/api/v1/statuses", status="a cat")
    path = f"/api/v1/statuses/{post['id']}"
    for _ in range(3):
        assert (await anna.get(path))["filtered"] == []
    line.fall_silent(for_all=True)
    words = [{"keyword": "cat", "whole_word": True}]
    new = {"title": "cats", "context": ["home"], "keywords_attributes": words}
    made = await anna.post("/api/v2/filters", **new)
    assert [one["filter"]["id"] for one in (await anna.get(path))["filtered"]] == [made["id"]]


async def test_a_token_that_is_revoked_while_its_stream_opens_hears_nothing(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    state = state_of(client)
    member = await make_member(runtime, "anna")
    found = await tokens.find_token(runtime.db, hash_token(await make_token(runtime, member)))
    assert found
    before = state.tokens.changes()
    state.tokens.forget()  # told between the look at the token and the stream
    assert await state.hub.join(found, before).queue.get() is None
    assert state.hub.join(found, state.tokens.changes()).queue.empty()
