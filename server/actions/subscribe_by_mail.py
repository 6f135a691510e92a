"""Somebody without an account follows a member by mail: asks, confirms, ends it (Mastodon 4.6)."""

from server.errors import Gone, NotFound
from server.identity import confirmations
from server.identity.validation import email_problem, refuse
from server.mail.queue import enqueue_mail
from server.mail.subscription import read_token, subscription_link
from server.runtime import Runtime
from server.store import accounts, email_subscriptions
from server.store.accounts import Account


async def get_author(runtime: Runtime, account_id: int) -> Account:
    """A member whose posts go out by mail. Raises NotFound for whoever's do not."""
    is_on = runtime.addresses.mails_posts
    if not is_on or not await email_subscriptions.is_open(runtime.db, account_id):
        raise NotFound
    return await accounts.get_account(runtime.db, account_id)


async def subscribe(runtime: Runtime, author: Account, email: str, locale: str, ip: str) -> None:
    """Mail a link that confirms the address.

    Whether it gets the posts already is nobody else's business: then nothing happens. Raises
    Invalid, TooMany.
    """
    email = email.strip()
    refuse({"email": email_problem(email)})
    await confirmations.count(runtime, email, ip)
    async with runtime.transaction() as tx:
        subscription_id = await email_subscriptions.put(tx.db, author.id, email, locale)
        if subscription_id is None:
            return
        values = {
            "name": author.display_name or author.username,
            "handle": f"@{author.username}@{runtime.addresses.domain}",
            "url": subscription_link(runtime, subscription_id, "confirm"),
        }
        enqueue_mail(runtime, tx, email, "subscription", locale, values)


async def read_link(runtime: Runtime, token: str) -> tuple[int, str, Account]:
    """Subscription, act and author of a link. Raises NotFound; Gone when it has ended."""
    subscription_id, act = read_token(runtime, token)
    author_id = await email_subscriptions.find_author(runtime.db, subscription_id)
    if author_id is None:
        raise Gone("This subscription has ended.")
    return subscription_id, act, await accounts.get_account(runtime.db, author_id)


async def follow_link(runtime: Runtime, subscription_id: int, act: str) -> None:
    """Do what the link is for."""
    change = email_subscriptions.confirm if act == "confirm" else email_subscriptions.delete
    await change(runtime.db, subscription_id)
