"""New posts by mail to those who follow a member that way.

What a member posts within five minutes goes out together, as in Mastodon.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from server.fanout.email import text_of
from server.mail.message import text
from server.mail.queue import enqueue_mail
from server.mail.subscription import subscription_link
from server.runtime import Runtime
from server.store import accounts, email_subscriptions
from server.store.accounts import Account
from server.store.email_subscriptions import Subscription
from server.store.status_views import StatusView, load_status_views
from server.store.statuses import Status
from server.transaction import Transaction

_WAIT = timedelta(minutes=5)
_AT_ONCE = 200
_MOST_POSTS = 20
_EXCERPT = 50


async def mail_later(tx: Transaction, status: Status) -> None:
    """Have a new post mailed, with what follows it soon."""
    if not tx.addresses.mails_posts or status.visibility != "public":
        return
    if await email_subscriptions.is_open(tx.db, status.account_id):
        tx.enqueue(
            "mail_posts",
            status.account_id,
            status.id,
            once_key=f"mail_posts {status.account_id}",
            run_at=datetime.now(UTC) + _WAIT,
        )


async def mail_posts_job(
    runtime: Runtime, account_id: int, from_id: int, to_id: int = 0, after_id: int = 0
) -> None:
    """Job: mail the posts from one id on to some subscribers, then call itself for the others."""
    if not await email_subscriptions.is_open(runtime.db, account_id):
        return
    ids = await email_subscriptions.list_posts(runtime.db, account_id, from_id, _MOST_POSTS)
    ids = [id_ for id_ in ids if not to_id or id_ <= to_id]
    if not ids:
        return
    author = await accounts.get_account(runtime.db, account_id)
    views = await load_status_views(runtime.db, ids)
    async with runtime.transaction() as tx:
        found = await email_subscriptions.list_confirmed(tx.db, account_id, after_id, _AT_ONCE)
        for subscription in found:
            _write(runtime, tx, author, views, subscription)
        if len(found) == _AT_ONCE:
            tx.enqueue("mail_posts", account_id, from_id, ids[-1], found[-1].id)


def _write(
    runtime: Runtime,
    tx: Transaction,
    author: Account,
    views: list[StatusView],
    subscription: Subscription,
) -> None:
    name = author.display_name or author.username
    first = " ".join(text_of(views[0]).split())
    excerpt = first if len(first) <= _EXCERPT else f"{first[: _EXCERPT - 1]}…"
    subject = f"{name}: {excerpt}" if excerpt else name
    if len(views) > 1:
        more = text(subscription.locale, "notifications.more")
        subject = more.format(first=subject, count=len(views) - 1)
    enqueue_mail(
        runtime,
        tx,
        subscription.email,
        "posts",
        subscription.locale,
        {
            "subject": subject,
            "name": name,
            "handle": f"@{author.username}@{runtime.addresses.domain}",
            "posts": [_post(runtime, view) for view in views],
        },
        message_id=f"posts-{views[-1].status.id}-{subscription.id}",
        unsubscribe_url=subscription_link(runtime, subscription.id, "end"),
        list_id=f"{author.username}.posts",
    )


def _post(runtime: Runtime, view: StatusView) -> dict[str, Any]:
    """A post with what its media show; of one with a warning the warning alone."""
    media = [] if view.status.spoiler_text else view.media
    return {
        "text": text_of(view),
        "media": [one.description or one.type for one in media],
        "url": runtime.addresses.status_url(view.account.account.username, view.status.id),
    }
