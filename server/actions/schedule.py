"""Posts for later, and drafts: kept as typed, checked again when their time comes."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from server.actions.drafts import Draft, check_draft, check_media, settled
from server.actions.post import find_parent, publish_status
from server.actions.quote import get_quotable
from server.errors import Forbidden, Invalid, NotFound, ServerError, Unavailable
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.store import idempotency, scheduled, users
from server.store.scheduled import Scheduled
from server.store.users import User
from server.transaction import Transaction

log = logging.getLogger(__name__)

_SOONEST = timedelta(minutes=5)
_MOST_IN_ALL = 300
_MOST_A_DAY = 25
_REASONS = ((NotFound, "gone"), (Forbidden, "refused"))  # the texts of the mail


async def schedule_status(
    runtime: Runtime,
    account_id: int,
    draft: Draft,
    app_id: int | None,
    at: datetime | None,
    idempotency_key: str | None = None,
) -> Scheduled:
    """Keep a post until a moment; without one it is a draft.

    With a key that was used within the hour nothing is kept and the first one comes back. Raises
    Invalid, NotFound.
    """
    if idempotency_key:
        answered = await scheduled.find_answered(runtime.db, account_id, idempotency_key)
        if answered:
            return answered
    _check_time(at)
    draft = settled(draft)
    check_draft(runtime, draft)
    await find_parent(runtime, account_id, draft)
    if draft.quoted_id is not None:
        await get_quotable(runtime, account_id, draft.quoted_id, draft.visibility or "public")
    await check_media(runtime, account_id, draft)
    async with runtime.transaction() as tx:
        if idempotency_key:
            await idempotency.lock_key(tx.db, account_id, idempotency_key)
            answered = await scheduled.find_answered(tx.db, account_id, idempotency_key)
            if answered:
                return answered
        in_all, on_that_day = await scheduled.count_scheduled(tx.db, account_id, at or _now())
        if in_all >= _MOST_IN_ALL:
            raise Invalid(
                f"Validation failed: You have exceeded the limit of {_MOST_IN_ALL} scheduled posts"
            )
        if at and on_that_day >= _MOST_A_DAY:
            raise Invalid(
                f"Validation failed: You have exceeded the limit of {_MOST_A_DAY} scheduled posts"
                " for that day"
            )
        kept = await scheduled.insert_scheduled(
            tx.db,
            account_id,
            app_id,
            at,
            msgspec.to_builtins(draft),
            draft.media_ids,
            idempotency_key,
        )
        _enqueue(tx, kept.id, at)
    return kept


async def reschedule(
    runtime: Runtime, account_id: int, scheduled_id: int, at: datetime | None
) -> Scheduled:
    """Another time; None makes it a draft. Raises NotFound, Invalid for a time too near."""
    kept = await scheduled.get_scheduled(runtime.db, account_id, scheduled_id)
    _check_time(at)
    async with runtime.transaction() as tx:
        await scheduled.set_time(tx.db, kept.id, at)
        _enqueue(tx, kept.id, at)
    return await scheduled.get_scheduled(runtime.db, account_id, scheduled_id)


async def publish_scheduled_job(runtime: Runtime, scheduled_id: int) -> None:
    """Job: post what was kept, if its time has come (it may have been moved).

    The same post is never made twice: its id is the idempotency key. What cannot be posted stays as
    a draft: of who may not post now, as a frozen member, and, with a mail that says why, when what
    it needs is gone or refused by now.
    """
    async with runtime.transaction() as tx:
        kept = await scheduled.take_due(tx.db, scheduled_id)
    if kept is None:
        return
    user = await users.find_user(runtime.db, kept.account_id)
    if user is None or user.state is not None:
        await scheduled.set_time(runtime.db, kept.id, None)
        return
    try:
        await publish_status(
            runtime,
            kept.account_id,
            draft_of(kept.params),
            kept.app_id,
            f"scheduled {kept.id}",
            scheduled_id=kept.id,
        )
    except Unavailable:
        raise  # another try may work
    except ServerError as error:
        log.warning("scheduled post %s cannot be posted: %s", kept.id, error.message)
        await _keep_as_draft(runtime, user, kept.id, error)
        return
    async with runtime.transaction() as tx:
        await scheduled.delete_scheduled(tx.db, kept.id)


async def _keep_as_draft(
    runtime: Runtime, user: User, scheduled_id: int, error: ServerError
) -> None:
    kind = next((name for refusal, name in _REASONS if isinstance(error, refusal)), "other")
    values = {"name": user.username, "reason": kind, "message": error.message}
    async with runtime.transaction() as tx:
        await scheduled.set_time(tx.db, scheduled_id, None)
        enqueue_mail(runtime, tx, user.email, "unposted", user.locale, values)


def draft_of(params: dict[str, Any]) -> Draft:
    """The post as it was typed."""
    return msgspec.convert(params, Draft)


def _check_time(at: datetime | None) -> None:
    if at and at <= _now() + _SOONEST:
        raise Invalid("Validation failed: Scheduled at date must be in the future")


def _enqueue(tx: Transaction, scheduled_id: int, at: datetime | None) -> None:
    if at:
        tx.enqueue("publish_scheduled", scheduled_id, run_at=at)


def _now() -> datetime:
    return datetime.now(UTC)
