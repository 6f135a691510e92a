"""A member edits a post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from server.actions import upload
from server.actions.drafts import Draft, check_draft, check_media, compose_draft, settled
from server.actions.post import put_poll
from server.actions.quote import circles_for, content_with_quote
from server.fanout import statuses as fanout
from server.fanout.cards import look_for_card
from server.runtime import Runtime
from server.search import index
from server.store import collections, media, polls, quotes, status_writes, statuses
from server.store.statuses import Status
from server.text.language import normal_language
from server.transaction import Transaction


@dataclass(frozen=True, slots=True)
class MediaChange:
    """A new description, focus or (of a video or a sound) preview of an attachment."""

    id: int
    description: str | None
    focus: tuple[float, float] | None
    thumbnail: bytes | None


async def edit_status(
    runtime: Runtime,
    account_id: int,
    status_id: int,
    draft: Draft,
    media_changes: Sequence[MediaChange] = (),
) -> None:
    """Replace text, warning, media and language; the version before is kept. What changes nothing
    makes no version and is told to nobody.

    Raises NotFound for a post that is not the member's own, Invalid as for a new one.
    """
    status = await statuses.get_own_status(runtime.db, status_id, account_id)
    quote = await quotes.find_quote(runtime.db, status_id)
    draft = settled(draft, is_quote=quote is not None)
    check_draft(runtime, draft, is_quote=quote is not None)
    await check_media(runtime, account_id, draft, status_id)
    composed = await compose_draft(runtime, account_id, draft, status.content_type)
    quoted_id = quote.quoted_id if quote else None
    quoted = await statuses.find_status(runtime.db, quoted_id) if quoted_id else None
    changes = [change for change in media_changes if change.id in draft.media_ids]
    thumbnails = {
        change.id: await upload.store_thumbnail(runtime, change.thumbnail)
        for change in changes
        if change.thumbnail
    }
    edit = status_writes.Edit(
        status_id=status_id,
        content=await content_with_quote(runtime, composed.content, quoted),
        text=draft.text,
        content_type=composed.content_type,
        spoiler_text=draft.spoiler_text,
        sensitive=bool(draft.sensitive) or bool(draft.spoiler_text),
        language=normal_language(draft.language) or status.language,
        edited_at=datetime.now(UTC),
        mentioned_ids=[account.id for account in composed.mentioned],
        tags=composed.tags,
        emojis=composed.emojis,
        quote_automatic=_circles(draft, status),
    )
    if not await _changes_anything(runtime, status, draft, edit, changes):
        return
    async with runtime.transaction() as tx:
        if not await status_writes.has_versions(tx.db, status_id):
            await status_writes.record_version(tx.db, status_id, status.created_at)
        await media.reattach(tx.db, status_id, account_id, list(dict.fromkeys(draft.media_ids)))
        unused = await _change_media(tx, changes, thumbnails)
        await collections.put_links(tx.db, status_id, composed.collection_ids)
        changed = await status_writes.update_status(tx.db, edit)
        if draft.poll:
            await put_poll(tx, changed, draft)
        else:
            await polls.delete_poll(tx.db, status_id)
        await status_writes.record_version(tx.db, status_id, edit.edited_at)
        await index.index_statuses(tx.db, [status_id])
        await fanout.announce_edit(tx, changed)
        tx.enqueue("send_update", status_id)
        look_for_card(tx, changed)
    await runtime.media.delete(unused)


def _circles(draft: Draft, status: Status) -> list[str] | None:
    return circles_for(draft.quote_policy, status.visibility) if draft.quote_policy else None


async def _changes_anything(
    runtime: Runtime,
    status: Status,
    draft: Draft,
    edit: status_writes.Edit,
    changes: Sequence[MediaChange],
) -> bool:
    """As Mastodon sees it: the end of a poll moves with every edit."""
    circles = status.quote_automatic if edit.quote_automatic is None else edit.quote_automatic
    if (
        edit.text != status.text
        or edit.content != status.content
        or edit.spoiler_text != status.spoiler_text
        or edit.sensitive != status.sensitive
        or edit.language != status.language
        or circles != status.quote_automatic
        or draft.poll is not None
        or await polls.find_poll(runtime.db, status.id) is not None
    ):
        return True
    kept = await media.list_attached(runtime.db, status.id)
    return [one.id for one in kept] != list(dict.fromkeys(draft.media_ids)) or any(
        change.thumbnail or change.focus or change.description not in {None, one.description}
        for change in changes
        for one in kept
        if one.id == change.id
    )


async def _change_media(
    tx: Transaction, changes: Sequence[MediaChange], thumbnails: Mapping[int, upload.Thumbnail]
) -> list[str]:
    """Gives the files that are not used any more."""
    unused = []
    for change in changes:
        await media.update_media(tx.db, change.id, change.description, change.focus)
        if change.id in thumbnails:
            _, old = await media.set_thumbnail(tx.db, change.id, *thumbnails[change.id])
            unused += old
    return unused
