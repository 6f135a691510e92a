"""A member posts."""

from datetime import UTC, datetime

from server.actions.drafts import Composed, Draft, check_draft, check_media, compose_draft
from server.fanout import statuses as fanout
from server.runtime import Runtime
from server.store import idempotency, status_writes, statuses, users
from server.store.statuses import Status
from server.store.users import Preferences
from server.text.language import normal_language
from server.transaction import Transaction


async def publish_status(
    runtime: Runtime, account_id: int, draft: Draft, app_id: int, idempotency_key: str | None
) -> int:
    """Store a post with all that it sets off, in one transaction; gives its id.

    With a key that was used within the hour nothing is written and the first id comes back, also
    for two requests at the same time. Raises Invalid, NotFound (what it answers is not visible).
    """
    check_draft(runtime, draft)
    if idempotency_key:
        answered = await idempotency.find_answered(runtime.db, account_id, idempotency_key)
        if answered:
            return answered
    preferences = await users.get_preferences(runtime.db, account_id)
    if draft.in_reply_to_id:
        await statuses.get_visible_status(runtime.db, draft.in_reply_to_id, account_id)
    await check_media(runtime, account_id, draft)
    composed = await compose_draft(runtime, draft)
    new = _new_status(runtime, account_id, draft, composed, preferences, app_id)
    async with runtime.transaction() as tx:
        if idempotency_key:
            await idempotency.lock_key(tx.db, account_id, idempotency_key)
            answered = await idempotency.find_answered(tx.db, account_id, idempotency_key)
            if answered:
                return answered
        status = await status_writes.insert_status(tx.db, new)
        assert status is not None, "an id of our own is new"
        await _set_off(tx, status)
        if idempotency_key:
            await idempotency.remember(tx.db, account_id, idempotency_key, status.id)
    return status.id


async def _set_off(tx: Transaction, status: Status) -> None:
    await fanout.show_at_once(tx, status)
    tx.enqueue("distribute_status", status.id)
    tx.enqueue("send_create", status.id)


def _new_status(
    runtime: Runtime,
    account_id: int,
    draft: Draft,
    composed: Composed,
    preferences: Preferences,
    app_id: int,
) -> status_writes.NewStatus:
    is_sensitive = preferences.default_sensitive if draft.sensitive is None else draft.sensitive
    return status_writes.NewStatus(
        account_id=account_id,
        uri=runtime.addresses.status_uri(0).removesuffix("0"),
        local=True,
        visibility=draft.visibility or preferences.default_visibility,
        content=composed.content,
        text=draft.text,
        content_type=draft.content_type,
        spoiler_text=draft.spoiler_text,
        sensitive=is_sensitive or bool(draft.spoiler_text),
        language=normal_language(draft.language) or preferences.default_language or "en",
        created_at=datetime.now(UTC),
        in_reply_to_id=draft.in_reply_to_id,
        app_id=app_id,
        mentioned_ids=[account.id for account in composed.mentioned],
        tags=composed.tags,
        emojis=composed.emojis,
        media_ids=list(dict.fromkeys(draft.media_ids)),
    )
