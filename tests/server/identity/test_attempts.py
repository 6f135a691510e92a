import asyncio

import pytest

from server.errors import TooMany
from server.identity import attempts
from server.identity.attempts import Limit, network_of
from server.runtime import Runtime

LIMIT = Limit("trying", 3, 300)


async def test_of_many_at_once_no_more_pass_than_one_after_another(runtime: Runtime) -> None:
    tries = (attempts.count(runtime.db, LIMIT, "Anna ") for _ in range(8))
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(one is None for one in found) == 3
    assert sum(isinstance(one, TooMany) for one in found) == 5
    await attempts.count(runtime.db, LIMIT, "ben")


async def test_a_window_ends_and_what_was_right_is_taken_back(runtime: Runtime) -> None:
    for _ in range(5):
        await attempts.count(runtime.db, LIMIT, "anna")
        await attempts.take_back(runtime.db, LIMIT, "anna")
    for _ in range(3):
        await attempts.count(runtime.db, LIMIT, "anna")
    with pytest.raises(TooMany):
        await attempts.count(runtime.db, LIMIT, "anna")
    await runtime.db.execute("UPDATE attempts SET started_at = now() - interval '6 minutes'")
    await attempts.count(runtime.db, LIMIT, "anna")
    await attempts.forget(runtime.db, LIMIT, "anna")
    assert await runtime.db.fetchval("SELECT count(*) FROM attempts") == 0


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_stands_for_a_customer(host: str, network: str) -> None:
    assert network_of(host) == network
