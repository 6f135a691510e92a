"""Admin::Account and Admin::Report."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from server.addresses import Addresses
from server.store.admin_accounts import AdminView, Ip
from server.store.reports import Report
from server.store.rules import Rule
from web.entities.account import account_entity, role_entity
from web.entities.instance import rule_entity
from web.entities.values import id_or_none, timestamp, timestamp_or_none

Entity = dict[str, Any]


def admin_account_entity(admin: AdminView, addresses: Addresses) -> Entity:
    """Mastodon's Admin::Account; of others' people there is no sign-in to tell of."""
    account, sign_in = admin.view.account, admin.sign_in
    entity: Entity = {
        "id": str(account.id),
        "username": account.username,
        "domain": account.domain,
        "created_at": timestamp(account.created_at),
        "email": sign_in.email if sign_in else None,
        "ip": _ip(admin.ips[0][0]) if admin.ips else None,
        "ips": [{"ip": _ip(ip), "used_at": timestamp(at)} for ip, at in admin.ips],
        "locale": sign_in.locale if sign_in else None,
        "invite_request": sign_in.reason if sign_in else None,
        "role": role_entity(admin.view.role) if sign_in else None,
        "confirmed": bool(sign_in and sign_in.is_confirmed),
        "approved": bool(sign_in and sign_in.is_approved),
        "disabled": bool(sign_in and sign_in.is_disabled),
        "sensitized": account.sensitized_at is not None,
        "silenced": account.silenced_at is not None,
        "suspended": account.suspended_at is not None,
        "account": account_entity(admin.view, addresses),
    }
    if sign_in and sign_in.created_by_app_id:
        entity["created_by_application_id"] = id_or_none(sign_in.created_by_app_id)
    if sign_in and sign_in.invited_by_id:
        entity["invited_by_account_id"] = id_or_none(sign_in.invited_by_id)
    return entity


def admin_report_entity(
    report: Report,
    accounts: Mapping[int, AdminView],
    statuses: Mapping[int, bytes],
    rules: Sequence[Rule],
    addresses: Addresses,
) -> Entity:
    """Mastodon's Admin::Report; `statuses` are rendered, those that are gone are left out."""

    def person(account_id: int | None) -> Entity | None:
        found = accounts.get(account_id or 0)
        return admin_account_entity(found, addresses) if found else None

    return {
        "id": str(report.id),
        "action_taken": report.action_taken_at is not None,
        "action_taken_at": timestamp_or_none(report.action_taken_at),
        "category": report.category,
        "comment": report.comment,
        "forwarded": report.forwarded,
        "created_at": timestamp(report.created_at),
        "updated_at": timestamp(report.updated_at),
        "account": person(report.account_id),
        "target_account": person(report.target_id),
        "assigned_account": person(report.assigned_account_id),
        "action_taken_by_account": person(report.action_taken_by_id),
        "statuses": [orjson.Fragment(statuses[i]) for i in report.status_ids if i in statuses],
        "rules": [rule_entity(rule) for rule in rules if rule.id in report.rule_ids],
    }


def _ip(ip: Ip) -> str:
    return str(ip).partition("/")[0]
