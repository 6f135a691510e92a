"""Statuses of other instances: fetched, cleaned, kept."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from federation.documents import note as documents
from federation.documents.audience import PUBLIC, visibility_of
from federation.documents.note import Note
from federation.documents.question import Question
from federation.documents.reading import id_of, type_of
from federation.documents.tag import fold_hashtag
from federation.errors import Gone, RemoteError, Untrusted
from federation.transport.fetch import fetch_document
from server import events
from server.fanout import statuses as fanout
from server.fanout.cards import look_for_card
from server.identity.signing import instance_signer
from server.remote import actors, strangers
from server.remote.consent import is_agreed
from server.remote.policies import policies
from server.remote.previews import trusted_preview
from server.remote.quotes import DEPTH, keep_quote
from server.runtime import Runtime
from server.search import index
from server.store import (
    accounts,
    collections,
    media,
    polls,
    quotes,
    status_audiences,
    status_writes,
    statuses,
    tombstones,
)
from server.store.accounts import Account
from server.store.polls import NewPoll
from server.store.status_writes import NewStatus, RemoteMedia
from server.store.statuses import Status
from server.text.language import normal_language
from server.text.sanitize import plain_line, sanitize_html
from server.transaction import Transaction

log = logging.getLogger(__name__)

_MOST_ANCESTORS = 40
_MOST_UNKNOWN_MENTIONS = 10
_SECONDS_FOR_MENTIONS = 20.0
_MOST_MEDIA = 16
_LONGEST_TAG = 100
_AT_ONCE = timedelta(minutes=1)


async def find_or_fetch_status(runtime: Runtime, uri: str, quote_depth: int = DEPTH) -> Status:
    """The status with that id, fetched without telling anybody if it is new.

    Of what it quotes, and what that quotes, `quote_depth` are fetched.
    Raises what fetching raises; Gone for one that was deleted.
    """
    status = await statuses.find_by_uri(runtime.db, uri)
    if status:
        return status
    if uri.startswith(f"{runtime.settings.origin}/"):
        raise Gone(f"{uri} is not there (any more)")
    note = await fetch_note(runtime, uri)
    author = await actors.find_or_fetch_account(runtime, note.author)
    stored = await store_note(runtime, author, note, is_new=False, quote_depth=quote_depth)
    if stored is None:
        raise Gone(f"{note.id} was deleted")
    return stored


async def fetch_note(runtime: Runtime, uri: str) -> Note:
    """What stands at that id, or what was made there. Raises what fetching raises, Malformed."""
    signer = await instance_signer(runtime)
    document = await fetch_document(runtime.http, uri, signer)
    if type_of(document) == "Create" and (made := id_of(document.get("object"))):
        document = await fetch_document(runtime.http, made, signer)
    return documents.read_note(document)


async def store_note(
    runtime: Runtime,
    author: Account,
    note: Note,
    *,
    is_new: bool,
    awaits_consent: bool = False,
    quote_depth: int = DEPTH,
) -> Status | None:
    """Keep a note of that author; None when it was deleted before, is a vote or an answer
    that the author of the post does not take.

    A new one is put into timelines and notifies, as the rules for strangers let it; one that was
    fetched does neither. One that awaits the consent of whom it answers is a direct post.
    Raises Untrusted, and NotAllowed for one that these rules drop.
    """
    if note.author != author.uri:
        raise Untrusted(f"{note.id} is not by {author.uri}")
    if note.vote is not None or author.suspended_at:
        return None
    verdict = strangers.Verdict()
    if is_new or awaits_consent:
        verdict = await strangers.judge_note(runtime, author, note)
    mentioned = await find_mentioned(runtime, note)
    parent = await statuses.find_by_uri(runtime.db, note.in_reply_to) if note.in_reply_to else None
    if parent and not awaits_consent and not await _is_taken(runtime, parent, author, note):
        return None
    shown_to = "direct" if awaits_consent else None
    new = _new_status(author, note, mentioned, parent, shown_to)
    if runtime.domain_rules.shows_no_media(author.domain or ""):
        new = replace(new, remote_media=[], emojis=[])
    new = strangers.changed(verdict, new)
    async with runtime.transaction() as tx:
        if await tombstones.is_buried(tx.db, note.id, author.uri):
            return None
        status = await status_writes.insert_status(tx.db, new)
        if status is None:
            return await _kept_before(tx, note)
        await _keep_parts(tx, status, note, quote_depth)
        options = note.question.options if note.question else ()
        await index.index_new(tx.db, status, new, options, is_quote=bool(note.quote))
        await statuses.adopt_children(tx.db, status)
        await strangers.limit_author(tx, author, verdict)
        if is_new:
            await fanout.distribute_status(tx, status, is_held=verdict.says("hold"))
        look_for_card(tx, status, trusted_preview(runtime, note))
        if note.in_reply_to and parent is None:
            tx.enqueue(
                "fetch_parent", status.id, _MOST_ANCESTORS, once_key=f"parent {note.in_reply_to}"
            )
        await status_writes.count_status(tx.db, status)
    return status


async def _kept_before(tx: Transaction, note: Note) -> Status | None:
    kept = await statuses.find_by_uri(tx.db, note.id)
    author = await accounts.get_account(tx.db, kept.account_id) if kept else None
    if author and author.uri != note.author:
        raise Untrusted(f"{note.id} is by {author.uri}, not by {note.author}")
    return kept


async def _is_taken(runtime: Runtime, parent: Status, author: Account, note: Note) -> bool:
    """Whether the author of what is answered agrees."""
    stamp_uri = note.reply_authorization
    return await is_agreed(runtime, parent, "reply", author, note.id, stamp_uri)


async def _keep_parts(tx: Transaction, status: Status, note: Note, quote_depth: int) -> None:
    if note.question:
        await _put_poll(tx, status, note.question)
    if note.quote:
        await keep_quote(tx, status, note, quote_depth)
    if note.collections:
        tx.enqueue("link_collections", status.id, list(note.collections))


async def update_note(runtime: Runtime, status: Status, note: Note) -> None:
    """Take over an edit that is newer than what we hold; an older one changes nothing.

    The counts of a poll, policies and consent to a quote come without an edit.
    """
    edited_at = note.updated
    if note.question:
        await _update_counts(runtime, status, note.question)
    await _update_consent(runtime, status, note)
    if edited_at is None or not _is_newer(edited_at, note, status):
        log.info("no newer edit of %s: %s", status.uri, edited_at)
        return
    author = await accounts.get_account(runtime.db, status.account_id)
    verdict = await strangers.judge_note(runtime, author, note)
    mentioned = await find_mentioned(runtime, note)
    edit = status_writes.Edit(
        status_id=status.id,
        content=sanitize_html(note.content),
        text=None,
        content_type="text/html",
        spoiler_text=plain_line(note.summary, 5000),
        sensitive=note.sensitive or bool(note.summary),
        language=normal_language(note.language),
        edited_at=min(edited_at, datetime.now(UTC)),
        emojis=_emojis(note),
        mentioned_ids=[account.id for account in mentioned],
        tags=_tags(note),
    )
    async with runtime.transaction() as tx:
        held = await statuses.lock_status(tx.db, status.id)
        if held is None or not _is_newer(edited_at, note, held):
            return
        if not await status_writes.has_versions(tx.db, status.id):
            await status_writes.record_version(tx.db, status.id, status.created_at)
        rows = status_writes.media_rows(
            [] if runtime.domain_rules.shows_no_media(author.domain or "") else _media(note)
        )
        await media.replace_remote(tx.db, status.id, rows)
        changed = await status_writes.update_status(tx.db, edit)
        if note.question:
            await _put_poll(tx, changed, note.question)
        else:
            await polls.delete_poll(tx.db, status.id)
        await keep_quote(tx, changed, note, DEPTH)
        if note.collections:
            tx.enqueue("link_collections", status.id, list(note.collections))
        else:
            await collections.put_links(tx.db, status.id, ())
        await status_writes.record_version(tx.db, status.id, edit.edited_at)
        await index.index_statuses(tx.db, [status.id])
        await fanout.announce_edit(tx, changed, is_held=verdict.says("hold"))
        look_for_card(tx, changed, trusted_preview(runtime, note))


def _is_newer(edited_at: datetime, note: Note, status: Status) -> bool:
    """GoToSocial tells times to the second: of one second the version that differs is the later
    one, as long as it is told at once.
    """
    known = status.edited_at or status.created_at
    if edited_at != known or edited_at.microsecond or edited_at < datetime.now(UTC) - _AT_ONCE:
        return edited_at > known
    told = (sanitize_html(note.content), plain_line(note.summary, 5000))
    return told != (status.content, status.spoiler_text)


async def _put_poll(tx: Transaction, status: Status, question: Question) -> None:
    new = NewPoll(
        question.options,
        question.multiple,
        False,
        question.end,
        question.votes,
        question.voters_count,
        datetime.now(UTC),
    )
    await polls.put_poll(tx.db, status.id, status.account_id, new)
    if question.end and question.end > datetime.now(UTC):
        tx.enqueue("close_poll", status.id, run_at=question.end)


async def _update_counts(runtime: Runtime, status: Status, question: Question) -> None:
    async with runtime.transaction() as tx:
        poll = await polls.lock_poll(tx.db, status.id)
        if poll and poll.options == list(question.options):
            await polls.set_counts(tx.db, status.id, question.votes, question.voters_count)
            events.status_edited(tx, status.id)


async def _update_consent(runtime: Runtime, status: Status, note: Note) -> None:
    """Who may do what with the post, and whether the quoted one agreed: told without an edit."""
    async with runtime.transaction() as tx:
        author = await accounts.get_account(tx.db, status.account_id)
        await status_audiences.set_policies(tx.db, status.id, **policies(note, author))
        if not note.quote_authorization:
            return
        quote = await quotes.find_quote(tx.db, status.id)
        if quote and quote.quoted_uri == note.quote:
            await keep_quote(tx, status, note, DEPTH)


async def refresh_poll_job(runtime: Runtime, status_id: int) -> None:
    """Job: ask the origin of a poll for its counts."""
    status = await statuses.find_status(runtime.db, status_id)
    if status is None or status.local:
        return
    document = await fetch_document(runtime.http, status.uri, await instance_signer(runtime))
    note = documents.read_note(document)
    author = await accounts.get_account(runtime.db, status.account_id)
    if note.id == status.uri and note.author == author.uri:
        await update_note(runtime, status, note)


async def find_mentioned(runtime: Runtime, note: Note) -> list[Account]:
    """Accounts that a note names; of unknown ones a few are fetched, side by side.

    Some send what is for few without naming them (chats of Pleroma, messages of Lemmy): then the
    members among those whom it is addressed to count as named.
    """
    named, addressed = [mention.href for mention in note.mentions], [*note.to, *note.cc]
    own = f"{runtime.settings.origin}/"
    if PUBLIC not in addressed:
        named += [uri for uri in addressed if uri.startswith(own)]
    uris = list(dict.fromkeys(named))
    known = {account.uri: account for account in await accounts.list_by_uris(runtime.db, uris)}
    unknown = [uri for uri in uris if uri not in known and not uri.startswith(own)]
    found = await asyncio.gather(
        *(_fetch_mentioned(runtime, uri) for uri in unknown[:_MOST_UNKNOWN_MENTIONS])
    )
    every = [*known.values(), *(account for account in found if account)]
    return list({account.id: account for account in every}.values())


async def _fetch_mentioned(runtime: Runtime, uri: str) -> Account | None:
    """None for one that cannot be had soon: the post does not wait for it."""
    try:
        async with asyncio.timeout(_SECONDS_FOR_MENTIONS):
            return await actors.fetch_account(runtime, uri)
    except (RemoteError, TimeoutError):
        return None


def _new_status(
    author: Account,
    note: Note,
    mentioned: list[Account],
    parent: Status | None,
    shown_to: str | None,
) -> NewStatus:
    now = datetime.now(UTC)
    return NewStatus(
        account_id=author.id,
        uri=note.id,
        url=note.url,
        local=False,
        visibility=shown_to or visibility_of(note.to, note.cc, author.followers_url),
        content=sanitize_html(note.content),
        content_type="text/html",
        spoiler_text=plain_line(note.summary, 5000),
        sensitive=note.sensitive or bool(note.summary),
        language=normal_language(note.language),
        created_at=min(note.published or now, now),
        edited_at=note.updated if note.published and note.updated != note.published else None,
        in_reply_to_id=parent.id if parent else None,
        in_reply_to_uri=note.in_reply_to,
        emojis=_emojis(note),
        mentioned_ids=[account.id for account in mentioned],
        tags=_tags(note),
        remote_media=_media(note),
        context_uri=note.context,
        **policies(note, author),
    )


def _tags(note: Note) -> list[tuple[str, str]]:
    tags = {fold_hashtag(name): name for name in note.hashtags if len(name) <= _LONGEST_TAG}
    return list(tags.items())


def _emojis(note: Note) -> list[dict[str, str]]:
    return [{"shortcode": emoji.shortcode, "url": emoji.url} for emoji in note.emoji]


def _media(note: Note) -> list[RemoteMedia]:
    media = []
    for attachment in note.attachments[:_MOST_MEDIA]:
        meta: dict[str, object] = {}
        if attachment.width and attachment.height:
            meta["original"] = {
                "width": attachment.width,
                "height": attachment.height,
                "size": f"{attachment.width}x{attachment.height}",
                "aspect": attachment.width / attachment.height,
            }
        if attachment.focus:
            meta["focus"] = {"x": attachment.focus[0], "y": attachment.focus[1]}
        media.append(
            RemoteMedia(
                attachment.type,
                attachment.media_type,
                attachment.url,
                attachment.name,
                attachment.blurhash,
                meta,
                attachment.picture,
            )
        )
    return media
