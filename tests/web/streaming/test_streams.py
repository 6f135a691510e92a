"""Streams of a running instance over WebSocket and as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from socket import create_server
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server import events
from server.fanout.statuses import announce_deletion, show_to_reader
from server.identity import oauth, password_resets
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.settings import Settings
from server.store import (
    apps,
    chosen_languages,
    follows,
    one_time_links,
    status_audiences,
    tokens,
)
from server.store.status_writes import NewStatus, insert_status
from tests.line import Line
from tests.makers import Api, hearing, id_of, make_member, make_remote, make_token, run_jobs
from tests.waiting import until
from web.app import create_app

_PATIENCE = 60.0  # for what is to come


@pytest.fixture
async def line(redis_url: str) -> AsyncIterator[Line]:
    line = Line(redis_url)
    yield line
    line.end()


@pytest.fixture
async def app(settings: Settings, line: Line) -> Starlette:
    return create_app(replace(settings, redis_url=await line.lay()))


@pytest.fixture
async def address(app: Starlette, runtime: Runtime) -> AsyncIterator[str]:
    listening = create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_level="error",
        ws="websockets-sansio",
        timeout_keep_alive=3600,  # no connection ends in the moment in which it is used again
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    await until(lambda: server.started, "a server")
    await hearing(app.state)  # streams that were open before would end then
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving


class Person:
    def __init__(self, address: str, token: str) -> None:
        self.url, self.token = f"ws://{address}/api/v1/streaming", token
        self.http = httpx.AsyncClient(base_url=f"http://{address}", timeout=_PATIENCE)
        self.api = Api(self.http, token)

    def stream(self, name: str, **more: str) -> Any:
        query = "&".join(f"{k}={v}" for k, v in {"stream": name, **more}.items())
        return connect(
            f"{self.url}?{query}",
            additional_headers={"Authorization": f"Bearer {self.token}"},
            open_timeout=_PATIENCE,
        )


@pytest.fixture
async def people(address: str, runtime: Runtime) -> AsyncIterator[tuple[Person, Person]]:
    found = [
        Person(address, await make_token(runtime, await make_member(runtime, name)))
        for name in ("anna", "ben")
    ]
    yield found[0], found[1]
    for person in found:
        await person.http.aclose()


async def next_frame(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(_PATIENCE):
        frame: dict[str, Any] = orjson.loads(await socket.recv())
    return frame


async def hear(socket: ClientConnection, event: str) -> dict[str, Any]:
    while (frame := await next_frame(socket)).get("event") != event:
        pass
    return frame


async def test_post_edit_delete_on_the_own_stream(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, _ = people
    async with anna.stream("user") as socket:
        post = await anna.api.post("/api/v1/statuses", status="hello")
        await run_jobs(runtime)
        frame = await hear(socket, "update")
        assert frame["stream"] == ["user"]
        assert orjson.loads(frame["payload"])["id"] == post["id"]
        await anna.api("PUT", f"/api/v1/statuses/{post['id']}", json={"status": "edited"})
        edited = orjson.loads((await hear(socket, "status.update"))["payload"])
        assert edited["content"] == "<p>edited</p>"
        await anna.api("DELETE", f"/api/v1/statuses/{post['id']}")
        assert (await hear(socket, "delete"))["payload"] == post["id"]


async def test_public_streams_are_in_the_languages_that_one_has_chosen(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, ben = people
    await chosen_languages.put_chosen(runtime.db, int(await id_of(anna.api, "anna")), "nl")
    async with (
        anna.stream("public") as public,
        anna.stream("hashtag", tag="tea") as tagged,
        ben.stream("public") as other,
    ):
        for code in ("en", "nl"):
            await ben.api.post("/api/v1/statuses", status="#tea", language=code)
        await run_jobs(runtime)
        for socket, wanted in ((other, ["en", "nl"]), (tagged, ["en", "nl"]), (public, ["nl"])):
            for code in wanted:
                frame = await hear(socket, "update")
                assert orjson.loads(frame["payload"])["language"] == code


@pytest.mark.parametrize("how", ["named", "by hashtag"])
async def test_who_does_not_follow_hears_of_a_deletion_too(
    people: tuple[Person, Person], runtime: Runtime, how: str
) -> None:
    anna, ben = people
    if how == "by hashtag":
        await ben.api.post("/api/v1/tags/Tea/follow")
    async with ben.stream("user") as socket:
        text = "hi @ben" if how == "named" else "hi #tea"
        post = await anna.api.post("/api/v1/statuses", status=text)
        await run_jobs(runtime)
        await hear(socket, "notification" if how == "named" else "update")
        await anna.api("DELETE", f"/api/v1/statuses/{post['id']}")
        assert (await hear(socket, "delete"))["payload"] == post["id"]


async def test_public_and_hashtag_carry_what_is_public_alone(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, ben = people
    async with ben.stream("public:local") as public, ben.stream("hashtag", tag="Tag") as tagged:
        for visibility in ("private", "direct", "unlisted"):
            await anna.api.post("/api/v1/statuses", status="no #tag", visibility=visibility)
        made = await anna.api.post("/api/v1/statuses", status="yes #tag")
        await run_jobs(runtime)
        for heard, stream in ((public, ["public:local"]), (tagged, ["hashtag", "Tag"])):
            first = await next_frame(heard)
            assert (first["event"], first["stream"]) == ("update", stream)
            assert orjson.loads(first["payload"])["id"] == made["id"]


async def test_subscriptions_come_and_go_on_one_connection(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, ben = people
    async with connect(ben.url, subprotocols=[ben.token]) as socket:  # type: ignore[list-item]
        assert socket.subprotocol == ben.token
        await socket.send('{"type":"subscribe","stream":"public"}')
        await is_read(socket)
        await anna.api.post("/api/v1/statuses", status="one")
        await run_jobs(runtime)
        assert (await next_frame(socket))["stream"] == ["public"]
        await socket.send('{"type":"unsubscribe","stream":"public"}')
        await socket.send("not json")
        await socket.send('{"type":"subscribe","stream":"public:local"}')
        await is_read(socket)
        for text in ("two", "three"):
            await anna.api.post("/api/v1/statuses", status=text)
        await run_jobs(runtime)
        told = [(await next_frame(socket))["stream"] for _ in range(2)]
        assert told == [["public:local"]] * 2


async def is_read(socket: ClientConnection) -> None:
    """What was sent is read by now: so is what comes after it, and is refused."""
    await socket.send('{"type":"subscribe","stream":"nonsense"}')
    assert (await next_frame(socket))["status"] == 400


async def test_notifications_and_conversations(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, ben = people
    # An unasked private word by somebody whom one does not follow would wait in a request.
    anna_id = (await anna.api.get("/api/v1/accounts/verify_credentials"))["id"]
    await ben.api.post(f"/api/v1/accounts/{anna_id}/follow")
    async with ben.stream("user:notification") as told, ben.stream("direct") as direct:
        await anna.api.post("/api/v1/statuses", status="@ben psst", visibility="direct")
        await run_jobs(runtime)
        mention = orjson.loads((await hear(told, "notification"))["payload"])
        assert (mention["type"], mention["account"]["acct"]) == ("mention", "anna")
        conversation = orjson.loads((await hear(direct, "conversation"))["payload"])
        assert conversation["unread"]


async def test_a_conversation_steps_back_when_its_last_post_goes(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, ben = people
    first = await anna.api.post("/api/v1/statuses", status="@ben one", visibility="direct")
    second = await anna.api.post(
        "/api/v1/statuses", status="@ben two", visibility="direct", in_reply_to_id=first["id"]
    )
    await run_jobs(runtime)
    async with ben.stream("direct") as direct:
        await anna.api("DELETE", f"/api/v1/statuses/{second['id']}")
        changed = orjson.loads((await hear(direct, "conversation"))["payload"])
        assert changed["last_status"]["id"] == first["id"]


async def all_tokens_go(runtime: Runtime, account_id: int) -> None:
    async with runtime.transaction() as tx:
        events.tokens_revoked(tx, await tokens.delete_tokens_of_account(tx.db, account_id))


async def the_app_is_taken_back(runtime: Runtime, account_id: int) -> None:
    (app,) = await apps.list_allowed(runtime.db, account_id)
    assert await oauth.revoke_app(runtime, account_id, app.id)


async def the_password_is_reset(runtime: Runtime, account_id: int) -> None:
    token = new_token()
    await one_time_links.insert_link(runtime.db, hash_token(token), "password", account_id, 60)
    await password_resets.reset(runtime, token, "another horse battery")


@pytest.mark.parametrize("end", [all_tokens_go, the_app_is_taken_back, the_password_is_reset])
async def test_a_revoked_token_ends_its_streams_cve_2024_25619(
    people: tuple[Person, Person],
    runtime: Runtime,
    end: Callable[[Runtime, int], Awaitable[None]],
) -> None:
    anna, _ = people
    async with anna.stream("user") as socket:
        me = await anna.api.get("/api/v1/accounts/verify_credentials")
        await end(runtime, int(me["id"]))
        with pytest.raises(ConnectionClosed):
            await next_frame(socket)
    assert (await anna.api("GET", "/api/v1/timelines/home")).status_code == 401


@pytest.mark.parametrize("token", ["", "unknown"])
async def test_without_a_good_token_there_is_no_stream(address: str, token: str) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(f"ws://{address}/api/v1/streaming?access_token={token}"):
            pass
    assert caught.value.response.status_code == 401
    assert caught.value.response.headers["x-error-message"]


async def test_scopes_hold_for_each_channel(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, _ = people
    me = await anna.api.get("/api/v1/accounts/verify_credentials")
    from server.store.accounts import get_account

    account = await get_account(runtime.db, int(me["id"]))
    weak = Person(anna.url[5:].partition("/")[0], await make_token(runtime, account, "profile"))
    async with weak.stream("user") as socket:
        assert orjson.loads(await socket.recv())["status"] == 403
    await weak.http.aclose()


async def test_what_is_asked_wrongly_is_told_and_what_is_no_text_ends_it(
    people: tuple[Person, Person],
) -> None:
    anna, _ = people
    async with anna.stream("nonsense") as socket:
        unknown = {"error": "Unknown stream type", "status": 400}
        assert orjson.loads(await socket.recv()) == unknown
        await socket.send("no json")
        await socket.send("[]")
        for asked, status, text in (
            ({"stream": "hashtag"}, 400, "Missing tag name parameter"),
            ({"stream": ["list", "user"]}, 400, "Missing list name parameter"),
            ({"stream": "list", "list": "abc"}, 401, "Not authorized to stream this list"),
        ):
            await socket.send(orjson.dumps({"type": "subscribe", **asked}).decode())
            assert orjson.loads(await socket.recv()) == {"error": text, "status": status}
        await socket.send(b"bytes")
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 1003
    for token in None, anna.token:
        answer = await Api(anna.http, token)("GET", "/api/v1/streaming/nonsense")
        assert (answer.status_code, answer.json()["error"]) == (400, "Unknown channel requested")


async def test_server_sent_events(people: tuple[Person, Person], runtime: Runtime) -> None:
    anna, _ = people
    headers = {"Authorization": f"Bearer {anna.token}"}
    async with anna.http.stream("GET", "/api/v1/streaming/user", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await anext(lines) == ":)"
        await anna.api.post("/api/v1/statuses", status="hello")
        await run_jobs(runtime)
        assert await heard(lines) == "event: update"
        assert (await heard(lines)).startswith('data: {"id":"')
    missing = await anna.api("GET", "/api/v1/streaming/hashtag")
    assert (missing.status_code, set(missing.json())) == (400, {"error"})


async def heard(lines: AsyncIterator[str]) -> str:
    """The next line that is no heartbeat."""
    while (line := await anext(lines)) == ":thump":
        pass
    return line


async def test_who_is_told_by_a_stream_was_there(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    """So that nobody gets a mail about what an open app has shown."""
    anna, ben = people
    me = await anna.api.get("/api/v1/accounts/verify_credentials")
    async with anna.stream("user:notification") as stream:
        await runtime.db.execute("UPDATE tokens SET last_used_at = NULL")
        await ben.api.post(f"/api/v1/accounts/{me['id']}/follow")
        await run_jobs(runtime)
        assert (await next_frame(stream))["event"] == "notification"
        used = "SELECT last_used_at FROM tokens WHERE account_id = $1"
        await until(lambda: runtime.db.fetchval(used, int(me["id"])), "a use of the token")


async def test_without_the_bus_no_token_is_kept_and_with_it_again_streams_begin_anew(
    people: tuple[Person, Person], app: Starlette, runtime: Runtime, line: Line
) -> None:
    anna, ben = people
    his_id = (await ben.api.get("/api/v1/accounts/verify_credentials"))["id"]
    async with anna.stream("user") as hers, ben.stream("user") as his:
        line.go_down()
        await until(lambda: not app.state.tokens.is_told, "the bus is lost")
        await tokens.delete_tokens_of_account(runtime.db, int(his_id))
        assert (await ben.api("GET", "/api/v1/accounts/verify_credentials")).status_code == 401
        line.come_up()
        for socket in hers, his:
            with pytest.raises(ConnectionClosed):
                await hear(socket, "never")
    async with anna.stream("user") as socket:
        post = await anna.api.post("/api/v1/statuses", status="hello")
        assert orjson.loads((await hear(socket, "update"))["payload"])["id"] == post["id"]
    with pytest.raises(InvalidStatus):
        async with ben.stream("user"):
            pass


async def test_a_post_that_one_more_may_read_is_told_to_that_one_alone(
    people: tuple[Person, Person], runtime: Runtime
) -> None:
    anna, ben = people
    remy = await make_remote(runtime)
    shown = NewStatus(remy.id, f"{remy.uri}/1", False, "direct", "psst", datetime.now(UTC))
    status = await insert_status(runtime.db, shown)
    assert status
    async with anna.stream("user") as hers, ben.stream("user") as his:
        for person, socket in ((anna, hers), (ben, his)):
            me = int((await person.api.get("/api/v1/accounts/verify_credentials"))["id"])
            await follows.insert_follow(runtime.db, me, remy.id, None)
            async with runtime.transaction() as tx:
                found = await status_audiences.show_limited(tx.db, status.uri, remy.id, me)
                assert found == status.id
                await show_to_reader(tx, status.id, me)
            frame = await next_frame(socket)
            assert (frame["event"], frame["stream"]) == ("update", ["user"])
            assert orjson.loads(frame["payload"])["id"] == str(status.id)
        async with runtime.transaction() as tx:
            await announce_deletion(tx, status)
        for socket in (hers, his):
            frame = await next_frame(socket)
            assert (frame["event"], frame["payload"]) == ("delete", str(status.id))
