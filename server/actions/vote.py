"""A member votes, and polls end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from server import events
from server.errors import Invalid, NotFound
from server.fanout.notifications import notify
from server.outbox import votes as outbox
from server.runtime import Runtime
from server.store import accounts, polls, statuses
from server.store.polls import Poll
from server.transaction import Transaction

# Votes come in waves: others hear of the counts at most so often.
_TELL_AFTER = timedelta(minutes=3)
_FRESH = timedelta(minutes=1)


async def vote(runtime: Runtime, account_id: int, status_id: int, choices: Sequence[int]) -> None:
    """Choose, once. Raises NotFound, Invalid with Mastodon's texts."""
    status = await statuses.get_visible_status(runtime.db, status_id, account_id)
    async with runtime.transaction() as tx:
        poll = await polls.lock_poll(tx.db, status_id)
        if poll is None:
            raise NotFound
        if poll.account_id == account_id:
            raise Invalid("Validation failed: You cannot vote in your own polls")
        chosen = list(dict.fromkeys(choices))
        _check(poll, chosen, await polls.choices_of(tx.db, status_id, account_id))
        voter = await accounts.get_account(tx.db, account_id)
        author = await accounts.get_account(tx.db, status.account_id)
        uris = [outbox.vote_uri(tx, voter, status_id, choice) for choice in chosen]
        await polls.insert_votes(tx.db, status_id, account_id, chosen, uris)
        events.status_edited(tx, status_id)
        if status.local:
            tell_counts(tx, status_id)
        else:
            await outbox.send_votes(tx, voter, author, status, poll, chosen)


def tell_counts(tx: Transaction, status_id: int) -> None:
    """Have followers elsewhere hear of the new counts of a poll of ours, soon."""
    tx.enqueue(
        "send_update",
        status_id,
        once_key=f"counts {status_id}",
        run_at=datetime.now(UTC) + _TELL_AFTER,
    )


async def refresh_counts(runtime: Runtime, status_id: int) -> None:
    """Have the counts of a poll of others read again, if they may be out of date."""
    poll = await polls.find_poll(runtime.db, status_id)
    if poll is None or poll.fetched_at is None or poll.fetched_at > datetime.now(UTC) - _FRESH:
        return
    if _is_over(poll) and poll.expires_at and poll.fetched_at > poll.expires_at:
        return
    async with runtime.transaction() as tx:
        tx.enqueue("refresh_poll", status_id, once_key=f"refresh_poll {status_id}")


async def close_poll_job(runtime: Runtime, status_id: int) -> None:
    """Job: tell of the end of a poll, if it has come: an edit may have moved it."""
    async with runtime.transaction() as tx:
        status = await statuses.find_status(tx.db, status_id)
        told = await polls.close_poll(tx.db, status_id) if status else []
        if not status or not told:
            return
        # One's own poll is told as well, which nobody else's act would be.
        await notify(tx, "poll", told, status.account_id, status_id, to_oneself=True)
        events.status_edited(tx, status_id)
        if status.local:
            tx.enqueue("send_update", status_id)


def _check(poll: Poll, chosen: Sequence[int], before: Sequence[int]) -> None:
    if _is_over(poll):
        raise Invalid("Validation failed: The poll has already ended")
    if not chosen or any(not 0 <= choice < len(poll.options) for choice in chosen):
        raise Invalid("Validation failed: The chosen vote option does not exist")
    if not poll.multiple and (before or len(chosen) > 1):
        raise Invalid("Validation failed: You have already voted on this poll")
    if set(chosen) & set(before):
        raise Invalid("Validation failed: You have already voted on this poll")


def _is_over(poll: Poll) -> bool:
    return poll.expires_at is not None and poll.expires_at <= datetime.now(UTC)
