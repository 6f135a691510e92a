"""Report."""

from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.reports import Report
from web.entities.account import account_entity
from web.entities.values import timestamp, timestamp_or_none


def report_entity(report: Report, target: AccountView, addresses: Addresses) -> dict[str, Any]:
    """Mastodon's Report."""
    return {
        "id": str(report.id),
        "action_taken": report.action_taken_at is not None,
        "action_taken_at": timestamp_or_none(report.action_taken_at),
        "category": report.category,
        "comment": report.comment,
        "forwarded": report.forwarded,
        "created_at": timestamp(report.created_at),
        "status_ids": [str(status_id) for status_id in report.status_ids],
        "rule_ids": [str(rule_id) for rule_id in report.rule_ids],
        "collection_ids": [str(collection_id) for collection_id in report.collection_ids],
        "target_account": account_entity(target, addresses),
    }
