"""Quoting: whom a post quotes, who may quote it, and taking that back.

https://docs.joinmastodon.org/client/quotes/
"""

from server import events
from server.errors import Forbidden, Invalid, NotFound
from server.fanout.notifications import notify
from server.outbox import quotes as outbox
from server.runtime import Runtime
from server.store import accounts, blocks, quotes, status_audiences, statuses
from server.store.quotes import Quote
from server.store.revisions import load_marks
from server.store.statuses import Status
from server.text.compose import with_quote
from server.transaction import Transaction

# Whom each of Mastodon's policies lets quote without asking.
_CIRCLES = {"public": ["public"], "followers": ["followers"], "nobody": []}

_NOTHING_TO_QUOTE = "The post you are trying to quote does not appear to exist."


async def get_quotable(
    runtime: Runtime, account_id: int, status_id: int, visibility: str
) -> tuple[Status, str, str]:
    """The post to quote, the state of the quote, and the visibility that a quote of it may have.

    A quote is never for more people than what it quotes. Raises NotFound: it is not visible, the
    member blocks its author, or that one lets nobody or not this member quote it.
    """
    status = await statuses.find_original(runtime.db, status_id, account_id)
    if status is None or await blocks.is_blocked(runtime.db, account_id, status.account_id):
        raise NotFound(_NOTHING_TO_QUOTE)
    marks = await load_marks(runtime.db, [status.id], [account_id])
    approval = marks[account_id, status.id].quote_approval
    # Among ourselves nobody is asked: whoever may not quote at once may not quote.
    if approval == "denied" or (status.local and approval == "manual"):
        raise NotFound(_NOTHING_TO_QUOTE)
    if status.visibility == "private" and visibility in {"public", "unlisted"}:
        visibility = "private"
    return status, "accepted" if status.local else "pending", visibility


async def content_with_quote(runtime: Runtime, content: str, quoted: Status | None) -> str:
    """The HTML of a post with a line for readers without quotes; as it is without a quote."""
    if quoted is None:
        return content
    url = quoted.url or quoted.uri
    if quoted.local:
        author = await accounts.get_account(runtime.db, quoted.account_id)
        url = runtime.addresses.status_url(author.username, quoted.id)
    return with_quote(content, url)


async def keep_quote(tx: Transaction, status: Status, quoted: Status, state: str) -> None:
    """Write what a new post quotes, and tell whom it quotes."""
    await quotes.insert_quote(
        tx.db,
        Quote(status.id, status.account_id, quoted.id, quoted.account_id, quoted.uri, state, None),
    )
    if status.visibility in {"private", "direct"} and quoted.account_id != status.account_id:
        # Who is asked for consent may see what it is for.
        await status_audiences.address_silently(tx.db, status.id, quoted.account_id)
    if state == "accepted":
        await notify(tx, "quote", [quoted.account_id], status.account_id, status.id)


async def revoke_quote(runtime: Runtime, account_id: int, status_id: int, quoting_id: int) -> None:
    """The author of a quoted post takes the consent back. Raises NotFound, Forbidden."""
    status = await statuses.get_visible_status(runtime.db, status_id, account_id)
    quote = await quotes.find_quote(runtime.db, quoting_id)
    if quote is None or quote.quoted_id != status.id:
        raise NotFound
    if status.account_id != account_id:
        raise Forbidden
    async with runtime.transaction() as tx:
        await quotes.set_state(tx.db, quoting_id, "revoked")
        events.status_edited(tx, quoting_id)
        author = await accounts.get_account(tx.db, account_id)
        quoting = await statuses.get_status(tx.db, quoting_id)
        await outbox.send_revocation(tx, author, status, quoting)
        if quoting.local:
            tx.enqueue("send_update", quoting_id)


async def set_quote_policy(
    runtime: Runtime, account_id: int, status_id: int, policy: str | None
) -> None:
    """Change who may quote a post of one's own. Raises NotFound, Forbidden, Invalid."""
    status = await statuses.get_visible_status(runtime.db, status_id, account_id)
    if status.account_id != account_id:
        raise Forbidden
    if policy not in _CIRCLES or status.boost_of_id:
        raise Invalid("Validation failed: Quote approval policy is not included in the list")
    async with runtime.transaction() as tx:
        await status_audiences.set_quote_circles(
            tx.db, status_id, circles_for(policy, status.visibility)
        )
        events.status_edited(tx, status_id)
        tx.enqueue("send_update", status_id)


def circles_for(policy: str, visibility: str) -> list[str]:
    """Who may quote at once; what is for few is quoted by nobody else, whatever the policy."""
    return _CIRCLES[policy] if visibility in {"public", "unlisted"} else []
