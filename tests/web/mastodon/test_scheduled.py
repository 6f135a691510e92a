from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest

from server.mail.message import compose
from server.runtime import Runtime
from server.store import jobs
from server.worker import catalogue
from tests.makers import Api, run_jobs
from tests.server.moderation.test_act import letters
from tests.web.mastodon.test_media import upload


def later(**delta: float) -> str:
    return (datetime.now(UTC) + timedelta(**delta)).isoformat()


async def keep(api: Api, **body: Any) -> dict[str, Any]:
    body = {"status": "later", "scheduled_at": later(hours=1), **body}
    made: dict[str, Any] = await api.post("/api/v1/statuses", **body)
    return made


async def test_a_post_for_later_comes_at_its_time(anna: Api, runtime: Runtime) -> None:
    poll = {"options": ["a", "b"], "expires_in": 600}
    made = await keep(anna, visibility="unlisted", spoiler_text="cw", poll=poll)
    assert made["params"]["text"] == "later"
    assert made["params"]["poll"]["options"] == ["a", "b"]
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    assert await anna.get(path) == made
    assert await anna.get("/api/v1/scheduled_statuses") == [made]
    await run_jobs(runtime)
    assert await anna.get("/api/v1/timelines/home") == []
    moved = (await anna("PUT", path, json={"scheduled_at": later(hours=2)})).json()
    assert moved["scheduled_at"] > made["scheduled_at"]
    await runtime.db.execute("UPDATE jobs SET run_at = now() WHERE name = 'publish_scheduled'")
    await run_jobs(runtime)
    assert await anna.get("/api/v1/timelines/home") == [], "it was moved"
    await runtime.db.execute("UPDATE scheduled_statuses SET scheduled_at = now()")
    async with runtime.transaction() as tx:
        tx.enqueue("publish_scheduled", int(made["id"]))
        tx.enqueue("publish_scheduled", int(made["id"]))
    await run_jobs(runtime)
    [posted] = await anna.get("/api/v1/timelines/home")
    assert (posted["content"], posted["visibility"], posted["spoiler_text"]) == (
        "<p>later</p>",
        "unlisted",
        "cw",
    )
    assert posted["poll"]["options"][0]["title"] == "a"
    body = {"status": "x", "scheduled_at": later(hours=1), "in_reply_to_id": "1"}
    assert (await anna("POST", "/api/v1/statuses", json=body)).status_code == 404
    assert await anna.get("/api/v1/scheduled_statuses") == []


async def test_its_uploads_wait_with_it(anna: Api, runtime: Runtime) -> None:
    media_id = (await upload(anna)).json()["id"]
    made = await keep(anna, media_ids=[media_id])
    assert [media["id"] for media in made["media_attachments"]] == [media_id]
    again = await anna("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [media_id]})
    assert again.status_code == 422
    await runtime.db.execute("UPDATE scheduled_statuses SET scheduled_at = now()")
    async with runtime.transaction() as tx:
        tx.enqueue("publish_scheduled", int(made["id"]))
    await run_jobs(runtime)
    [posted] = await anna.get("/api/v1/timelines/home")
    assert [media["id"] for media in posted["media_attachments"]] == [media_id]


async def come_due(runtime: Runtime, scheduled_id: str) -> None:
    due = "UPDATE scheduled_statuses SET scheduled_at = now() WHERE id = $1"
    await runtime.db.execute(due, int(scheduled_id))
    async with runtime.transaction() as tx:
        tx.enqueue("publish_scheduled", int(scheduled_id))


@pytest.mark.parametrize("locale", ["en", "nl"])
async def test_what_cannot_be_posted_any_more_stays_as_a_draft_and_is_told(
    anna: Api, ben: Api, runtime: Runtime, locale: str
) -> None:
    await runtime.db.execute("UPDATE users SET locale = $1", locale)
    question = await ben.post("/api/v1/statuses", status="why?")
    answer = await keep(anna, in_reply_to_id=question["id"])
    file = (await upload(anna)).json()["id"]
    picture = await keep(anna, media_ids=[file])
    await ben("DELETE", f"/api/v1/statuses/{question['id']}")
    assert (await anna("DELETE", f"/api/v1/media/{file}")).status_code == 200
    mails = replace(runtime.settings, smtp_url="smtp://localhost", smtp_from="us@example.org")
    runtime = replace(runtime, settings=mails)
    for one in answer, picture:
        await come_due(runtime, one["id"])
        [claimed] = await jobs.claim_jobs(runtime.db, uuid4(), ["publish_scheduled"], 5)
        await catalogue.call(runtime, claimed.name, claimed.args)
        await jobs.delete_jobs(runtime.db, [claimed.id])
    waiting = await anna.get("/api/v1/scheduled_statuses")
    assert [(one["id"], one["scheduled_at"][:4]) for one in waiting] == [
        (picture["id"], "9999"), (answer["id"], "9999"),
    ]  # fmt: skip
    sent = await letters(runtime)
    assert [(one.to, one.template, one.values["reason"]) for one in sent] == [
        ("anna@example.org", "unposted", "gone"), ("anna@example.org", "unposted", "other"),
    ]  # fmt: skip
    mail = message_from_bytes(compose(sent[1], runtime.settings), policy=default)
    plain = mail.get_body(("plain",))
    assert plain
    assert ("9999" in plain.get_content(), f"Media {file} not found" in plain.get_content()) == (
        True, True,
    )  # fmt: skip


async def test_a_time_that_is_past_means_now_and_a_near_one_is_refused(anna: Api) -> None:
    made = await keep(anna, scheduled_at=later(minutes=-1))
    assert made["content"] == "<p>later</p>"
    near = {"status": "x", "scheduled_at": later(minutes=4)}
    answer = await anna("POST", "/api/v1/statuses", json=near)
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "Validation failed: Scheduled at date must be in the future",
    )
    wrong = {"status": "x", "scheduled_at": "soon"}
    assert (await anna("POST", "/api/v1/statuses", json=wrong)).status_code == 422
    kept = await keep(anna)
    path = f"/api/v1/scheduled_statuses/{kept['id']}"
    assert (await anna("PUT", path, json={"scheduled_at": later(minutes=1)})).status_code == 422


