"""Telling members what concerns them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from server import events
from server.fanout.push import wake_apps
from server.store import notification_policies, notifications
from server.transaction import Transaction

_GROUPED = {"favourite", "reblog", "follow", "admin.sign_up"}


async def notify(
    tx: Transaction,
    kind: str,
    recipient_ids: Sequence[int],
    from_account_id: int,
    status_id: int | None = None,
    *,
    to_oneself: bool = False,
    collection_id: int | None = None,
    report_id: int | None = None,
    is_held: bool = False,
    strike_id: int | None = None,
) -> None:
    """Tell those of the recipients who are members and want to know, once.

    What is held waits in a request, whatever the recipients' policies say. Nobody is told of what
    they did themselves, unless `to_oneself` (the end of one's own poll).
    """
    if not recipient_ids:
        return
    told = await notifications.insert_notifications(
        tx.db,
        kind,
        recipient_ids,
        from_account_id,
        status_id,
        _group_key(kind, status_id),
        to_oneself=to_oneself,
        collection_id=collection_id,
        report_id=report_id,
        is_held=is_held,
        strike_id=strike_id,
    )
    waiting = [one.account_id for one in told if one.filtered]
    if waiting:
        await notification_policies.upsert_requests(tx.db, waiting, from_account_id, status_id)
    heard = [(one.account_id, one.id) for one in told if not one.filtered]
    for account_id, notification_id in heard:
        events.notified(tx, account_id, notification_id)
    if heard:
        await wake_apps(tx, kind, from_account_id, heard)


def _group_key(kind: str, status_id: int | None) -> str | None:
    """What is shown as one: the same kind about the same thing within twelve hours."""
    if kind not in _GROUPED:
        return None
    half_day = int(datetime.now(UTC).timestamp()) // (12 * 3600)
    return f"{kind}-{status_id}-{half_day}" if status_id else f"{kind}-{half_day}"
