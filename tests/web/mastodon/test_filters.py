from typing import Any

import pytest

from server.runtime import Runtime
from tests.makers import Api, run_jobs


async def make(api: Api, *words: str, **more: Any) -> dict[str, Any]:
    body = {
        "title": "noise",
        "context": ["home", "public"],
        "keywords_attributes": [{"keyword": word, "whole_word": True} for word in words],
    }
    made: dict[str, Any] = await api.post("/api/v2/filters", **{**body, **more})
    return made


async def test_a_filter_from_its_making_to_its_end(anna: Api) -> None:
    made = await make(anna, "cats", "dogs", filter_action="hide", expires_in=3600)
    assert (made["title"], made["context"], made["filter_action"]) == (
        "noise",
        ["home", "public"],
        "hide",
    )
    assert made["expires_at"]
    path = f"/api/v2/filters/{made['id']}"
    first, second = made["keywords"]
    changes = [{"id": first["id"], "_destroy": True}, {"id": second["id"], "keyword": "birds"}]
    body = {"title": "pets", "keywords_attributes": changes, "expires_in": ""}
    changed = (await anna("PUT", path, json=body)).json()
    assert (changed["title"], changed["expires_at"], changed["filter_action"]) == (
        "pets",
        None,
        "hide",
    )
    assert [k["keyword"] for k in changed["keywords"]] == ["birds"]
    assert await anna.get(path) == changed
    assert await anna.get("/api/v2/filters") == [changed]
    assert (await anna("DELETE", path)).json() == {}
    assert await anna.get("/api/v2/filters") == []


async def test_parts_one_by_one(anna: Api) -> None:
    made = await make(anna)
    path = f"/api/v2/filters/{made['id']}"
    word = await anna.post(f"{path}/keywords", keyword="cat", whole_word=False)
    one = f"/api/v2/filters/keywords/{word['id']}"
    assert await anna.get(one) == word == (await anna.get(f"{path}/keywords"))[0]
    assert (await anna("PUT", one, json={"keyword": "dog"})).json()["keyword"] == "dog"
    assert (await anna("DELETE", one)).json() == {}
    status = await anna.post("/api/v1/statuses", status="x")
    kept = await anna.post(f"{path}/statuses", status_id=status["id"])
    assert kept["status_id"] == status["id"]
    assert await anna.get(f"{path}/statuses") == [kept]
    single = f"/api/v2/filters/statuses/{kept['id']}"
    assert await anna.get(single) == kept
    assert (await anna("DELETE", single)).json() == {}
    assert (await anna("GET", single)).status_code == 404


async def test_what_is_filtered_says_why(anna: Api, ben: Api, runtime: Runtime) -> None:
    made = await make(anna, "cat")
    with_word = await ben.post("/api/v1/statuses", status="My Cat!", spoiler_text="pets")
    without = await ben.post("/api/v1/statuses", status="concatenate")
    poll = {"options": ["cat", "dog"], "expires_in": 600}
    asked = await ben.post("/api/v1/statuses", status="which?", poll=poll)
    boost = await ben.post(f"/api/v1/statuses/{with_word['id']}/reblog")

    async def reasons(status: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await anna.get(f"/api/v1/statuses/{status['id']}"))[
            "filtered"
        ]
        return found

    [reason] = await reasons(with_word)
    assert reason["keyword_matches"] == ["Cat"]
    assert reason["status_matches"] is None
    assert reason["filter"]["id"] == made["id"]
    assert "keywords" not in reason["filter"]
    assert await reasons(without) == []
    assert [r["keyword_matches"] for r in await reasons(asked)] == [["cat"]]
    assert (await anna.get(f"/api/v1/statuses/{boost['id']}"))["reblog"]["filtered"] == [reason]
    assert (await ben.get(f"/api/v1/statuses/{with_word['id']}"))["filtered"] == []
    await anna.post(f"/api/v2/filters/{made['id']}/statuses", status_id=without["id"])
    await run_jobs(runtime)
    [reason] = (await anna.get(f"/api/v1/statuses/{without['id']}"))["filtered"]
    assert reason["status_matches"] == [without["id"]]


