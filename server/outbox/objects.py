"""Rows of ours as ActivityPub documents, as Mastodon writes them."""

from collections.abc import Sequence

from federation.documents import tag
from federation.documents.actor import Actor, build_actor
from federation.documents.attachment import Attachment
from federation.documents.audience import PUBLIC, audience
from federation.documents.collection import build_count, build_replies
from federation.documents.context import NOTE_CONTEXT
from federation.documents.note import Note, build_note
from federation.documents.policy import Rule
from federation.documents.question import Question
from federation.documents.reading import Document
from federation.signatures.keys import PublicKey
from server.addresses import Addresses
from server.identity.proofs import proof_key_id, proof_multikey
from server.outbox import policies
from server.secrets import Cipher
from server.store.accounts import Account
from server.store.custom_emojis import CustomEmoji
from server.store.polls import Poll
from server.store.quotes import Quote
from server.store.status_links import Links
from server.store.status_views import Media, StatusView


def actor_document(
    account: Account,
    keys: Sequence[tuple[str, str]],
    addresses: Addresses,
    cipher: Cipher,
    moved_to: str | None = None,
) -> Document:
    """The actor of one of our accounts; `keys` are (id, PEM), `moved_to` is an actor's id."""
    account_id = account.id
    is_suspended = account.suspended_at is not None
    return build_actor(
        Actor(
            id=account.uri,
            type="Service"
            if account.bot and account.actor_type == "Person"
            else account.actor_type,
            username=account.username,
            name="" if is_suspended else account.display_name,
            summary="" if is_suspended else account.note,
            url=_page(account, addresses),
            inbox=addresses.inbox(account_id),
            shared_inbox=addresses.shared_inbox,
            outbox=addresses.collection(account_id, "outbox"),
            followers=addresses.collection(account_id, "followers"),
            following=addresses.collection(account_id, "following"),
            featured=addresses.collection(account_id, "featured"),
            featured_tags=addresses.collection(account_id, "tags"),
            collections=addresses.collection(account_id, "featured_collections"),
            show_media=account.show_media,
            show_media_replies=account.show_media_replies,
            show_featured=account.show_featured,
            feature=Rule((_who_may_feature(account, addresses),)),
            icon=None if is_suspended else _media(account.avatar_file, addresses),
            icon_description=account.avatar_description,
            image=None if is_suspended else _media(account.header_file, addresses),
            image_description=account.header_description,
            emoji=[] if is_suspended else _emoji(account.emojis, addresses),
            fields=[]
            if is_suspended
            else [(field["name"], field["value"]) for field in account.fields],
            keys=[PublicKey(key_id, account.uri, pem) for key_id, pem in keys],
            locked=account.locked,
            discoverable=account.discoverable,
            indexable=account.indexable,
            memorial=account.memorial,
            also_known_as=account.also_known_as,
            moved_to=moved_to,
            attribution_domains=account.attribution_domains,
            published=account.created_at,
            multikeys=[(proof_key_id(account), proof_multikey(cipher, account))],
            suspended=is_suspended,
        )
    )


def _who_may_feature(account: Account, addresses: Addresses) -> str:
    """Who may put one of ours into a collection (see `collections.list_unwilling`)."""
    if not account.discoverable or account.suspended_at:
        return account.uri
    return addresses.collection(account.id, "followers") if account.locked else PUBLIC


