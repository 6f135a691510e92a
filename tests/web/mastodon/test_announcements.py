import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from server.actions import announce, custom_emojis
from server.errors import Invalid
from server.runtime import Runtime
from server.secrets import hash_token
from server.store import tokens
from tests import makers
from tests.makers import Api, make_member, make_status, run_jobs
from tests.pictures import picture
from tests.queries import count_queries

PATH = "/api/v1/announcements"


def at(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


async def announced(runtime: Runtime, text: str = "Hello", **more: Any) -> int:
    made = await announce.add_announcement(runtime, None, announce.Draft(text, **more))
    await run_jobs(runtime)
    return made


async def test_all_that_an_announcement_says(anna: Api, runtime: Runtime) -> None:
    status = await make_status(runtime, await make_member(runtime, "carl"), "linked")
    hidden = await make_status(
        runtime, await make_member(runtime, "dora"), "hidden", visibility="private"
    )
    await custom_emojis.add_emoji(runtime, "blob", picture())
    text = (
        f"Hi @carl :blob: #Party http://localhost:3000/@carl/{status}"
        f" http://localhost:3000/@dora/{hidden}"
    )
    made = await announced(runtime, text, starts_at=at(1), ends_at=at(2), all_day=True)
    [found] = await anna.get(PATH)
    assert found["id"] == str(made)
    assert "<script" not in found["content"]
    assert [m["acct"] for m in found["mentions"]] == ["carl"]
    assert found["statuses"] == [
        {"id": str(status), "url": f"http://localhost:3000/@carl/{status}"}
    ]
    assert found["tags"] == [{"name": "party", "url": "http://localhost:3000/tags/party"}]
    assert [e["shortcode"] for e in found["emojis"]] == ["blob"]
    assert (found["read"], found["all_day"], found["reactions"]) == (False, True, [])
    assert found["starts_at"] < found["ends_at"]


async def test_reading_is_remembered(anna: Api, ben: Api, runtime: Runtime) -> None:
    made = await announced(runtime)
    for _ in range(2):
        assert await anna.post(f"{PATH}/{made}/dismiss") == {}
    assert [one["read"] for one in await anna.get(PATH)] == [True]
    assert [one["read"] for one in await ben.get(PATH)] == [False]
    assert await anna.get(PATH, with_dismissed="false") == []
    assert len(await anna.get(PATH, with_dismissed="true")) == 1
    assert (await anna("POST", f"{PATH}/1/dismiss")).status_code == 404


async def test_reactions(anna: Api, ben: Api, runtime: Runtime) -> None:
    made = await announced(runtime)
    await custom_emojis.add_emoji(runtime, "blob", picture())
    path = f"{PATH}/{made}/reactions"
    for api, name in ((anna, "👍"), (ben, "👍"), (ben, "👍"), (ben, "blob")):
        answer = await api("PUT", f"{path}/{name}")
        assert (answer.status_code, answer.json()) == (200, {})
    [thumb, blob] = (await anna.get(PATH))[0]["reactions"]
    assert thumb == {"name": "👍", "count": 2, "me": True}
    assert (blob["name"], blob["count"], blob["me"]) == ("blob", 1, False)
    assert (await ben("GET", blob["url"])).headers["content-type"] == "image/png"
    assert (await ben("DELETE", f"{path}/👍")).json() == {}
    assert (await ben("DELETE", f"{path}/👍")).status_code == 404
    assert (await anna.get(PATH))[0]["reactions"][0]["count"] == 1


@pytest.mark.parametrize("name", ["hello", "unknown_emoji", "👍👍", "<b>", "x" * 500])
async def test_what_is_no_reaction(anna: Api, runtime: Runtime, name: str) -> None:
    made = await announced(runtime)
    answer = await anna("PUT", f"{PATH}/{made}/reactions/{name}")
    assert answer.status_code == 422
    assert answer.json() == {"error": "Validation failed: Name is not a recognized emoji"}


async def test_there_are_eight_different_reactions_at_most(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    made = await announced(runtime)
    path = f"{PATH}/{made}/reactions"
    for name in "😀😁😂😃😄😅😆😇":
        assert (await anna("PUT", f"{path}/{name}")).status_code == 200
    assert (await ben("PUT", f"{path}/😈")).status_code == 422
    assert (await ben("PUT", f"{path}/😀")).status_code == 200


async def test_they_come_and_go_at_their_times(anna: Api, runtime: Runtime) -> None:
    await announced(runtime, "later", publish_at=at(1))
    await announced(runtime, "over soon", starts_at=at(-2), ends_at=at(1))
    assert [one["content"] for one in await anna.get(PATH)] == ["<p>over soon</p>"]
    await runtime.db.execute(
        """UPDATE announcements SET publish_at = publish_at - interval '2 hours',
           ends_at = ends_at - interval '2 hours'"""
    )
    await runtime.db.execute("UPDATE jobs SET run_at = now() - interval '1 hour'")
    await run_jobs(runtime)
    assert [one["content"] for one in await anna.get(PATH)] == ["<p>later</p>"]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (" ", {}),
        ("x" * 10_001, {}),
        ("x", {"starts_at": at(1)}),
        ("x", {"starts_at": at(2), "ends_at": at(1)}),
    ],
)
async def test_announcements_that_cannot_be(
    runtime: Runtime, text: str, more: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        await announce.add_announcement(runtime, None, announce.Draft(text, **more))


async def test_however_many_there_are_it_costs_the_same(anna: Api, runtime: Runtime) -> None:
    await custom_emojis.add_emoji(runtime, "blob", picture())
    counts = []
    await anna.get(PATH)  # the token is known from now on
    for number in (1, 10):
        for n in range(number):
            await announced(runtime, f":blob: {n}")
        with count_queries() as seen:
            await anna.get(PATH)
        counts.append(len(seen))
    assert counts[0] == counts[1]


async def test_streams_hear_of_all_of_it(
    client: httpx.AsyncClient, anna: Api, runtime: Runtime
) -> None:
    from web.streaming.channels import Channel

    state = makers.state_of(client)
    token = await makers.make_token(runtime, await make_member(runtime, "listener"))
    stored = await tokens.find_token(runtime.db, hash_token(token))
    assert stored
    listener = state.hub.join(stored, state.tokens.changes())
    state.hub.open(listener, Channel("user"))

    async def hear() -> tuple[str, str]:
        async with asyncio.timeout(60):
            _, event, payload = await listener.queue.get()
        return event, payload

    made = await announced(runtime, "Hi")
    event, payload = await hear()
    shown = json.loads(payload)
    assert (event, shown["id"]) == ("announcement", str(made))
    assert "read" not in shown
    for method, count in (("PUT", 1), ("DELETE", 0)):
        await anna(method, f"{PATH}/{made}/reactions/👍")
        event, payload = await hear()
        told = {"name": "👍", "count": count, "announcement_id": str(made)}
        assert (event, json.loads(payload)) == ("announcement.reaction", told)
    await announce.change_announcement(runtime, None, made, announce.Draft("Hi again"))
    event, payload = await hear()
    assert (event, json.loads(payload)["content"]) == ("announcement", "<p>Hi again</p>")
    await announce.set_shown(runtime, None, made, shown=False)
    assert await hear() == ("announcement.delete", str(made))
    await announce.set_shown(runtime, None, made, shown=True)
    assert (await hear())[0] == "announcement"
    await announce.delete_announcement(runtime, None, made)
    assert await hear() == ("announcement.delete", str(made))
    state.hub.leave(listener)