async def test_one_s_own_posts_and_ended_filters_are_let_through(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    await make(anna, "cat", expires_in=1000)
    await runtime.db.execute("UPDATE filters SET expires_at = now() - interval '1 s'")
    seen = await ben.post("/api/v1/statuses", status="cat")
    assert (await anna.get(f"/api/v1/statuses/{seen['id']}"))["filtered"] == []
    assert (await anna.post("/api/v1/statuses", status="cat"))["filtered"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"context": []},
        {"context": ["everywhere"]},
        {"filter_action": "burn"},
        {"expires_in": "soon"},
        {"title": "x" * 300},
        {"keywords_attributes": [{"keyword": " "}]},
        {"keywords_attributes": [{"keyword": "x" * 600}]},
    ],
)
async def test_filters_that_cannot_be(anna: Api, wrong: dict[str, Any]) -> None:
    body = {"title": "t", "context": ["home"], **wrong}
    answer = await anna("POST", "/api/v2/filters", json=body)
    assert (answer.status_code, set(answer.json())) == (422, {"error"})


async def test_those_of_others_are_not_there(anna: Api, ben: Api) -> None:
    made = await make(anna, "cat")
    word = made["keywords"][0]["id"]
    for method, path in (
        ("GET", f"/api/v2/filters/{made['id']}"),
        ("PUT", f"/api/v2/filters/{made['id']}"),
        ("DELETE", f"/api/v2/filters/{made['id']}"),
        ("GET", f"/api/v2/filters/{made['id']}/keywords"),
        ("POST", f"/api/v2/filters/{made['id']}/keywords"),
        ("GET", f"/api/v2/filters/keywords/{word}"),
        ("PUT", f"/api/v2/filters/keywords/{word}"),
        ("DELETE", f"/api/v2/filters/keywords/{word}"),
        ("GET", f"/api/v1/filters/{word}"),
        ("DELETE", f"/api/v1/filters/{word}"),
        ("GET", "/api/v2/filters/statuses/1"),
    ):
        assert (await ben(method, path, json={"keyword": "x"})).status_code == 404, path
    body = {"keywords_attributes": [{"id": word, "keyword": "stolen"}]}
    own = await make(ben)
    await ben("PUT", f"/api/v2/filters/{own['id']}", json=body)
    assert (await anna.get(f"/api/v2/filters/keywords/{word}"))["keyword"] == "cat"


async def test_the_older_shape_of_filters(anna: Api) -> None:
    made = await anna.post(
        "/api/v1/filters", phrase="cat", context=["home"], irreversible=True, whole_word=True
    )
    assert (made["phrase"], made["irreversible"], made["whole_word"]) == ("cat", True, True)
    path = f"/api/v1/filters/{made['id']}"
    assert await anna.get(path) == made
    assert await anna.get("/api/v1/filters") == [made]
    body = {"phrase": "dog", "context": ["home", "thread"], "irreversible": False}
    changed = (await anna("PUT", path, json=body)).json()
    assert (changed["phrase"], changed["context"]) == ("dog", ["home", "thread"])
    [newer] = await anna.get("/api/v2/filters")
    assert (newer["title"], newer["filter_action"]) == ("dog", "warn")
    assert (await anna("DELETE", path)).json() == {}
    assert await anna.get("/api/v2/filters") == []


async def test_contexts_are_read_without_what_is_empty(anna: Api) -> None:
    body = {"title": "x", "context": ["home", "public ", ""]}
    made = await anna.post("/api/v2/filters", **body)
    assert made["context"] == ["home", "public"]
    wrong = await anna("POST", "/api/v2/filters", json={**body, "filter_action": "eat"})
    assert (wrong.status_code, wrong.json()["error"]) == (
        422,
        "Validation failed: Action is not included in the list",
    )
