from datetime import UTC, datetime, timedelta

from server.runtime import Runtime
from server.store import health


async def test_the_clock_is_the_database_s(runtime: Runtime) -> None:
    assert abs(await health.read_clock(runtime.db) - datetime.now(UTC)) < timedelta(seconds=5)


async def test_there_may_be_no_account_yet(runtime: Runtime) -> None:
    assert await health.find_first_username(runtime.db) is None
