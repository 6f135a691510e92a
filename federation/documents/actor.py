"""Who acts: read from others, built for ours."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from federation import origins
from federation.documents import reading, tag
from federation.documents.context import ACTOR_CONTEXT
from federation.documents.policy import Rule, read_rule
from federation.documents.reading import Document
from federation.errors import Malformed, Untrusted
from federation.signatures.keys import PublicKey
from federation.signatures.multikey import decode_multikey

TYPES = ("Person", "Service", "Application", "Group", "Organization")
_LONGEST_NAME = 500
# What can stand before the @ of a handle (RFC 7565), in letters of all scripts. Some call their
# instance's own actor by its host, with the port.
_USERNAME = re.compile(r"[\w.~!$&'()*+,;=%-]+(?::\d{1,5})?")
_LONGEST_SUMMARY = 50_000
_MOST_FIELDS = 16
_MOST_DOMAINS = 100


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor; `summary` and the fields' values are HTML that nobody has cleaned yet."""

    id: str
    type: str
    username: str
    inbox: str
    handle: str | None = None  # the one that it wants to be known by (FEP-2c59)
    name: str = ""
    summary: str = ""
    url: str | None = None
    shared_inbox: str | None = None
    outbox: str | None = None
    followers: str | None = None
    following: str | None = None
    featured: str | None = None
    featured_tags: str | None = None
    collections: str | None = None
    feature: Rule | None = None  # who may put it into a collection (FEP-7aa9)
    show_media: bool = True  # tabs of its profile, as in Mastodon 4.6
    show_media_replies: bool = True
    show_featured: bool = True
    icon: str | None = None
    icon_description: str = ""
    image: str | None = None
    image_description: str = ""
    fields: Sequence[tuple[str, str]] = ()
    emoji: Sequence[tag.Emoji] = ()
    keys: Sequence[PublicKey] = ()
    locked: bool = False
    discoverable: bool = False
    indexable: bool = False
    memorial: bool = False
    moved_to: str | None = None
    also_known_as: Sequence[str] = field(default_factory=tuple)
    published: datetime | None = None
    attribution_domains: Sequence[str] = ()
    multikeys: Sequence[tuple[str, str]] = ()  # ours: (id, publicKeyMultibase)
    suspended: bool = False  # hidden by its own moderators, for now


def read_actor(document: Document) -> Actor:
    """Raises Malformed without id, type, inbox or a name that can stand in a handle; Untrusted when
    inbox, outbox, followers, featured or a key stands elsewhere. A foreign sharedInbox is ignored.
    """
    own_id = reading.uri(document.get("id"))
    kind = reading.type_of(document)
    handle = (reading.string(document.get("webfinger")) or "").removeprefix("acct:").strip("@")
    username = reading.string(document.get("preferredUsername")) or handle.partition("@")[0]
    inbox = reading.id_of(document.get("inbox"))
    if not own_id or kind not in TYPES or not username or not inbox:
        raise Malformed("an actor needs id, type, preferredUsername and inbox")
    if not _USERNAME.fullmatch(username):
        raise Malformed(f"{own_id} is called {username[:100]!r}: no handle has that in it")
    places: dict[str, Any] = {
        name: reading.id_of(document.get(name))
        for name in ("outbox", "followers", "following", "featured")
    }
    for name, place in {"inbox": inbox, **places}.items():
        if place and not origins.is_same_origin(place, own_id):
            raise Untrusted(f"the {name} of {own_id} stands elsewhere")
    return Actor(
        id=own_id,
        type=kind,
        username=username[:_LONGEST_NAME],
        inbox=inbox,
        handle=handle[:_LONGEST_NAME] or None,
        name=(reading.string(document.get("name")) or "")[:_LONGEST_NAME],
        summary=(reading.string(document.get("summary")) or "")[:_LONGEST_SUMMARY],
        url=reading.page_of(document.get("url")),
        shared_inbox=_shared_inbox(document, own_id),
        **places,
        featured_tags=_own(document.get("featuredTags"), own_id),
        collections=_own(document.get("featuredCollections"), own_id),
        feature=read_rule(document.get("interactionPolicy"), "canFeature"),
        show_media=reading.first(document.get("showMedia")) is not False,
        show_media_replies=reading.first(document.get("showRepliesInMedia")) is not False,
        show_featured=reading.first(document.get("showFeatured")) is not False,
        icon=reading.picture_of(document.get("icon")),
        icon_description=_picture_name(document.get("icon")),
        image=reading.picture_of(document.get("image")),
        image_description=_picture_name(document.get("image")),
        fields=_fields(document.get("attachment")),
        emoji=tag.read_emoji(document.get("tag")),
        keys=_keys(document, own_id),
        locked=reading.boolean(document.get("manuallyApprovesFollowers")),
        discoverable=reading.boolean(document.get("discoverable")),
        indexable=reading.boolean(document.get("indexable")),
        memorial=reading.boolean(document.get("memorial")),
        moved_to=reading.id_of(document.get("movedTo")),
        also_known_as=tuple(reading.ids_of(document.get("alsoKnownAs"))[:20]),
        published=reading.time(document.get("published")),
        attribution_domains=_domains(document.get("attributionDomains")),
        suspended=reading.boolean(document.get("suspended")),
    )


