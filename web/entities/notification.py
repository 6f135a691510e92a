"""Notification."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from server.addresses import Addresses
from server.store import collections, reports, strikes
from server.store.account_views import AccountView, load_account_views
from server.store.collections import Collection
from server.store.database import Database
from server.store.notifications import Notification
from server.store.reports import Report
from server.store.strikes import Strike
from web.entities.collection import collection_entity
from web.entities.reaction import picture_urls
from web.entities.report import report_entity
from web.entities.severance import severance_entity
from web.entities.strike import account_warning_entity
from web.entities.values import timestamp

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What some kinds are about: collections, reports, strikes, and whom these name."""

    collections: Mapping[int, Collection]
    reports: Mapping[int, Report]
    strikes: Mapping[int, Strike]
    targets: Mapping[int, AccountView]


async def load_subjects(db: Database, rows: Sequence[Notification]) -> Subjects:
    """Subjects of a page: no query for kinds that are not on it."""
    named = [row.collection_id for row in rows if row.collection_id]
    reported = [row.report_id for row in rows if row.report_id]
    found = await reports.find_reports(db, reported) if reported else {}
    struck = [row.strike_id for row in rows if row.strike_id]
    warnings = await strikes.find_strikes(db, struck) if struck else {}
    targets = {report.target_id for report in found.values()}
    targets |= {strike.target_id for strike in warnings.values()}
    return Subjects(
        await collections.find_collections(db, named) if named else {},
        found,
        warnings,
        await load_account_views(db, targets) if targets else {},
    )


def notification_json(
    notification: Notification,
    account: bytes,
    status: bytes | None,
    subjects: Subjects,
    addresses: Addresses,
) -> bytes:
    """Mastodon's Notification around the JSON of its sender and of its status."""
    parts = [
        _beginning(
            notification.id, notification.type, notification.group_key, notification.created_at
        ),
        b',"account":',
        account,
    ]
    if status:
        parts += [b',"status":', status]
    if special := special_fields(notification, subjects, addresses):
        parts += [b",", orjson.dumps(special)[1:-1]]
    return b"".join(parts) + b"}"


@lru_cache(maxsize=20_000)
def _beginning(id_: int, kind: str, group_key: str, created_at: datetime) -> bytes:
    """The part that never changes, without the closing brace."""
    entity = {
        "id": str(id_),
        "type": kind,
        "group_key": group_key,
        "created_at": timestamp(created_at),
    }
    return orjson.dumps(entity)[:-1]


def special_fields(notification: Notification, subjects: Subjects, addresses: Addresses) -> Entity:
    """What only some kinds have: emoji, event of lost follows, collection, report, warning."""
    fields: Entity = {}
    if emoji := notification.emoji:
        fields["emoji"] = f":{emoji.full_name}:" if emoji.picture else emoji.name
        fields["emoji_url"] = picture_urls(emoji, addresses).get("url")
    if notification.severance:
        fields["event"] = severance_entity(notification.severance)
    if collection := subjects.collections.get(notification.collection_id or 0):
        fields["collection"] = collection_entity(collection, addresses)
    if report := subjects.reports.get(notification.report_id or 0):
        target = subjects.targets[report.target_id]
        fields["report"] = report_entity(report, target, addresses)
    if strike := subjects.strikes.get(notification.strike_id or 0):
        target = subjects.targets[strike.target_id]
        fields["moderation_warning"] = account_warning_entity(strike, target, addresses)
    return fields
