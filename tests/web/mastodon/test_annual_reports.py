import pytest

from server.actions import look_back
from server.runtime import Runtime
from tests.makers import Api, run_jobs

YEAR = 2026
PATH = f"/api/v1/annual_reports/{YEAR}"


async def test_a_report_that_is_being_made_is_an_async_refresh(
    anna: Api, ben: Api, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_back, "campaign_year", lambda _: YEAR)
    answer = await anna("POST", f"/api/v1/annual_reports/{YEAR - 1}/generate")
    assert (answer.status_code, answer.json()) == (200, {})  # not its time

    asked = await anna("POST", f"{PATH}/generate")
    header = f'id="annual-report-{YEAR}", retry=3'
    assert (asked.status_code, asked.text) == (202, "")
    assert asked.headers["mastodon-async-refresh"] == header
    assert (await anna("GET", f"{PATH}/state")).headers["mastodon-async-refresh"] == header

    refresh = f"/api/v1_alpha/async_refreshes/annual-report-{YEAR}"
    entity = {"id": f"annual-report-{YEAR}", "status": "running", "result_count": None}
    assert await anna.get(refresh) == {"async_refresh": entity}
    assert (await ben.get(refresh))["async_refresh"]["status"] == "finished"

    await run_jobs(runtime)
    assert (await anna.get(refresh))["async_refresh"]["status"] == "finished"
    done = await anna("GET", f"{PATH}/state")
    assert done.json() == {"state": "available"}
    assert "mastodon-async-refresh" not in done.headers
    assert (await anna("POST", f"{PATH}/generate")).json() == {}