async def test_what_could_not_be_posted_is_not_kept(anna: Api) -> None:
    for wrong in ({"status": ""}, {"status": "x" * 600}, {"status": "x", "media_ids": [1]}):
        body = {"scheduled_at": later(hours=1), **wrong}
        assert (await anna("POST", "/api/v1/statuses", json=body)).status_code == 422
    assert await anna.get("/api/v1/scheduled_statuses") == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_those_of_others_are_not_there(anna: Api, ben: Api, method: str) -> None:
    made = await keep(anna)
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    body = {"scheduled_at": later(hours=3)}
    assert (await ben(method, path, json=body)).status_code == 404
    assert await ben.get("/api/v1/scheduled_statuses") == []
    assert await anna.get(path) == made


async def test_a_day_holds_so_many(anna: Api, runtime: Runtime) -> None:
    at = later(hours=1)
    for _ in range(25):
        await keep(anna, scheduled_at=at)
    answer = await anna("POST", "/api/v1/statuses", json={"status": "x", "scheduled_at": at})
    assert (answer.status_code, "that day" in answer.json()["error"]) == (422, True)


async def test_a_draft_waits_until_it_gets_a_time(anna: Api, runtime: Runtime) -> None:
    made = await anna.post("/api/v1/statuses", status="unsure", draft=True)
    assert made["scheduled_at"].startswith("9999-12-31")
    await run_jobs(runtime)
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    given = (await anna("PUT", path, json={"scheduled_at": later(hours=1)})).json()
    assert not given["scheduled_at"].startswith("9999")
    taken = (await anna("PUT", path, json={"scheduled_at": made["scheduled_at"]})).json()
    assert taken == made
    assert (await anna("DELETE", path)).json() == {}
    assert await anna.get("/api/v1/scheduled_statuses") == []


async def test_pages_lead_on(anna: Api) -> None:
    made = [await keep(anna, scheduled_at=later(days=day)) for day in (1, 2, 3)]
    answer = await anna("GET", "/api/v1/scheduled_statuses", params={"limit": 2})
    assert [one["id"] for one in answer.json()] == [made[2]["id"], made[1]["id"]]
    older = await anna("GET", answer.links["next"]["url"])
    assert [one["id"] for one in older.json()] == [made[0]["id"]]


async def test_the_same_key_keeps_one_post(anna: Api) -> None:
    body = {"status": "x", "scheduled_at": later(hours=1)}
    first, second = [
        (await anna("POST", "/api/v1/statuses", json=body, headers={"Idempotency-Key": "k"})).json()
        for _ in range(2)
    ]
    assert second == first
    assert len(await anna.get("/api/v1/scheduled_statuses")) == 1
