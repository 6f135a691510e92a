"""What a member writes, checked and composed, before anything is stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from federation.documents.tag import fold_hashtag
from server.actions import custom_emojis
from server.errors import Invalid
from server.remote import resolve
from server.runtime import Runtime
from server.store import blocks, media, remote_collections, reviewed_tags
from server.store.accounts import Account
from server.store.statuses import Policy
from server.text import compose
from server.text.links import has_link, list_links
from server.text.typed import link_entities, markdown_html, readable_text, typed_html
from server.transaction import Transaction

MOST_MEDIA = 4
_MOST_OPTIONS = 4
_LONGEST_OPTION = 50
_SHORTEST_POLL_SECONDS = 5 * 60
_LONGEST_POLL_SECONDS = 2_629_746  # a month
_MOST_MENTIONS = 50
_PLAYED = {"video", "audio"}
CONTENT_TYPES = ("text/plain", "text/markdown", "text/html")
_MARKUP = {"text/markdown": markdown_html, "text/html": typed_html}
VISIBILITIES = ("public", "unlisted", "private", "direct")
QUOTE_POLICIES = ("public", "followers", "nobody")


@dataclass(frozen=True, slots=True)
class PollDraft:
    """A question's choices; `expires_in` in seconds."""

    options: Sequence[str]
    expires_in: int
    multiple: bool = False
    hide_totals: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as it was typed; None means: as the member's defaults say.

    `interaction_policy` names circles as server/store/statuses.py explains; `allowed_mentions` are
    the ids of all whom the text may name.
    """

    text: str = ""
    spoiler_text: str = ""
    visibility: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    in_reply_to_id: int | None = None
    media_ids: Sequence[int] = ()
    content_type: str | None = None
    poll: PollDraft | None = None
    quoted_id: int | None = None
    quote_policy: str | None = None
    interaction_policy: Policy = field(default_factory=dict)
    local_only: bool | None = None
    allowed_mentions: Sequence[int] | None = None


class UnexpectedMentions(Invalid):
    """The post names people whom its author did not mean to name."""

    def __init__(self, account_ids: Sequence[int]) -> None:
        super().__init__("Post would be sent to unexpected accounts")
        self.account_ids = account_ids


@dataclass(frozen=True, slots=True)
class Composed:
    """HTML, what it was typed as, whom it names, hashtags as (folded, written), our emoji, and the
    collections to which it links.
    """

    content: str
    content_type: str
    mentioned: list[Account]
    tags: list[tuple[str, str]]
    emojis: list[dict[str, str]]
    collection_ids: list[int]


def settled(draft: Draft, *, is_quote: bool = False) -> Draft:
    """As Mastodon has it, a warning before nothing is the text itself, of a sensitive post."""
    if draft.text.strip() or not draft.spoiler_text or draft.quoted_id or is_quote:
        return draft
    return replace(draft, text=draft.spoiler_text, spoiler_text="", sensitive=True)


def check_draft(runtime: Runtime, draft: Draft, *, is_quote: bool = False) -> None:
    """Raises Invalid with Mastodon's texts; `is_quote` for an edit of what quotes already."""
    longest = runtime.settings.status_max_characters
    is_quote = is_quote or draft.quoted_id is not None
    if not draft.text.strip() and not draft.media_ids and not is_quote:
        raise Invalid("Validation failed: Text can't be blank")
    warning = compose.count_graphemes(draft.spoiler_text)
    if compose.count_characters(draft.text) + warning > longest:
        raise Invalid(f"Validation failed: Text character limit of {longest} exceeded")
    if draft.content_type not in {None, *CONTENT_TYPES}:
        raise Invalid(f"Validation failed: Content type {draft.content_type} is not supported")
    if draft.visibility not in {None, *VISIBILITIES}:
        raise Invalid("Validation failed: Visibility is not included in the list")
    if len(draft.media_ids) > MOST_MEDIA or (draft.media_ids and draft.poll):
        raise Invalid(f"Cannot attach more than {MOST_MEDIA} files")
    if draft.quote_policy not in {None, *QUOTE_POLICIES}:
        raise Invalid("Validation failed: Quote approval policy is not included in the list")
    if draft.poll:
        _check_poll(draft.poll)


