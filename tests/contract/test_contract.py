"""Every address that clients call, called with data in place."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.types import Message

from tests.contract import calls, table
from tests.contract.opened import OPENED
from tests.contract.recipes import RECIPES, prepared
from tests.contract.world import Scene, World
from tests.makers import Api

CALLED = table.called_rows()
# Rows that few clients call are held to the contract as soon as they are there.
RARE = [
    row for row in table.read_table() if row not in CALLED and row.name in RECIPES and row.is_routed
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", [*CALLED, *RARE], ids=lambda row: row.name)
async def test_a_row_keeps_the_contract(
    row: table.Endpoint, world: World, record_property: Any
) -> None:
    assert row.name in RECIPES or row.name in OPENED, "the row needs a recipe"
    if not row.is_routed:
        problems = ["there is no route"]
    elif row.method == "WS":
        problems = await _problems_of_streaming(world)
    elif row.returns == "Stream" and RECIPES[row.name].status == (200,):
        problems = await _problems_of_events(world, row)
    else:
        found = await calls.examine(world, row, RECIPES[row.name])
        problems = found.problems
        record_property("extras", sorted(found.extras))
    record_property("contract", [row.tier, row.name, problems])
    if row.name in OPENED:
        assert problems, "it keeps the contract now: take it out of tests/contract/opened.py"
    else:
        assert problems == []


def test_only_rows_that_must_be_there_are_open() -> None:
    known = {row.name for row in [*CALLED, *RARE]}
    assert [name for name in OPENED if name not in known] == []
    assert [name for name in RECIPES if name not in {r.name for r in table.read_table()}] == []


async def _problems_of_streaming(world: World) -> list[str]:
    """Opened with a token the WebSocket is accepted, without it is closed."""
    scene = await Scene.open(world)
    token = scene.me.api._headers["Authorization"]
    first = [await _first_frame(world, value) for value in (token, None)]
    expected = ["websocket.accept", "websocket.http.response.start"]
    return [] if first == expected else [f"the first frames are {first}"]


async def _problems_of_events(world: World, row: table.Endpoint) -> list[str]:
    """Server-sent events begin with a line for the browser; without a token there are none."""
    scene = await Scene.open(world)
    call = await prepared(scene, RECIPES[row.name])
    problems = []
    scopes = row.scopes or ("read",)
    apis = {200: [await world.limited(scene.me, scope) for scope in scopes]}
    apis[401] = [Api(world.client()), Api(world.client(), "invalid")]
    for status, callers in apis.items():
        for api in callers:
            found = await _beginning(world, row.path, call.get("params", {}), api)
            if found[:2] != (status, "text/event-stream" if status == 200 else "application/json"):
                problems.append(f"must be {status}, is {found}")
            elif status == 200 and not found[2].startswith(b":"):
                problems.append(f"begins with {found[2]!r}")
    return problems


async def _beginning(
    world: World, path: str, query: dict[str, str], api: Api
) -> tuple[int, str, bytes]:
    """Status, media type and first bytes of an answer that may never end."""
    frames: list[Message] = []
    came = asyncio.Event()

    async def receive() -> Message:
        await came.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        frames.append(message)
        if message["type"] == "http.response.body":
            came.set()

    headers = [(k.lower().encode(), v.encode()) for k, v in api._headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(query).encode(),
        "headers": headers,
        "scheme": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 3000),
        "root_path": "",
        "app": world.app,
        "state": {},
    }
    await asyncio.wait_for(world.app(scope, receive, send), 60)
    kinds = dict(frames[0]["headers"])
    return (
        int(frames[0]["status"]),
        kinds[b"content-type"].decode().partition(";")[0],
        frames[1]["body"],
    )


async def _first_frame(world: World, token: str | None) -> str:
    frames: list[Message] = []
    coming: list[Message] = [{"type": "websocket.connect"}]
    coming.append({"type": "websocket.disconnect", "code": 1000})

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        frames.append(message)

    headers = [(b"authorization", token.encode())] if token else []
    scope = {
        "type": "websocket",
        "path": "/api/v1/streaming",
        "raw_path": b"/api/v1/streaming",
        "query_string": b"",
        "headers": headers,
        "subprotocols": [],
        "scheme": "ws",
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 3000),
        "root_path": "",
        "extensions": {"websocket.http.response": {}},
        "app": world.app,
        "state": {},
    }
    await world.app(scope, receive, send)
    return str(frames[0]["type"])
