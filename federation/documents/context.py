"""Media types of ActivityPub, and the contexts that our documents carry."""

from typing import Any

CONTENT_TYPE = "application/activity+json"
_LD_CONTENT_TYPE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
ACCEPT = f"{CONTENT_TYPE}, {_LD_CONTENT_TYPE}"
ACTIVITY_STREAMS = "https://www.w3.org/ns/activitystreams"

ACTIVITY_CONTEXT: Any = ACTIVITY_STREAMS
_POLICY = {
    "gts": "https://gotosocial.org/ns#",
    "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
    "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
    "canReply": {"@id": "gts:canReply", "@type": "@id"},
    "canLike": {"@id": "gts:canLike", "@type": "@id"},
    "canAnnounce": {"@id": "gts:canAnnounce", "@type": "@id"},
    "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
    "replyAuthorization": {"@id": "gts:replyAuthorization", "@type": "@id"},
    "likeAuthorization": {"@id": "gts:likeAuthorization", "@type": "@id"},
    "announceAuthorization": {"@id": "gts:announceAuthorization", "@type": "@id"},
}
_FEATURED = "https://w3id.org/fep/7aa9#"
_NOTE_TERMS = {
    "ostatus": "http://ostatus.org#",
    "atomUri": "ostatus:atomUri",
    "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
    "conversation": "ostatus:conversation",
    "sensitive": "as:sensitive",
    "toot": "http://joinmastodon.org/ns#",
    "votersCount": "toot:votersCount",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    "Emoji": "toot:Emoji",
    "Hashtag": "as:Hashtag",
    "FeaturedCollection": f"{_FEATURED}FeaturedCollection",
    "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
    "quoteUri": "http://fedibird.com/ns#quoteUri",
    "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
    "quoteAuthorization": {
        "@id": "https://w3id.org/fep/044f#quoteAuthorization",
        "@type": "@id",
    },
    **_POLICY,
}
NOTE_CONTEXT: Any = [ACTIVITY_STREAMS, _NOTE_TERMS]
# Requests carry whole posts, and stamps stand in activities about them: one context for all.
AUTHORIZATION_CONTEXT: Any = [
    ACTIVITY_STREAMS,
    {
        **_NOTE_TERMS,
        "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "ReplyRequest": "gts:ReplyRequest",
        "ReplyAuthorization": "gts:ReplyAuthorization",
        "LikeRequest": "gts:LikeRequest",
        "LikeAuthorization": "gts:LikeAuthorization",
        "AnnounceRequest": "gts:AnnounceRequest",
        "AnnounceAuthorization": "gts:AnnounceAuthorization",
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    },
]
COLLECTION_CONTEXT: Any = [
    ACTIVITY_STREAMS,
    {
        **{
            name: f"{_FEATURED}{name}"
            for name in (
                "FeaturedCollection",
                "FeaturedItem",
                "FeatureRequest",
                "FeatureAuthorization",
            )
        },
        **{
            name: {"@id": f"{_FEATURED}{name}", "@type": "@id"}
            for name in ("topic", "featuredObject", "featureAuthorization")
        },
        "gts": "https://gotosocial.org/ns#",
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
    },
]
REACTION_CONTEXT: Any = [
    ACTIVITY_STREAMS,
    {
        "litepub": "http://litepub.social/ns#",
        "EmojiReact": "litepub:EmojiReact",
        "toot": "http://joinmastodon.org/ns#",
        "Emoji": "toot:Emoji",
    },
]
ACTOR_CONTEXT: Any = [
    ACTIVITY_STREAMS,
    "https://w3id.org/security/v1",
    "https://w3id.org/security/multikey/v1",
    "https://www.w3.org/ns/did/v1",
    {
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "toot": "http://joinmastodon.org/ns#",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "featuredCollections": {"@id": f"{_FEATURED}featuredCollections", "@type": "@id"},
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canFeature": {"@id": f"{_FEATURED}canFeature", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "discoverable": "toot:discoverable",
        "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
        "suspended": "toot:suspended",
        "Emoji": "toot:Emoji",
        "memorial": "toot:memorial",
        "showFeatured": "toot:showFeatured",
        "showMedia": "toot:showMedia",
        "showRepliesInMedia": "toot:showRepliesInMedia",
        "indexable": "toot:indexable",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    },
]


def without_context(value: Any) -> Any:
    """A document as it stands inside of another one; anything else as it is."""
    if not isinstance(value, dict):
        return value
    return {name: inner for name, inner in value.items() if name != "@context"}


def is_activity_content_type(value: str) -> bool:
    """Whether a Content-Type is one of ActivityPub (never bare JSON, never HTML)."""
    kind, _, parameters = value.lower().partition(";")
    if kind.strip() == CONTENT_TYPE:
        return True
    return kind.strip() == "application/ld+json" and ACTIVITY_STREAMS in parameters


def prefers_activity(accept: str) -> bool:
    """Whether who sent this Accept header wants the ActivityPub document rather than a page.

    The kinds are weighed by their q; at the same weight the first one wins. Anything odd is a page.
    """
    best, wants_activity = 0.0, False
    for part in accept[:1000].lower().split(","):
        kind, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        is_activity = kind.strip() in {CONTENT_TYPE, "application/ld+json"}
        is_page = kind.strip() in {"text/html", "application/xhtml+xml"}
        if (is_activity or is_page) and weight > best:
            best, wants_activity = weight, is_activity
    return wants_activity


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
