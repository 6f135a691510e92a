"""Nothing that anybody sends makes the server fall over."""

import httpx
import pytest

from tests.contract.oddities import Odd
from tests.contract.properties import explore, problem_of
from tests.contract.world import World

REQUESTS, SEED = 400, 20261124


@pytest.mark.asyncio(loop_scope="module")
async def test_odd_requests_get_a_refusal_and_never_a_crash(world: World) -> None:
    outcome = await explore(world, REQUESTS, SEED)
    assert outcome.failures == {}
    assert sum(outcome.statuses.values()) >= REQUESTS
    assert {200, 400, 401, 404} <= outcome.statuses.keys()


@pytest.mark.parametrize(
    ("status", "body", "is_wrong"),
    [
        (200, b"", False),
        (404, b'{"error": "Record not found"}', False),
        (500, b"", True),
        (404, b"not found", True),
        (422, b'{"error": ""}', True),
        (422, b"[]", True),
    ],
)
def test_the_measure_itself(status: int, body: bytes, is_wrong: bool) -> None:
    odd = Odd("GET", "/api/v1/lists", [], [], b"", has_token=True)
    assert (problem_of(odd, httpx.Response(status, content=body)) is not None) == is_wrong
