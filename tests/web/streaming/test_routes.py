"""Connections: when they begin to hear."""

import asyncio
from typing import Any

import orjson
import pytest

from server.runtime import Runtime
from tests.makers import run_jobs
from tests.web.streaming.test_streams import Person, address, app, hear, line, people
from web.streaming import routes
from web.streaming.channels import open_channel

__all__ = ["address", "app", "line", "people"]  # fixtures


async def test_who_is_connected_hears_all_from_then_on(
    people: tuple[Person, Person], runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def open_late(*what: Any) -> Any:
        await asyncio.sleep(1)
        return await open_channel(*what)

    monkeypatch.setattr(routes, "open_channel", open_late)
    anna, _ = people
    async with anna.stream("user") as socket:
        post = await anna.api.post("/api/v1/statuses", status="hello")
        await run_jobs(runtime)
        assert orjson.loads((await hear(socket, "update"))["payload"])["id"] == post["id"]
    async with anna.stream("nonsense") as socket:
        assert orjson.loads(await socket.recv())["status"] == 400
