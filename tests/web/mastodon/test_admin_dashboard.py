"""The numbers of the dashboard: what has to be said, and of which time they are."""

import httpx
import pytest

from server.runtime import Runtime
from tests.makers import Api, make_member, make_remote, make_token

PATH = "/api/v1/admin"
DAYS = {"start_at": "2026-01-01", "end_at": "2026-01-03"}


@pytest.fixture
async def mo(runtime: Runtime, client: httpx.AsyncClient) -> Api:
    moderator = await make_member(runtime, "mo", role="moderator")
    return Api(client, await make_token(runtime, moderator, "admin:read"))


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("measures", DAYS, "keys"),
        ("measures", {"keys": ["new_users"], "end_at": "2026-01-03"}, "start_at"),
        ("measures", {"keys": ["new_users"], "start_at": "2026-01-03"}, "end_at"),
        ("measures", {"keys": ["tag_uses"], **DAYS}, "tag_uses"),
        ("dimensions", {"keys": ["tag_servers"]}, "tag_servers"),
        ("retention", {"end_at": "2026-01-03"}, "start_at"),
    ],
)
async def test_what_has_to_be_said(mo: Api, path: str, body: dict[str, object], name: str) -> None:
    answer = await mo("POST", f"{PATH}/{path}", json=body)
    text = f"param is missing or the value is empty or invalid: {name}"
    assert (answer.status_code, answer.json()) == (400, {"error": text})


@pytest.mark.parametrize("path", ["measures", "dimensions", "retention"])
async def test_what_is_no_date(mo: Api, path: str) -> None:
    for wrong in ("garbage", "0001-01-01"):
        body = {"keys": [], "end_at": "2026-01-01", "start_at": wrong}
        answer = await mo("POST", f"{PATH}/{path}", json={**body, "keys": ["new_users"]})
        assert (answer.status_code, answer.json()) == (422, {"error": "Invalid date supplied"})


async def test_a_long_time_is_cut_off_at_its_beginning(mo: Api) -> None:
    time = {"start_at": "2019-01-01", "end_at": "2026-01-01"}
    [measure] = await mo.post(f"{PATH}/measures", keys=["new_users"], **time)
    assert measure["data"][0]["date"].startswith("2024-01-02")
    for frequency, first in (("month", "2025-01-01"), ("day", "2025-12-01"), ("odd", "2025-12-01")):
        cohorts = await mo.post(f"{PATH}/retention", frequency=frequency, **time)
        assert cohorts[0]["period"].startswith(first)


async def test_domains_below_another_count_when_they_are_meant(mo: Api, runtime: Runtime) -> None:
    for domain in ("far.example", "sub.far.example", "notfar.example"):
        await make_remote(runtime, domain=domain)
    for with_them, total in ((True, "2"), (False, "1")):
        about = {"domain": "far.example", "include_subdomains": with_them}
        found = await mo.post(
            f"{PATH}/measures", keys=["instance_accounts"], instance_accounts=about, **DAYS
        )
        assert found[0]["total"] == total
