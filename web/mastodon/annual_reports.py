"""https://docs.joinmastodon.org/methods/annual_reports/"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.responses import HTMLResponse, Response

from server.actions import look_back
from server.errors import NotFound
from server.store import annual_reports
from server.store.annual_reports import AnnualReport
from web.mastodon import async_refreshes
from web.mastodon.pages import account_fragments, status_fragments
from web.pagination import json_response
from web.request import Request

_SCHEMA = 2
_FIRST_YEAR, _LAST_YEAR = 2016, 9998


async def index(request: Request) -> Response:
    """Those that were not read yet."""
    found = await annual_reports.list_unread(request.runtime.db, request.member_id)
    return await _answer(request, found)


async def show(request: Request) -> Response:
    """One year."""
    return await _answer(request, [await _get(request)])


async def state(request: Request) -> Response:
    """Whether there is a report of the year, or can be one."""
    year, now = _year(request), datetime.now(UTC)
    found = await look_back.state_of_report(request.runtime, request.member_id, year, now)
    headers = async_refreshes.report_header(year) if found == "generating" else None
    return json_response({"state": found}, headers)


async def generate(request: Request) -> Response:
    """Have this year's made; at another time of the year nothing happens, as on Mastodon."""
    year, now = _year(request), datetime.now(UTC)
    if not await look_back.request_report(request.runtime, request.member_id, year, now):
        return json_response({})
    # Mastodon says nothing more, and that as HTML: clients fail on empty JSON.
    return HTMLResponse(status_code=202, headers=async_refreshes.report_header(year))


async def read(request: Request) -> Response:
    """It was read."""
    found = await _get(request)
    await annual_reports.mark_read(request.runtime.db, found.account_id, found.year)
    return json_response({})


async def _get(request: Request) -> AnnualReport:
    """The member's finished report of the year in the path. Raises NotFound."""
    year = _year(request)
    found = await annual_reports.find_report(request.runtime.db, request.member_id, year)
    if found is None or not found.data:
        raise NotFound
    return found


def _year(request: Request) -> int:
    """Raises NotFound for what is no year."""
    year = request.path_id("year")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NotFound
    return year


async def _answer(request: Request, reports: Sequence[AnnualReport]) -> Response:
    """The reports with the account and the posts that they name."""
    account_ids = list(dict.fromkeys(report.account_id for report in reports))
    status_ids = list(
        dict.fromkeys(
            int(found) for one in reports for found in one.data["top_statuses"].values() if found
        )
    )
    accounts = await account_fragments(request, account_ids)
    statuses = await status_fragments(request, status_ids)
    return json_response(
        {
            "annual_reports": [_entity(report) for report in reports],
            "accounts": [accounts[i] for i in account_ids if i in accounts],
            "statuses": [statuses[i] for i in status_ids if i in statuses],
        }
    )


def _entity(report: AnnualReport) -> dict[str, Any]:
    """Mastodon's AnnualReport; there is no page of it for strangers."""
    return {
        "year": report.year,
        "data": report.data,
        "schema_version": _SCHEMA,
        "share_url": None,
        "account_id": str(report.account_id),
    }
