"""What open streams are told: names and ids, after the commit; the hub reads the rest itself.

Each message is JSON on the channel `stream`. The hub of every web process asks the database which
of its own connections a status is for, so a message does not grow with the number of followers.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from server.bus import RULES
from server.transaction import Transaction

CHANNEL = "stream"


def status_posted(tx: Transaction, status_id: int, only_to: int | None = None) -> None:
    """A status stands in the home and list timelines that it belongs in; it is new to all who have
    it there, or to one of them.
    """
    reader: dict[str, Any] = {} if only_to is None else {"only_to": only_to}
    _publish(tx, "update", status=status_id, **reader)


def status_edited(tx: Transaction, status_id: int) -> None:
    """A status changed for its readers."""
    _publish(tx, "status.update", status=status_id)


def status_deleted(
    tx: Transaction,
    status_id: int,
    author_id: int,
    visibility: str,
    tags: Sequence[str],
    addressed: Sequence[int],
) -> None:
    """A status is gone; what is needed to know who may have seen it comes along."""
    _publish(
        tx,
        "delete",
        status=status_id,
        author=author_id,
        visibility=visibility,
        tags=list(tags),
        addressed=list(addressed),
    )


def notified(tx: Transaction, account_id: int, notification_id: int) -> None:
    """A member has a new notification."""
    _publish(tx, "notification", account=account_id, notification=notification_id)


def conversation_changed(tx: Transaction, account_id: int, conversation_id: int) -> None:
    """A direct conversation of a member has a new last status."""
    _publish(tx, "conversation", account=account_id, conversation=conversation_id)


def notifications_merged(tx: Transaction, account_id: int) -> None:
    """Notifications that a member's policy had kept away stand in the list now."""
    _publish(tx, "notifications_merged", account=account_id)


def filters_changed(tx: Transaction, account_id: int) -> None:
    """A member has other filters."""
    _publish(tx, "filters_changed", at_once=True, account=account_id)


def announcement_changed(tx: Transaction, announcement_id: int) -> None:
    """An announcement is shown now, or says something else."""
    _publish(tx, "announcement", announcement=announcement_id)


def announcement_reacted(tx: Transaction, announcement_id: int, name: str) -> None:
    """Somebody reacted to an announcement, or took that back."""
    _publish(tx, "announcement.reaction", announcement=announcement_id, name=name)


def announcement_ended(tx: Transaction, announcement_id: int) -> None:
    """An announcement is shown no longer."""
    _publish(tx, "announcement.delete", announcement=announcement_id)


def tokens_revoked(tx: Transaction, token_ids: Sequence[int]) -> None:
    """Tokens open nothing any more: cached copies and open streams end."""
    _publish(tx, "tokens_revoked", at_once=True, tokens=list(token_ids))


def account_changed(tx: Transaction, account_id: int) -> None:
    """What an account may do has changed (suspended, disabled, another role)."""
    _publish(tx, "account_changed", at_once=True, account=account_id)


def rules_changed(tx: Transaction) -> None:
    """Domains, networks or posts of strangers are treated otherwise: every process reads the rules
    again (server/runtime.py).
    """
    tx.publish(RULES, "", at_once=True)


def _publish(tx: Transaction, event: str, *, at_once: bool = False, **fields: Any) -> None:
    tx.publish(CHANNEL, orjson.dumps({"event": event, **fields}).decode(), at_once=at_once)
