from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self

import pytest

from server.actions import vote
from server.runtime import Runtime
from server.store import jobs
from tests.makers import Api, id_of, make_remote, outgoing, run_jobs, take

ASKED = {"options": ["Yes", "No", "Later"], "expires_in": 600}


async def ask(api: Api, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await api.post("/api/v1/statuses", status="?", poll={**ASKED, **more})
    return made


async def end(runtime: Runtime, poll_id: str) -> None:
    """Let the time of a poll be over, and the worker notice."""
    await runtime.db.execute(
        "UPDATE polls SET expires_at = now() - interval '1 s' WHERE status_id = $1", int(poll_id)
    )
    await runtime.db.execute("UPDATE jobs SET run_at = now() WHERE name = 'close_poll'")
    await run_jobs(runtime)


async def test_a_poll_from_the_question_to_its_end(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    poll = (await ask(anna))["poll"]
    assert poll["options"] == [{"title": t, "votes_count": 0} for t in ASKED["options"]]  # type: ignore[attr-defined]
    assert (poll["voted"], poll["own_votes"], poll["expired"]) == (True, [], False)
    path = f"/api/v1/polls/{poll['id']}"
    assert (await ben.get(path))["voted"] is False
    voted = await ben.post(f"{path}/votes", choices=[1])
    assert (voted["voted"], voted["own_votes"], voted["votes_count"]) == (True, [1], 1)
    assert voted["voters_count"] == 1
    seen = await stranger.get(path)
    assert "voted" not in seen
    assert [option["votes_count"] for option in seen["options"]] == [0, 1, 0]
    await end(runtime, poll["id"])
    assert (await ben.get(path))["expired"] is True
    for api in (anna, ben):
        [told] = await api.get("/api/v1/notifications", **{"types[]": "poll"})
        assert told["status"]["poll"]["id"] == poll["id"]
    late = await ben("POST", f"{path}/votes", json={"choices": [0]})
    assert (late.status_code, "already ended" in late.json()["error"]) == (422, True)
    await end(runtime, poll["id"])
    assert len(await ben.get("/api/v1/notifications", **{"types[]": "poll"})) == 1


class Behind(datetime):
    """The clock of a worker that is an hour behind that of the database."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) - timedelta(hours=1)


async def test_the_end_of_a_poll_is_told_by_a_worker_whose_clock_is_behind(
    anna: Api, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = (await ask(anna))["poll"]
    monkeypatch.setattr(vote, "datetime", Behind)
    await end(runtime, poll["id"])
    assert len(await anna.get("/api/v1/notifications", **{"types[]": "poll"})) == 1


@pytest.mark.parametrize("choices", [[], [3], [-1], [0, 1], ["a"], [2**40]])
async def test_choices_that_cannot_be(anna: Api, ben: Api, choices: list[Any]) -> None:
    poll = (await ask(anna))["poll"]
    answer = await ben("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": choices})
    assert answer.status_code in {400, 422}
    assert (await ben.get(f"/api/v1/polls/{poll['id']}"))["votes_count"] == 0


async def test_one_votes_once_or_for_several(anna: Api, ben: Api) -> None:
    single, several = (await ask(anna))["poll"], (await ask(anna, multiple=True))["poll"]
    await ben.post(f"/api/v1/polls/{single['id']}/votes", choices=[0])
    again = await ben("POST", f"/api/v1/polls/{single['id']}/votes", json={"choices": [1]})
    assert (again.status_code, "already voted" in again.json()["error"]) == (422, True)
    voted = await ben.post(f"/api/v1/polls/{several['id']}/votes", choices=[0, 2])
    assert (voted["own_votes"], voted["votes_count"], voted["voters_count"]) == ([0, 2], 2, 1)


async def test_nobody_votes_in_the_own_poll(anna: Api) -> None:
    poll = (await ask(anna))["poll"]
    answer = await anna("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": [0]})
    said = {"error": "Validation failed: You cannot vote in your own polls"}
    assert (answer.status_code, answer.json()) == (422, said)


async def test_hidden_totals_show_at_the_end(anna: Api, ben: Api, runtime: Runtime) -> None:
    poll = (await ask(anna, hide_totals=True))["poll"]
    voted = await ben.post(f"/api/v1/polls/{poll['id']}/votes", choices=[0])
    assert [option["votes_count"] for option in voted["options"]] == [None] * 3
    await end(runtime, poll["id"])
    shown = await ben.get(f"/api/v1/polls/{poll['id']}")
    assert [option["votes_count"] for option in shown["options"]] == [1, 0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": ["one"]},
        {"options": ["a", "b", "c", "d", "e"]},
        {"options": ["a", "a"]},
        {"options": ["a", " "]},
        {"options": ["a", "b" * 51]},
        {"expires_in": 299},
        {"expires_in": 10**9},
    ],
)
async def test_polls_that_cannot_be(anna: Api, wrong: dict[str, Any]) -> None:
    answer = await anna(
        "POST", "/api/v1/statuses", json={"status": "?", "poll": {**ASKED, **wrong}}
    )
    assert (answer.status_code, set(answer.json())) == (422, {"error"})


async def test_an_emoji_is_one_character_of_a_choice_and_of_a_warning(anna: Api) -> None:
    flag = "\U0001f3f3\ufe0f\u200d\u26a7\ufe0f"
    poll = {**ASKED, "options": [flag * 50, "b"]}
    made = await anna.post("/api/v1/statuses", status="?", spoiler_text=flag * 499, poll=poll)
    assert made["poll"]["options"][0]["title"] == flag * 50


async def test_who_may_not_see_it_may_not_vote(anna: Api, ben: Api) -> None:
    made = await anna.post("/api/v1/statuses", status="?", poll=ASKED, visibility="private")
    path = f"/api/v1/polls/{made['poll']['id']}"
    assert (await ben("GET", path)).status_code == 404
    assert (await ben("POST", f"{path}/votes", json={"choices": [0]})).status_code == 404
    plain = await anna.post("/api/v1/statuses", status="no poll")
    assert (await ben("GET", f"/api/v1/polls/{plain['id']}")).status_code == 404


async def test_an_edit_begins_anew_only_with_other_options(anna: Api, ben: Api) -> None:
    made = await ask(anna)
    await ben.post(f"/api/v1/polls/{made['id']}/votes", choices=[0])
    path = f"/api/v1/statuses/{made['id']}"
    same = (
        await anna("PUT", path, json={"status": "!", "poll": {**ASKED, "expires_in": 900}})
    ).json()
    assert same["poll"]["votes_count"] == 1
    other = {"options": ["A", "B"], "expires_in": 600}
    changed = (await anna("PUT", path, json={"status": "!", "poll": other})).json()
    assert (changed["poll"]["votes_count"], len(changed["poll"]["options"])) == (0, 2)
    assert (await ben.get(f"/api/v1/polls/{made['id']}"))["voted"] is False
    versions = await anna.get(f"{path}/history")
    assert [option["title"] for option in versions[0]["poll"]["options"]] == ASKED["options"]
    without = (await anna("PUT", path, json={"status": "!"})).json()
    assert without["poll"] is None


def question(uri: str, author: str, yes: int, end: datetime, **more: Any) -> dict[str, Any]:
    return {
        "id": uri,
        "type": "Question",
        "attributedTo": author,
        "content": "<p>?</p>",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "votersCount": yes,
        "endTime": end.isoformat(),
        "oneOf": [
            {"type": "Note", "name": "Yes", "replies": {"type": "Collection", "totalItems": yes}},
            {"type": "Note", "name": "No", "replies": {"type": "Collection", "totalItems": 0}},
        ],
        **more,
    }


async def test_a_vote_in_a_poll_of_others_is_sent(anna: Api, runtime: Runtime) -> None:
    remy = await make_remote(runtime)
    await anna.post(f"/api/v1/accounts/{remy.id}/follow")
    await runtime.db.execute(
        "INSERT INTO follows (account_id, target_id) SELECT account_id, $1 FROM users", remy.id
    )
    uri, over = f"{remy.uri}/q/1", datetime.now(UTC) + timedelta(hours=1)
    await take(runtime, "Create", remy, question(uri, remy.uri, 5, over))
    [found] = await anna.get("/api/v1/timelines/home")
    assert [option["votes_count"] for option in found["poll"]["options"]] == [5, 0]
    voted = await anna.post(f"/api/v1/polls/{found['poll']['id']}/votes", choices=[0])
    assert (voted["options"][0]["votes_count"], voted["own_votes"]) == (6, [0])
    [vote] = [a for a in await outgoing(runtime) if a["type"] == "Create"]
    assert vote["to"] == [remy.uri]
    assert (vote["object"]["name"], vote["object"]["inReplyTo"]) == ("Yes", uri)
    assert "content" not in vote["object"]
    await take(runtime, "Update", remy, question(uri, remy.uri, 9, over))
    assert (await anna.get(f"/api/v1/polls/{found['poll']['id']}"))["votes_count"] == 9


async def test_votes_of_others_count_once_and_in_time(anna: Api, runtime: Runtime) -> None:
    remy, eve = await make_remote(runtime), await make_remote(runtime, "eve")
    made = await ask(anna)

    async def vote(name: str, place: str, **more: Any) -> int:
        note = {
            "id": f"{remy.uri}#votes/{place}",
            "type": "Note",
            "name": name,
            "attributedTo": remy.uri,
            "inReplyTo": made["uri"],
        }
        await take(runtime, "Create", remy, {**note, **more})
        found = await anna.get(f"/api/v1/polls/{made['poll']['id']}")
        return int(found["votes_count"])

    assert await vote("Maybe", "1") == 0
    assert await vote("Yes", "2", attributedTo=eve.uri) == 0
    assert await vote("Yes", "3") == 1
    assert await vote("No", "4") == 1
    assert await id_of(anna, "anna")
    replies = (await anna.get(f"/api/v1/statuses/{made['id']}"))["replies_count"]
    assert replies == 0
    await end(runtime, made["poll"]["id"])
    assert await vote("Yes", "5") == 1
    names = {
        job.name for job in await jobs.claim_jobs(runtime.db, remy_worker(), ["send_update"], 9)
    }
    assert names <= {"send_update"}


def remy_worker() -> Any:
    from uuid import uuid4

    return uuid4()


async def test_others_read_it_as_a_question(anna: Api, stranger: Api) -> None:
    made = await ask(anna, multiple=True)
    answer = await stranger(
        "GET", f"/ap/statuses/{made['id']}", headers={"Accept": "application/activity+json"}
    )
    document = answer.json()
    assert document["type"] == "Question"
    assert [choice["name"] for choice in document["anyOf"]] == ASKED["options"]
    assert document["votersCount"] == 0
    assert document["endTime"]


async def test_a_vote_without_a_choice_is_none(anna: Api, ben: Api) -> None:
    poll = {"options": ["a", "b"], "expires_in": 600}
    made = await anna.post("/api/v1/statuses", status="?", poll=poll)
    answer = await ben("POST", f"/api/v1/polls/{made['poll']['id']}/votes")
    assert answer.status_code == 400
