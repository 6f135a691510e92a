"""What holds for every address of the client API."""

import pytest

from tests.makers import Api
from web.mastodon.routes import ROUTES
from web.routing import Row

GUARDED = [row for row in ROUTES if row.access.kind in {"user", "app"}]


def _path(row: Row) -> str:
    path = row.path
    for name in ("id", "list_id", "hashtag", "name"):
        path = path.replace(f"{{{name}}}", "1")
    return path


@pytest.mark.parametrize("row", GUARDED, ids=lambda row: f"{row.method} {row.path}")
async def test_without_a_token_nobody_gets_in(row: Row, stranger: Api) -> None:
    answer = await stranger(row.method, _path(row))
    assert answer.status_code == (403 if "/admin/" in row.path else 401)
    assert set(answer.json()) == {"error"}


async def test_the_wrong_scope_is_403_everywhere(runtime: object, client: object) -> None:
    from tests import makers

    account = await makers.make_member(runtime)  # type: ignore[arg-type]
    token = await makers.make_token(runtime, account, "push")  # type: ignore[arg-type]
    api = Api(client, token)  # type: ignore[arg-type]
    for row in ROUTES:
        if row.access.kind == "user" and row.access.scopes not in {(), ("push",)}:
            answer = await api(row.method, _path(row))
            assert answer.status_code == 403, row.path
            assert answer.json() == {"error": "This action is outside the authorized scopes"}


async def test_unknown_ids_are_404_and_odd_ones_too(anna: Api) -> None:
    for row in ROUTES:
        if "{id}" not in row.path or row.method != "GET":
            continue
        for odd in ("1", "abc", "-1", "9" * 40, "9" * 5000, "%00", "１"):
            answer = await anna("GET", row.path.replace("{id}", odd))
            is_listing = row.path == "/api/v1/accounts/{id}/lists"
            if row.access.permission:  # what there is, is told to moderators alone
                assert answer.status_code == 403, (row.path, odd)
                continue
            assert answer.status_code == 404 or (is_listing and odd == "1"), (row.path, odd)


async def test_absurd_limits_and_accepts_do_no_harm(anna: Api) -> None:
    for path in ("timelines/home", "timelines/public", "notifications", "bookmarks", "blocks"):
        for limit in ("10000000000000", "9" * 5000, "-5", "0"):
            answer = await anna("GET", f"/api/v1/{path}", params={"limit": limit})
            assert answer.status_code == 200, (path, limit)
        odd = await anna("GET", f"/api/v1/{path}", headers={"Accept": ";;,,q=/*\x7f"})
        assert odd.status_code == 200
        assert await anna.get(f"/api/v1/{path}", max_id="x") == []


async def test_a_slash_at_the_end_and_cors_of_every_answer(stranger: Api) -> None:
    answer = await stranger("GET", "/api/v1/instance/", headers={"Origin": "https://elk.example"})
    assert answer.status_code == 200
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert "Link" in answer.headers["access-control-expose-headers"]
    assert answer.headers["x-request-id"]
    preflight = await stranger(
        "OPTIONS",
        "/api/v1/statuses",
        headers={
            "Origin": "https://elk.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,idempotency-key",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers.get_list("access-control-allow-origin") == ["*"]
    assert preflight.headers["access-control-allow-headers"] == "authorization,idempotency-key"
    missing = await stranger("GET", "/api/v1/nothing", headers={"Origin": "https://elk.example"})
    assert (missing.status_code, missing.json()) == (404, {"error": "Record not found"})
    assert missing.headers["access-control-allow-origin"] == "*"


async def test_wrong_methods_and_oversized_bodies(anna: Api) -> None:
    assert (await anna("DELETE", "/api/v1/statuses")).status_code == 405
    for method in ("PUT", "PATCH"):  # either is an update
        assert (await anna(method, "/api/v1/lists/1", json={"title": "x"})).status_code == 404
    large = await anna("POST", "/api/v1/statuses", json={"status": "x" * 2_000_000})
    assert (large.status_code, set(large.json())) == (413, {"error"})


async def test_what_is_outdated_says_so_and_nothing_of_the_api_is_a_page(stranger: Api) -> None:
    for path, since in (("v1/instance", "@1668384000"), ("v2/instance", None)):
        headers = (await stranger("GET", f"/api/{path}")).headers
        assert headers.get("deprecation") == since
        assert headers["content-security-policy"] == (
            "default-src 'none'; frame-ancestors 'none'; form-action 'none'"
        )