def note_document(view: StatusView, links: Links, addresses: Addresses) -> Document:
    """The Note of one of our posts."""
    status, account = view.status, view.account.account
    followers = addresses.collection(account.id, "followers")
    to, cc = audience(status.visibility, followers, [mention.uri for mention in view.mentions])
    note = Note(
        id=status.uri,
        type="Note",
        author=account.uri,
        content=status.content,
        summary=status.spoiler_text,
        sensitive=status.sensitive or account.sensitized_at is not None,
        language=status.language,
        in_reply_to=links.parent_uri,
        url=addresses.status_url(account.username, status.id),
        to=to,
        cc=cc,
        published=status.created_at,
        updated=status.edited_at,
        attachments=[_attachment(media, addresses) for media in view.media],
        question=_question(view.poll) if view.poll else None,
        closed=view.poll.closed_at if view.poll else None,
        quote=view.quote.quoted_uri if view.quote else None,
        quote_authorization=_quote_stamp(view.quote, links, addresses) if view.quote else None,
        reply_authorization=links.stamp_uri
        or (addresses.stamp(links.stamp_id) if links.stamp_id else None),
        policy=policies.rules(view, addresses),
        context=addresses.context(links.thread_id) if links.root_is_local else links.context_uri,
    )
    tags = [
        tag.build_mention(m.uri, f"@{m.username}@{m.domain or addresses.domain}")
        for m in view.mentions
    ]
    tags += [tag.build_hashtag(addresses.tag_url(name), name) for name in view.tags]
    tags += [tag.build_emoji(emoji) for emoji in _emoji(status.emojis, addresses)]
    tags += [
        tag.build_collection(
            one.uri or addresses.collection_uri(one.account_id, one.id),
            one.name,
        )
        for one in view.collections
    ]
    source = None if status.text is None else (status.text, status.content_type)
    return build_note(note, source, _collections(view, links), tags)


def _collections(view: StatusView, links: Links) -> Document:
    """What others did with the post: the answers, and how many favourites and boosts."""
    uri = view.status.uri
    replies = f"{uri}/replies"
    return {
        "replies": build_replies(replies, links.own_answers, f"{replies}?page=true"),
        "likes": build_count(f"{uri}/likes", view.favourites_count),
        "shares": build_count(f"{uri}/shares", view.boosts_count),
    }


def _quote_stamp(quote: Quote, links: Links, addresses: Addresses) -> str | None:
    """Where the stamp of an accepted quote stands: with us for what one of ours wrote."""
    if quote.state != "accepted":
        return None
    return addresses.quote_stamp(quote.status_id) if links.quoted_local else quote.approval_uri


def _question(poll: Poll) -> Question:
    counts = poll.votes if poll.closed_at or not poll.hide_totals else [0] * len(poll.votes)
    return Question(poll.options, counts, poll.multiple, poll.expires_at, poll.voters_count)


def _media(file: str | None, addresses: Addresses) -> str | None:
    return addresses.media(file) if file else None


def _page(account: Account, addresses: Addresses) -> str:
    """The instance's own actor has no profile: it leads to the front page."""
    is_instance = account.actor_type == "Application"
    return f"{addresses.origin}/" if is_instance else addresses.account_url(account.username)


def audience_of_boost(visibility: str, followers: str, author: str) -> tuple[list[str], list[str]]:
    """`to` and `cc` of an Announce."""
    return audience(visibility, followers, [author])


def emoji_document(emoji: CustomEmoji, addresses: Addresses) -> Document:
    """One of our emoji at its own address."""
    shown = {"shortcode": emoji.shortcode, "file": emoji.file}
    return {"@context": NOTE_CONTEXT, **emoji_tag(shown, addresses)}


def emoji_tag(emoji: dict[str, str], addresses: Addresses) -> Document:
    """One of our emoji ({shortcode, file}) as a tag."""
    return tag.build_emoji(_emoji([emoji], addresses)[0])


def _emoji(emojis: Sequence[dict[str, str]], addresses: Addresses) -> list[tag.Emoji]:
    return [
        tag.Emoji(
            emoji["shortcode"],
            addresses.media(emoji["file"]),
            addresses.emoji_uri(emoji["shortcode"]),
            f"image/{emoji['file'].rpartition('.')[2]}",
        )
        for emoji in emojis
    ]


def _attachment(media: Media, addresses: Addresses) -> Attachment:
    original = media.meta.get("original", {})
    focus = media.meta.get("focus")
    return Attachment(
        type=media.type,
        url=addresses.media(media.file) if media.file else media.remote_url or "",
        media_type=media.content_type,
        name=media.description,
        blurhash=media.blurhash,
        width=original.get("width"),
        height=original.get("height"),
        focus=(focus["x"], focus["y"]) if focus else None,
    )
