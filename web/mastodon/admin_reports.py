"""https://docs.joinmastodon.org/methods/admin/reports/"""

from collections.abc import Sequence
from typing import Any

import msgspec
import orjson
from starlette.responses import Response

from server.moderation import reports as actions
from server.store import reports, rules
from server.store.admin_accounts import load_admin_views
from server.store.reports import Report, Search
from web.entities.admin_account import admin_report_entity
from web.pagination import json_response, page_response, read_page
from web.params import read_params, read_query
from web.request import Request


class Query(msgspec.Struct):
    """Which reports."""

    resolved: bool = False
    unresolved: bool = False
    account_id: int | None = None
    target_account_id: int | None = None
    by_target_domain: str | None = None


class UpdateForm(msgspec.Struct):
    """What is left out stays."""

    category: str | None = None
    rule_ids: list[int] | None = None


async def index(request: Request) -> Response:
    """Reports that wait, or those that were resolved."""
    query = read_query(request, Query)
    page = read_page(request, 100, 200)
    search = Search(
        None if query.resolved and query.unresolved else query.resolved,
        query.account_id,
        query.target_account_id,
        query.by_target_domain or None,
    )
    found = await reports.report_page(request.runtime.db, page, search)
    body = orjson.dumps(await _entities(request, found))
    return page_response(request, body, [report.id for report in found], page)


async def show(request: Request) -> Response:
    """One report."""
    return await _one(request, await reports.get_report(request.runtime.db, request.path_id()))


async def update(request: Request) -> Response:
    """Say otherwise what it is about."""
    form = await read_params(request, UpdateForm)
    report = await actions.update(
        request.runtime, request.member_id, request.path_id(), form.category, form.rule_ids
    )
    return await _one(request, report)


async def assign_to_self(request: Request) -> Response:
    """Look after it."""
    return await _one(
        request,
        await actions.assign(
            request.runtime, request.member_id, request.path_id(), to_oneself=True
        ),
    )


async def unassign(request: Request) -> Response:
    """Let nobody look after it."""
    return await _one(
        request,
        await actions.assign(
            request.runtime, request.member_id, request.path_id(), to_oneself=False
        ),
    )


async def resolve(request: Request) -> Response:
    """Nothing more is to be done."""
    report = await actions.resolve(request.runtime, request.member_id, request.path_id())
    return await _one(request, report)


async def reopen(request: Request) -> Response:
    """There is more to do."""
    report = await actions.reopen(request.runtime, request.member_id, request.path_id())
    return await _one(request, report)


async def _one(request: Request, report: Report) -> Response:
    return json_response((await _entities(request, [report]))[0])


async def _entities(request: Request, found: Sequence[Report]) -> list[dict[str, Any]]:
    """Moderators see the posts that were reported to them, whoever else may."""
    db = request.runtime.db
    people = {
        account_id
        for report in found
        for account_id in (
            report.account_id,
            report.target_id,
            report.assigned_account_id,
            report.action_taken_by_id,
        )
        if account_id
    }
    accounts = await load_admin_views(db, people)
    named = list({status_id for report in found for status_id in report.status_ids})
    statuses = await request.app.state.renderer.render(named, request.viewer_id)
    cited = {rule_id for report in found for rule_id in report.rule_ids}
    known = await rules.find_rules(db, cited) if cited else []
    return [
        admin_report_entity(report, accounts, statuses, known, request.addresses)
        for report in found
    ]