def _check_poll(poll: PollDraft) -> None:
    options = [option.strip() for option in poll.options]
    if len(options) < 2:
        raise Invalid("Validation failed: Options must have more than one item")
    if len(options) > _MOST_OPTIONS:
        raise Invalid(f"Validation failed: Options can't contain more than {_MOST_OPTIONS} items")
    if not all(options):
        raise Invalid("Validation failed: Options can't be blank")
    if any(compose.count_graphemes(option) > _LONGEST_OPTION for option in options):
        raise Invalid(
            f"Validation failed: Options can't be longer than {_LONGEST_OPTION} characters each"
        )
    if len(set(options)) < len(options):
        raise Invalid("Validation failed: Options contain duplicate items")
    if poll.expires_in < _SHORTEST_POLL_SECONDS:
        raise Invalid("Validation failed: Expires at is too soon")
    if poll.expires_in > _LONGEST_POLL_SECONDS:
        raise Invalid("Validation failed: Expires at is too far into the future")


def check_mentions(draft: Draft, composed: Composed) -> None:
    """Raises UnexpectedMentions for a post that names others than the client foresaw."""
    if draft.allowed_mentions is None:
        return
    unexpected = [a.id for a in composed.mentioned if a.id not in draft.allowed_mentions]
    if unexpected:
        raise UnexpectedMentions(unexpected)


async def check_media(
    runtime: Runtime,
    account_id: int,
    draft: Draft,
    status_id: int | None = None,
    scheduled_id: int | None = None,
) -> None:
    """Raises Invalid for uploads that are not the member's or hang on another post, are not ready,
    or are more than one of which one plays.
    """
    ids = list(dict.fromkeys(draft.media_ids))
    if not ids:
        return
    usable = await media.load_usable(runtime.db, account_id, ids, status_id, scheduled_id)
    _check_there(ids, usable)
    if len(ids) > 1 and any(kind in _PLAYED for kind, _ in usable.values()):
        raise Invalid("Cannot attach a video to a post that already contains images")
    if any(state != "ready" for _, state in usable.values()):
        raise Invalid(
            "Cannot attach files that have not finished processing. Try again in a moment!"
        )


async def _check_tags(runtime: Runtime, names: Sequence[str]) -> None:
    """Raises Invalid, with Mastodon's text, for those that moderators keep out of posts."""
    if refused := await reviewed_tags.list_unusable(runtime.db, names):
        kind = "a disallowed hashtag" if len(refused) == 1 else "the disallowed hashtags"
        raise Invalid(f"Validation failed: Text contained {kind}: {', '.join(refused)}")


async def check_attached(tx: Transaction, status_id: int, draft: Draft) -> None:
    """Raises Invalid when another post took an upload at that moment."""
    if draft.media_ids:
        attached = await media.list_attached(tx.db, status_id)
        _check_there(draft.media_ids, {one.id for one in attached})


def _check_there(ids: Sequence[int], there: Collection[int]) -> None:
    if missing := [str(media_id) for media_id in ids if media_id not in there]:
        named = ", ".join(missing)
        raise Invalid(f"Media {named} not found or already attached to another post")


async def compose_draft(
    runtime: Runtime, account_id: int, draft: Draft, default_type: str
) -> Composed:
    """Find whom it names (asking other servers for those that we do not know) and make HTML.

    In code and in links nobody is named, and nobody whom the author blocks. Raises Invalid for a
    hashtag that may not be used here.
    """
    content_type = draft.content_type or default_type
    html = _MARKUP[content_type](draft.text) if content_type in _MARKUP else None
    readable = draft.text if html is None else readable_text(html)
    handles = compose.handles_in(readable)[:_MOST_MENTIONS]
    mentioned = await resolve.resolve_handles(runtime, handles) if handles else {}
    if mentioned:
        ids = [account.id for account in mentioned.values()]
        blocked = await blocks.list_blocked(runtime.db, account_id, ids)
        mentioned = {h: account for h, account in mentioned.items() if account.id not in blocked}
    urls = {
        handle: account.url or runtime.addresses.account_url(account.username)
        for handle, account in mentioned.items()
    }
    tag_url = runtime.addresses.tag_url
    if html is None:
        content = compose.compose_html(draft.text, urls, tag_url)
    else:
        content = link_entities(html, urls, tag_url)
    tags = [(fold_hashtag(name), name) for name in compose.hashtags_in(readable)]
    await _check_tags(runtime, [name for name, _ in tags])
    people = {account.id: account for account in mentioned.values()}
    emojis = await custom_emojis.find_in_texts(runtime.db, [draft.text, draft.spoiler_text])
    found = await _collections(runtime, content)
    return Composed(content, content_type, list(people.values()), tags, emojis, found)


async def _collections(runtime: Runtime, content: str) -> list[int]:
    """Ours, and those of others that we know."""
    found = runtime.addresses.collections_in(content)
    if has_link(content):
        links = list_links(content, runtime.settings.origin)
        found += await remote_collections.list_linked(runtime.db, links)
    return found
