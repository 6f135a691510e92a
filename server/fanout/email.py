"""Mails about notifications that a member missed: one a kind, with all of it that is new."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.mail.message import text
from server.mail.queue import enqueue_mail
from server.mail.unsubscribe import unsubscribe_url
from server.runtime import Runtime
from server.store import accounts, mail_choices, notifications
from server.store.accounts import Account
from server.store.mail_choices import Due
from server.store.notifications import Notification
from server.store.status_views import StatusView, load_status_views
from server.text.notices import notice
from server.text.sanitize import plain_text
from server.transaction import Transaction

_MOST_MAILS = 200  # of one look; the next one is a minute later
_MOST_ITEMS = 10
_LONGEST_TEXT = 500
_LONGEST_HTML = 10_000  # of which a message tells the first words


async def mail_missed(runtime: Runtime) -> None:
    """Write mails about what members missed; each notification is mailed once."""
    if not runtime.settings.smtp_url:
        return
    for due in await mail_choices.list_due(runtime.db, _MOST_MAILS):
        async with runtime.transaction() as tx:
            if await mail_choices.note_mailed(tx.db, due):
                await _write(runtime, tx, due)


async def _write(runtime: Runtime, tx: Transaction, due: Due) -> None:
    """The mail, unless all that it would tell is hidden from the member by now."""
    rows = await notifications.list_notifications(tx.db, due.account_id, due.notification_ids)
    if not rows:
        return
    shown = rows[:_MOST_ITEMS]
    senders = {
        account.id: account
        for account in await accounts.list_accounts(
            tx.db, list({row.from_account_id for row in shown})
        )
    }
    views = await load_status_views(tx.db, [row.status_id for row in shown if row.status_id])
    items = _items(runtime, due, shown, senders, {view.status.id: view for view in views})
    subject = items[0]["line"]
    if len(rows) > 1:
        more = text(due.locale, "notifications.more")
        subject = more.format(first=subject, count=len(rows) - 1)
    enqueue_mail(
        runtime,
        tx,
        due.email,
        "notifications",
        due.locale,
        {
            "subject": subject,
            "name": due.username,
            "kind": due.kind,
            "items": items,
            "rest": len(rows) - len(shown),
        },
        message_id=f"notifications-{due.account_id}-{due.kind}-{due.notification_ids[-1]}",
        unsubscribe_url=unsubscribe_url(runtime, due.account_id, due.kind),
        list_id=f"{due.kind}.notifications",
    )


def _items(
    runtime: Runtime,
    due: Due,
    rows: Sequence[Notification],
    senders: Mapping[int, Account],
    views: Mapping[int, StatusView],
) -> list[dict[str, Any]]:
    items = []
    for row in rows:
        sender = senders[row.from_account_id]
        view = views.get(row.status_id or 0)
        domain = runtime.addresses.domain
        items.append(
            {
                "line": notice(row.type, due.locale, sender.display_name or sender.username),
                "handle": f"@{sender.username}@{sender.domain or domain}",
                "text": text_of(view) if view else "",
                "url": _place(runtime, row, sender, view),
            }
        )
    return items


def _place(runtime: Runtime, row: Notification, sender: Account, view: StatusView | None) -> str:
    """Where the reader can do something about it."""
    if row.report_id:
        return desk_url(runtime, row.report_id)
    if row.type == "follow_request":
        return f"{runtime.settings.origin}/settings/relationships"
    addresses = runtime.addresses  # also of what is elsewhere: from there a member goes on
    if view is None:
        return addresses.account_url(sender.acct)
    return addresses.status_url(view.account.account.acct, view.status.id)


def text_of(view: StatusView) -> str:
    """What the status says, or its warning alone."""
    found = view.status.spoiler_text or plain_text(view.status.content[:_LONGEST_HTML])
    return found if len(found) <= _LONGEST_TEXT else f"{found[: _LONGEST_TEXT - 1]}…"


def desk_url(runtime: Runtime, report_id: int) -> str:
    """Where moderators look at a report."""
    return f"{runtime.settings.origin}/desk/reports/{report_id}"
