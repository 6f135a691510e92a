"""A member posts."""

from datetime import UTC, datetime, timedelta

from server.actions.drafts import (
    Composed,
    Draft,
    check_attached,
    check_draft,
    check_media,
    check_mentions,
    compose_draft,
    settled,
)
from server.actions.interactions import ask, must_ask
from server.actions.preferences import usual_language
from server.actions.quote import circles_for, content_with_quote, get_quotable, keep_quote
from server.errors import Invalid, NotFound
from server.fanout import statuses as fanout
from server.fanout.cards import look_for_card
from server.fanout.subscribers import mail_later
from server.runtime import Runtime
from server.search import index
from server.store import (
    collections,
    idempotency,
    polls,
    status_audiences,
    status_writes,
    statuses,
    users,
)
from server.store.polls import NewPoll
from server.store.statuses import Status
from server.store.users import Preferences
from server.text.language import normal_language
from server.transaction import Transaction


async def publish_status(
    runtime: Runtime,
    account_id: int,
    draft: Draft,
    app_id: int | None,
    idempotency_key: str | None,
    scheduled_id: int | None = None,
) -> int:
    """Store a post with all that it sets off, in one transaction; gives its id.

    With a key that was used within the hour nothing is written and the first id comes back, also
    for two requests at the same time. `scheduled_id` names the scheduled post that this one was.
    Raises Invalid (UnexpectedMentions among others), NotFound (what it answers or quotes is not
    visible), Forbidden.
    """
    draft = settled(draft)
    check_draft(runtime, draft)
    if idempotency_key:
        answered = await idempotency.find_answered(runtime.db, account_id, idempotency_key)
        if answered:
            return answered
    preferences = await users.get_preferences(runtime.db, account_id)
    parent = await find_parent(runtime, account_id, draft)
    asks = parent is not None and await must_ask(runtime.db, parent, "reply", account_id)
    visibility = _visibility(draft, preferences)
    quoted, state = None, ""
    if draft.quoted_id is not None:
        quoted, state, visibility = await get_quotable(
            runtime, account_id, draft.quoted_id, visibility
        )
    await check_media(runtime, account_id, draft, scheduled_id=scheduled_id)
    composed = await compose_draft(runtime, account_id, draft, preferences.default_content_type)
    _check_named(account_id, draft, composed, quoted if visibility == "direct" else None)
    shown_to = "direct" if asks else visibility
    new = _new_status(runtime, account_id, draft, composed, preferences, app_id, shown_to)
    new.content = await content_with_quote(runtime, new.content, quoted)
    new.local_only = _is_local_only(draft, parent, quoted)
    async with runtime.transaction() as tx:
        if idempotency_key:
            await idempotency.lock_key(tx.db, account_id, idempotency_key)
            answered = await idempotency.find_answered(tx.db, account_id, idempotency_key)
            if answered:
                return answered
        status = await status_writes.insert_status(tx.db, new)
        assert status is not None, "an id of our own is new"
        await _put_parts(tx, status, draft, composed)
        if quoted:
            await keep_quote(tx, status, quoted, state)
        if parent and asks:
            await _hold(tx, status, parent, visibility)
        else:
            options = draft.poll.options if draft.poll else ()
            await index.index_new(tx.db, status, new, options, is_quote=quoted is not None)
            await fanout.distribute_status(tx, status)
            await mail_later(tx, status)
            look_for_card(tx, status)
        if idempotency_key:
            await idempotency.remember(tx.db, account_id, idempotency_key, status.id)
        await status_writes.count_status(tx.db, status)
    return status.id


async def _put_parts(tx: Transaction, status: Status, draft: Draft, composed: Composed) -> None:
    """What few posts have. Raises Invalid for an upload that is taken by now."""
    await check_attached(tx, status.id, draft)
    if draft.poll:
        await put_poll(tx, status, draft)
    if composed.collection_ids:
        await collections.put_links(tx.db, status.id, composed.collection_ids)


async def put_poll(tx: Transaction, status: Status, draft: Draft) -> None:
    """Write the poll of a new or edited post, and have its end told."""
    assert draft.poll is not None
    expires_at = datetime.now(UTC) + timedelta(seconds=draft.poll.expires_in)
    new = NewPoll(
        [option.strip() for option in draft.poll.options],
        draft.poll.multiple,
        draft.poll.hide_totals,
        expires_at,
    )
    await polls.put_poll(tx.db, status.id, status.account_id, new)
    tx.enqueue("close_poll", status.id, run_at=expires_at)


async def find_parent(runtime: Runtime, account_id: int, draft: Draft) -> Status | None:
    """What the post answers: of a boost, what is boosted. Raises NotFound."""
    if draft.in_reply_to_id is None:
        return None
    parent = await statuses.find_original(runtime.db, draft.in_reply_to_id, account_id)
    if parent is None:
        raise NotFound("The post you are trying to reply to does not appear to exist.")
    return parent


def _visibility(draft: Draft, preferences: Preferences) -> str:
    visibility = draft.visibility or preferences.default_visibility
    return "unlisted" if visibility == "public" and preferences.is_limited else visibility


def _check_named(
    account_id: int, draft: Draft, composed: Composed, quoted_in_private: Status | None
) -> None:
    """Raises Invalid when the post names whom it should not, or not whom it quotes in private."""
    check_mentions(draft, composed)
    named = {account_id, *(account.id for account in composed.mentioned)}
    if quoted_in_private and quoted_in_private.account_id not in named:
        raise Invalid(
            "Validation failed: Cannot quote a non-mentioned user in a Private Mention post."
        )


def _is_local_only(draft: Draft, parent: Status | None, quoted: Status | None) -> bool:
    """As the member says; otherwise a post stays where what it answers stays.

    What quotes a post that stays here stays here, whatever the member says.
    """
    if quoted and quoted.local_only:
        return True
    if draft.local_only is not None:
        return draft.local_only
    return bool(parent and parent.local_only)


async def _hold(tx: Transaction, status: Status, parent: Status, visibility: str) -> None:
    """Until the author of what it answers agrees, a post is for the two alone."""
    await status_audiences.address_silently(tx.db, status.id, parent.account_id)
    await fanout.show_to_author(tx, status)
    await ask(tx, "reply", status.account_id, parent, status.uri, (status.id, visibility))


def _new_status(
    runtime: Runtime,
    account_id: int,
    draft: Draft,
    composed: Composed,
    preferences: Preferences,
    app_id: int | None,
    visibility: str,
) -> status_writes.NewStatus:
    is_sensitive = preferences.default_sensitive if draft.sensitive is None else draft.sensitive
    policy = draft.quote_policy or preferences.default_quote_policy
    return status_writes.NewStatus(
        account_id=account_id,
        uri=runtime.addresses.status_uri(0).removesuffix("0"),
        local=True,
        visibility=visibility,
        content=composed.content,
        text=draft.text,
        content_type=composed.content_type,
        spoiler_text=draft.spoiler_text,
        sensitive=is_sensitive or bool(draft.spoiler_text),
        language=normal_language(draft.language) or usual_language(preferences),
        created_at=datetime.now(UTC),
        in_reply_to_id=draft.in_reply_to_id,
        app_id=app_id,
        mentioned_ids=[account.id for account in composed.mentioned],
        tags=composed.tags,
        emojis=composed.emojis,
        media_ids=list(dict.fromkeys(draft.media_ids)),
        quote_automatic=circles_for(policy, visibility),
        interaction_policy=draft.interaction_policy,
    )
