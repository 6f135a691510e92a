from datetime import UTC, datetime, timedelta

from server.runtime import Runtime
from server.store import health


async def test_the_clock_is_the_database_s(runtime: Runtime) -> None:
    before, about = datetime.now(UTC), timedelta(seconds=5)
    clock = await health.read_clock(runtime.db)
    assert before - about < clock < datetime.now(UTC) + about


async def test_there_may_be_no_account_yet(runtime: Runtime) -> None:
    assert await health.find_first_username(runtime.db) is None
