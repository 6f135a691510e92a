"""What clients rely on beyond the fields of entities, as tables: how requests are written, what
browsers ask first, what refusals say, how pages are linked.
"""

import re
from typing import Any

import pytest

from server.runtime import Runtime
from tests.makers import Api, make_member

ME = "/api/v1/accounts/update_credentials"
# Every way in which clients write the same profile field.
ENCODINGS: dict[str, dict[str, Any]] = {
    "JSON": {"json": {"fields_attributes": [{"name": "team", "value": "soil"}]}},
    "JSON, by index": {"json": {"fields_attributes": {"0": {"name": "team", "value": "soil"}}}},
    "a form": {
        "data": {"fields_attributes[0][name]": "team", "fields_attributes[0][value]": "soil"}
    },
    "parts": {
        "files": {
            "fields_attributes[0][name]": (None, "team"),
            "fields_attributes[0][value]": (None, "soil"),
        }
    },
}
ARRAYS: dict[str, dict[str, Any]] = {
    "JSON": {"json": {"account_ids": ["{0}"]}},
    "brackets": {"data": {"account_ids[]": "{0}"}},
    "by index": {"data": {"account_ids[0]": "{0}"}},
    "parts": {"files": {"account_ids[]": (None, "{0}")}},
}
PREFLIGHTS = {
    "/api/v1/statuses": "GET POST PUT PATCH DELETE",
    "/api/v1/nothing": "GET POST PUT PATCH DELETE",
    "/oauth/token": "POST",
    "/oauth/revoke": "POST",
    "/oauth/userinfo": "GET POST",
    "/.well-known/webfinger": "GET",
    "/.well-known/oauth-authorization-server": "GET",
    "/nodeinfo/2.0": "GET",
    "/@anna": "GET",
    "/users/anna": "GET",
    "/static/avatar.png": "GET",
}
EXPOSED = (
    "link",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
    "mastodon-async-refresh",
)
REFUSALS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/api/v1/statuses/1", {}, 404, "Record not found"),
    (
        "POST",
        "/api/v1/statuses",
        {"status": "a" * 501},
        422,
        "Validation failed: Text character limit of 500 exceeded",
    ),
    ("POST", "/api/v1/statuses", {"status": ""}, 422, "Validation failed: Text can't be blank"),
    (
        "POST",
        "/api/v1/statuses",
        {"status": "x", "media_ids": ["1"]},
        422,
        "Media 1 not found or already attached to another post",
    ),
    ("POST", "/api/v2/media", {}, 422, "Validation failed: File can't be blank"),
    ("POST", "/api/v1/accounts/1/follow", {}, 404, "Record not found"),
    ("GET", "/api/v1/admin/accounts", {}, 403, "This action is outside the authorized scopes"),
]
SLASHES = ("/api/v1/instance/", "/api/v2/instance/", "/api/v1/conversations/", "/oauth/authorize/")


@pytest.mark.parametrize("encoding", list(ENCODINGS))
async def test_fields_are_read_in_every_encoding(anna: Api, encoding: str) -> None:
    changed = (await anna("PATCH", ME, **ENCODINGS[encoding])).json()
    assert [(f["name"], f["value"]) for f in changed["fields"]] == [("team", "soil")]


@pytest.mark.parametrize("encoding", list(ARRAYS))
async def test_arrays_are_read_in_every_encoding(
    anna: Api, runtime: Runtime, encoding: str
) -> None:
    """Also those that come with a DELETE."""
    carl = str((await make_member(runtime, "carl")).id)
    await anna.post(f"/api/v1/accounts/{carl}/follow")
    path = f"/api/v1/lists/{(await anna.post('/api/v1/lists', title='T'))['id']}/accounts"
    body = _filled(ARRAYS[encoding], carl)
    for method, members in (("POST", [carl]), ("DELETE", [])):
        answer = await anna(method, path, **body)
        assert (answer.status_code, answer.json()) == (200, {})
        assert [a["id"] for a in await anna.get(path)] == members


@pytest.mark.parametrize("path", list(PREFLIGHTS))
async def test_a_page_of_another_origin_may_call(stranger: Api, path: str) -> None:
    asked = {
        "Origin": "https://phanpy.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization,idempotency-key",
    }
    answer = await stranger("OPTIONS", path, headers=asked)
    assert answer.status_code == 200
    allowed = answer.headers["access-control-allow-methods"].replace(",", "").split()
    assert set(PREFLIGHTS[path].split()) <= set(allowed)
    assert answer.headers["access-control-allow-headers"] == "authorization,idempotency-key"
    for found in (answer, await stranger("GET", path, headers=asked)):
        names = [name for name, _ in found.headers.multi_items()]
        assert len(names) == len(set(names)), names  # of two the same browsers take none
        assert found.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in found.headers
        exposed = found.headers["access-control-expose-headers"].lower().split(", ")
        assert set(EXPOSED) <= set(exposed)


@pytest.mark.parametrize(("method", "path", "body", "status", "message"), REFUSALS)
async def test_refusals_say_what_mastodon_says(
    anna: Api, method: str, path: str, body: dict[str, Any], status: int, message: str
) -> None:
    answer = await anna(method, path, json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, message)


@pytest.mark.parametrize("path", SLASHES)
async def test_a_slash_at_the_end_finds_the_same(anna: Api, path: str) -> None:
    assert (await anna("GET", path)).status_code == (await anna("GET", path[:-1])).status_code


async def test_next_comes_first_and_repeats_what_was_asked(anna: Api) -> None:
    for number in range(3):
        await anna.post("/api/v1/statuses", status=f"number {number}")
    answer = await anna("GET", "/api/v1/timelines/home?limit=2&lang=nl")
    link = answer.headers["link"]
    assert re.fullmatch(r'<[^>,]+max_id=\d+>; rel="next", <[^>,]+min_id=\d+>; rel="prev"', link)
    assert link.count("limit=2") == 2
    last = await anna("GET", "/api/v1/timelines/home?limit=40")
    assert 'rel="next"' not in last.headers["link"]


async def test_a_post_with_nulls_and_one_that_is_deleted(anna: Api) -> None:
    nothing = dict.fromkeys(
        (
            "in_reply_to_id",
            "media_ids",
            "poll",
            "spoiler_text",
            "language",
            "sensitive",
            "visibility",
            "scheduled_at",
        )
    )
    made = await anna.post("/api/v1/statuses", status="a draft", **nothing)
    deleted = (await anna("DELETE", f"/api/v1/statuses/{made['id']}")).json()
    assert deleted["text"] == "a draft"
    assert "content" not in deleted


def _filled(body: dict[str, Any], value: str) -> dict[str, Any]:
    """The body with the value at its mark."""

    def fill(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: fill(inner) for name, inner in part.items()}
        if isinstance(part, list | tuple):
            return type(part)(fill(inner) for inner in part)
        return part.format(value) if isinstance(part, str) else part

    return {name: fill(inner) for name, inner in body.items()}
