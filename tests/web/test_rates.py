"""Who may ask how often."""

import dataclasses
from datetime import datetime
from typing import Any

import pytest

from server.bus import Bus
from server.runtime import Runtime
from server.settings import Settings
from tests.makers import Api, make_member, make_status, make_token, served, state_of
from web.rates import STRANGER, TOKEN, Rates

PATH = "/api/v1/instance/rules"


def left(answer: Any) -> int:
    return int(answer.headers["x-ratelimit-remaining"])


async def test_every_answer_of_the_api_tells_the_limits(
    stranger: Api, anna: Api, now: float
) -> None:
    answer = await stranger("GET", PATH)
    assert (answer.headers["x-ratelimit-limit"], left(answer)) == ("300", 299)
    reset = answer.headers["x-ratelimit-reset"]
    at = datetime.strptime(reset, "%Y-%m-%dT%H:%M:%S.%f%z")
    assert at.timestamp() % 300 == 0
    assert 0 < at.timestamp() - now <= 300
    for path in ("/api/v1/timelines/home", "/api/v1/nothing", "/api/v1/accounts/abc"):
        assert "x-ratelimit-limit" in (await stranger("GET", path)).headers, path
    assert left(await anna("GET", "/api/v1/timelines/home")) == 299
    assert "x-ratelimit-limit" not in (await stranger("GET", "/about")).headers


async def test_too_many_are_refused_in_the_api_s_words(settings: Settings) -> None:
    async with served(settings, rate_limit_factor=0.01) as stranger:
        answers = [await stranger("GET", PATH) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        refused = answers[-1]
        assert refused.json() == {"error": "Too many requests"}
        assert left(refused) == 0
        assert 1 <= int(refused.headers["retry-after"]) <= 300
        # Guessing tokens is counted as well, and so is an address made up by the asker.
        forged = {"Authorization": "Bearer wrong", "X-Forwarded-For": "198.51.100.7"}
        answer = await stranger("GET", "/api/v1/timelines/home", headers=forged)
        assert answer.status_code == 429


async def test_a_token_has_its_own_count_and_a_member_one_for_all(
    settings: Settings, runtime: Runtime
) -> None:
    account = await make_member(runtime)
    tokens = [await make_token(runtime, account) for _ in range(8)]
    async with served(settings, rate_limit_factor=0.01) as stranger:
        first = Api(stranger._client, tokens[0])
        codes = [(await first("GET", PATH)).status_code for _ in range(2)]
        home = "/api/v1/timelines/home"
        codes = [(await first("GET", home)).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        others = [Api(stranger._client, token) for token in tokens[1:]]
        codes = [(await other("GET", home)).status_code for other in others for _ in range(2)]
        assert codes[:11] == [200] * 11  # fifteen of all tokens together, four of them were used
        assert 429 in codes[11:]


@pytest.mark.parametrize("kind", ["media", "deletes", "paging"])
async def test_what_is_limited_more_narrowly(
    settings: Settings, runtime: Runtime, kind: str
) -> None:
    account = await make_member(runtime)
    token = await make_token(runtime, account)
    statuses = [await make_status(runtime, account, f"post {n}") for n in range(4)]
    async with served(settings, rate_limit_factor=0.1) as stranger:
        anna = Api(stranger._client, token)
        if kind == "paging":
            path = "/api/v1/timelines/home?max_id=1"
            answer = await anna("GET", path)
            assert (left(answer), answer.headers["x-ratelimit-limit"]) == (29, "30")
            return
        requests = {
            "media": [("POST", "/api/v2/media"), ("POST", "/api/v1/media")] * 2,
            "deletes": [("DELETE", f"/api/v1/statuses/{one}") for one in statuses],
        }[kind]
        codes = [(await anna(method, path)).status_code for method, path in requests]
        assert [code == 429 for code in codes] == [False, False, False, True]


async def test_sign_ups_are_few(settings: Settings) -> None:
    async with served(settings, rate_limit_factor=0.4) as stranger:
        codes = [(await stranger("POST", "/api/v1/accounts")).status_code for _ in range(3)]
    assert [code == 429 for code in codes] == [False, False, True]


async def test_a_factor_of_nought_switches_it_off(settings: Settings) -> None:
    async with served(settings, rate_limit_factor=0.0) as stranger:
        answers = [await stranger("GET", PATH) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert "x-ratelimit-limit" not in answers[0].headers


async def test_processes_share_what_they_count(redis_url: str) -> None:
    bus = Bus(redis_url)
    one, other = Rates(bus, 1.0), Rates(bus, 1.0)
    for rates, times in ((one, 3), (other, 4)):
        for _ in range(times):
            rates.take([(STRANGER, "192.0.2.1")])
        await rates.exchange()
    assert other.take([(STRANGER, "192.0.2.1")]).remaining == 300 - 8
    one.take([(STRANGER, "192.0.2.1")])
    await one.exchange()
    assert one.take([(STRANGER, "192.0.2.1")]).remaining == 300 - 9
    assert one.take([(STRANGER, "192.0.2.2"), (TOKEN, "1")]).remaining == 299
    await bus.close()


async def test_without_valkey_nobody_is_refused(settings: Settings) -> None:
    away = "redis://127.0.0.1:1"
    changed = dataclasses.replace(settings, redis_url=away)
    async with served(changed, rate_limit_factor=0.01) as stranger:
        rates: Rates = state_of(stranger._client).rates
        await stranger("GET", PATH)
        await rates.exchange()
        codes = {(await stranger("GET", PATH)).status_code for _ in range(6)}
    assert codes == {200}