def key_apart(document: Document, key: Document) -> PublicKey | None:
    """A key that stands in a document of its own, if the actor's document names it as its own.

    Raises Malformed without ids, Untrusted for a key that is another's.
    """
    own_id, key_id = reading.uri(document.get("id")), reading.uri(key.get("id"))
    if not own_id or not key_id:
        raise Malformed("actors and keys have ids")
    named = [
        *reading.as_list(document.get("publicKey")),
        *reading.as_list(document.get("assertionMethod")),
    ]
    if key_id not in reading.ids_of(named):
        return None
    found = _keys({"publicKey": key, "assertionMethod": key}, own_id)
    return next((one for one in found if one.id == key_id), None)


def build_actor(actor: Actor) -> Document:
    """The document of one of our actors."""
    document: Document = {
        "@context": ACTOR_CONTEXT,
        "id": actor.id,
        "type": actor.type,
        "preferredUsername": actor.username,
        "name": actor.name,
        "summary": actor.summary,
        "url": actor.url,
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "followers": actor.followers,
        "following": actor.following,
        "featured": actor.featured,
        "featuredTags": actor.featured_tags,
        "featuredCollections": actor.collections,
        "interactionPolicy": {"canFeature": {"automaticApproval": list(actor.feature.automatic)}}
        if actor.feature
        else None,
        "showMedia": actor.show_media,
        "showRepliesInMedia": actor.show_media_replies,
        "showFeatured": actor.show_featured,
        "manuallyApprovesFollowers": actor.locked,
        "discoverable": actor.discoverable,
        "indexable": actor.indexable,
        "memorial": actor.memorial,
        "published": actor.published.strftime("%Y-%m-%dT00:00:00Z") if actor.published else None,
        "endpoints": {"sharedInbox": actor.shared_inbox},
        "publicKey": next(
            {"id": key.id, "owner": key.owner, "publicKeyPem": key.pem} for key in actor.keys
        ),
        "assertionMethod": [
            {
                "id": key_id,
                "type": "Multikey",
                "controller": actor.id,
                "publicKeyMultibase": value,
            }
            for key_id, value in actor.multikeys
        ],
        "attachment": [
            {"type": "PropertyValue", "name": name, "value": value} for name, value in actor.fields
        ],
        "tag": [tag.build_emoji(emoji) for emoji in actor.emoji],
        "alsoKnownAs": list(actor.also_known_as),
        "attributionDomains": list(actor.attribution_domains),
    }
    if actor.suspended:
        document["suspended"] = True
    if actor.moved_to:
        document["movedTo"] = actor.moved_to
    for name, url, description in (
        ("icon", actor.icon, actor.icon_description),
        ("image", actor.image, actor.image_description),
    ):
        if url:
            document[name] = {"type": "Image", "url": url, "name": description}
    return {key: value for key, value in document.items() if value is not None}


def _domains(value: Any) -> tuple[str, ...]:
    """Hosts whose pages may name the actor as author; what is no host name is left out."""
    texts = [reading.string(one) or "" for one in reading.as_list(value)[:_MOST_DOMAINS]]
    return tuple(dict.fromkeys(host for text in texts if (host := origins.host(text))))


def _shared_inbox(document: Document, own_id: str) -> str | None:
    endpoints = reading.first(document.get("endpoints"))
    return _own(endpoints.get("sharedInbox"), own_id) if isinstance(endpoints, dict) else None


def _own(value: Any, own_id: str) -> str | None:
    """An address, unless it stands on another origin."""
    found = reading.id_of(value)
    return found if found and origins.is_same_origin(found, own_id) else None


def _keys(document: Document, own_id: str) -> list[PublicKey]:
    """Keys with owner and origin right. Raises Untrusted for a key that stands elsewhere."""
    keys = []
    for value in reading.as_list(document.get("publicKey"))[:8]:
        if not isinstance(value, dict):
            continue
        key_id, owner = reading.uri(value.get("id")), reading.id_of(value.get("owner"))
        pem = reading.string(value.get("publicKeyPem"))
        if not key_id or not pem:
            continue
        if (owner and owner != own_id) or not origins.is_same_origin(key_id, own_id):
            raise Untrusted(f"the key {key_id} is not one of {own_id}")
        keys.append(PublicKey(key_id, own_id, pem))
    # Some name one key in both ways.
    return list({key.id: key for key in [*_multikeys(document, own_id), *keys]}.values())


def _multikeys(document: Document, own_id: str) -> list[PublicKey]:
    """Keys for proofs (FEP-521a); one that cannot be read, or is another's, is left out."""
    keys = []
    for value in reading.as_list(document.get("assertionMethod"))[:8]:
        if reading.type_of(value) != "Multikey":
            continue
        key_id, text = reading.uri(value.get("id")), reading.string(value.get("publicKeyMultibase"))
        is_own = reading.id_of(value.get("controller")) == own_id
        if not key_id or not text or not is_own or not origins.is_same_origin(key_id, own_id):
            continue
        with contextlib.suppress(Malformed):
            keys.append(PublicKey(key_id, own_id, decode_multikey(text)))
    return keys


def _picture_name(value: Any) -> str:
    value = reading.first(value)
    text = reading.string(value.get("name")) if isinstance(value, dict) else None
    return (text or "")[:1500]


def _fields(value: Any) -> list[tuple[str, str]]:
    pairs = [v for v in reading.as_list(value) if reading.type_of(v).endswith("PropertyValue")]
    return [
        ((reading.string(v.get("name")) or "")[:255], (reading.string(v.get("value")) or "")[:2047])
        for v in pairs[:_MOST_FIELDS]
    ]
