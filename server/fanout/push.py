"""Waking the apps of a member who was told something."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import orjson

from server.errors import NotFound, Unavailable
from server.identity import vapid
from server.push.encryption import Receiver, encrypt
from server.push.send import LASTING, Outcome, post_message
from server.push.vapid import headers_of
from server.runtime import Runtime
from server.store import accounts, notifications, push_subscriptions, statuses
from server.store.accounts import Account
from server.store.notifications import Notification
from server.store.push_subscriptions import PushTarget
from server.text.notices import notice
from server.text.sanitize import clean_line, plain_text
from server.transaction import Transaction

log = logging.getLogger(__name__)
_LONGEST_BODY = 140
_LONGEST_HTML = 10_000  # of which a message tells the first words


def token_purpose(token_id: int) -> str:
    """What the token of a subscription is sealed for."""
    return f"push-token:{token_id}"


def auth_purpose(token_id: int) -> str:
    """What the secret that an app shares with us is sealed for."""
    return f"push-auth:{token_id}"


async def wake_apps(
    tx: Transaction, kind: str, from_account_id: int | None, told: Sequence[tuple[int, int]]
) -> None:
    """Have messages sent about new notifications, pairs (member, notification) of one kind.

    None as their sender: they come of nobody whom the member could follow.
    """
    wanting = await push_subscriptions.list_wanting(tx.db, kind, from_account_id, told)
    for subscription_id, notification_id in wanting:
        tx.enqueue("send_push", subscription_id, notification_id)


async def send_push_job(runtime: Runtime, subscription_id: int, notification_id: int) -> None:
    """Job: send one message, unless what it is about is gone, hidden since, or too old.

    Raises Unavailable when the push service may take it later.
    """
    target = await push_subscriptions.find_target(runtime.db, subscription_id)
    if target is None:
        return
    row = await notifications.find_notification(runtime.db, target.account_id, notification_id)
    if row is None or row.created_at < datetime.now(UTC) - LASTING:
        return
    message = encrypt(
        orjson.dumps(await _payload(runtime, target, row)),
        Receiver(
            target.p256dh,
            runtime.cipher.decrypt(target.auth_sealed, auth_purpose(target.token_id)),
        ),
        standard=target.standard,
    )
    contact = runtime.settings.instance_contact_email
    headers = headers_of(
        message,
        await vapid.vapid_key(runtime),
        target.endpoint,
        f"mailto:{contact}" if contact else runtime.settings.origin,
        datetime.now(UTC),
    )
    outcome, reason = await post_message(runtime.open_web, target.endpoint, message.body, headers)
    if outcome is Outcome.GONE:
        await push_subscriptions.delete_unless_replaced(runtime.db, target.id, target.endpoint)
    elif outcome is Outcome.REFUSED:
        log.info("push: subscription %d refused a message: %s", target.id, reason)
    elif outcome is Outcome.LATER:
        raise Unavailable(f"push service: {reason}")


async def _payload(runtime: Runtime, target: PushTarget, row: Notification) -> dict[str, object]:
    """Mastodon's payload; the id is a number as there, and small enough for any app."""
    sender = await accounts.get_account(runtime.db, row.from_account_id)
    token = runtime.cipher.decrypt(target.token_sealed, token_purpose(target.token_id))
    return {
        "access_token": token.decode(),
        "preferred_locale": target.locale,
        "notification_id": row.id,
        "notification_type": row.type,
        "icon": _icon(runtime, sender),
        "title": notice(row.type, target.locale, sender.display_name or sender.username),
        "body": await _body(runtime, target.account_id, row, sender),
    }


async def _body(runtime: Runtime, viewer_id: int, row: Notification, sender: Account) -> str:
    """The beginning of the status, or its warning alone; of the sender's note without a status."""
    text = plain_text(sender.note)
    if row.status_id:
        try:
            status = await statuses.get_visible_status(runtime.db, row.status_id, viewer_id)
            original = status.boost_of_id
            if original:
                status = await statuses.get_visible_status(runtime.db, original, viewer_id)
        except NotFound:
            return ""
        text = status.spoiler_text or plain_text(status.content[:_LONGEST_HTML])
    short = clean_line(text, _LONGEST_BODY)
    is_cut = len(clean_line(text, _LONGEST_BODY + 1)) > len(short)
    return f"{short[:-1]}…" if is_cut else short


def _icon(runtime: Runtime, account: Account) -> str:
    if account.avatar_file:
        return runtime.addresses.media(account.avatar_file)
    if account.avatar_remote_url:
        host = urlsplit(account.uri).netloc
        return runtime.addresses.remote_picture(account.avatar_remote_url, host)
    return runtime.addresses.static("avatar.png")
