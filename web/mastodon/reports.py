"""https://docs.joinmastodon.org/methods/reports/"""

import msgspec
from starlette.responses import Response

from server.actions.report import report_account
from server.errors import NotFound
from server.store.account_views import get_account_view
from server.store.reports import NewReport
from web.entities.report import report_entity
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class ReportForm(msgspec.Struct):
    """Who, what for, and which posts."""

    account_id: int | None = None
    status_ids: list[int] = []
    rule_ids: list[int] = []
    collection_ids: list[int] = []
    comment: str = ""
    forward: bool = False
    forward_to_domains: list[str] | None = None
    category: str | None = None


async def create(request: Request) -> Response:
    """Report somebody."""
    form = await read_params(request, ReportForm)
    if form.account_id is None:
        raise NotFound
    category = "violation" if form.rule_ids else form.category or "other"
    new = NewReport(
        form.account_id,
        form.comment,
        category,
        form.status_ids,
        form.rule_ids,
        form.collection_ids,
        forwarded=form.forward,
    )
    report = await report_account(request.runtime, request.member_id, new, form.forward_to_domains)
    target = await get_account_view(request.runtime.db, report.target_id)
    return json_response(report_entity(report, target, request.addresses))
