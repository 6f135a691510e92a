"""Instance, in its versions 1 and 2: what clients decide by."""

from collections.abc import Sequence
from typing import Any

from server.actions.drafts import CONTENT_TYPES, MOST_MEDIA
from server.actions.pin import MOST_PINS
from server.actions.upload import LONGEST_DESCRIPTION
from server.addresses import Addresses
from server.fanout.reactions import MOST_OF_A_PERSON
from server.media.recordings import AUDIO_TYPES, VIDEO_TYPES
from server.settings import Settings
from server.store.account_views import AccountView
from server.store.rules import Rule
from server.text.compose import LINK_CHARACTERS
from server.text.documents import render_document
from web.entities.account import account_entity
from web.feeds import timelines_access

# docs/decisions/0005-what-we-say-of-ourselves.md
OWN_VERSION = "0.1.0"
VERSION = f"4.6.0 (compatible; Wandelgang {OWN_VERSION})"
_API_VERSION = 10
_IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic"]
_PIXELS = 33_177_600
_THUMBNAIL_BLURHASH = "L5C*OntSfQtS.Tj[fQj[fQfQfQfQ"

Counts = tuple[int, int, int, int]  # members, active in a month, in half a year, posts


def instance_v2(
    settings: Settings,
    addresses: Addresses,
    counts: Counts,
    contact: AccountView | None,
    rules: Sequence[Rule],
    vapid_key: str,
    *,
    has_terms: bool,
) -> dict[str, Any]:
    """Mastodon's Instance."""
    thumbnail = addresses.static("header.png")
    return {
        "domain": settings.domain,
        "title": settings.instance_title,
        "version": VERSION,
        "source_url": settings.source_url,
        "description": settings.instance_description,
        "usage": {"users": {"active_month": counts[1]}},
        "wrapstodon": None,
        "thumbnail": {
            "url": thumbnail,
            "description": "",
            "blurhash": _THUMBNAIL_BLURHASH,
            "versions": {"@1x": thumbnail, "@2x": thumbnail},
        },
        "icon": [{"src": addresses.static("avatar.png"), "size": "160x160"}],
        "languages": list(settings.instance_languages),
        "configuration": {
            "urls": {
                "streaming": _streaming(settings),
                "status": None,
                "about": f"{addresses.origin}/about",
                "privacy_policy": f"{addresses.origin}/privacy-policy",
                "terms_of_service": f"{addresses.origin}/terms-of-service" if has_terms else None,
            },
            "vapid": {"public_key": vapid_key},
            **_configuration(settings),
            "translation": {"enabled": bool(settings.translation_url)},
            "limited_federation": not settings.federation_enabled
            or settings.federation_mode == "allow-list",
            "timelines_access": timelines_access(settings),
        },
        "registrations": _registrations(settings),
        "api_versions": {"mastodon": _API_VERSION},
        "contact": {
            "email": settings.instance_contact_email,
            "account": account_entity(contact, addresses) if contact else None,
        },
        "rules": [rule_entity(rule) for rule in rules],
    }


def instance_v1(
    settings: Settings,
    addresses: Addresses,
    counts: Counts,
    domains: int,
    contact: AccountView | None,
    rules: Sequence[Rule],
    *,
    invites_enabled: bool,
) -> dict[str, Any]:
    """Mastodon's V1::Instance."""
    return {
        "uri": settings.domain,
        "title": settings.instance_title,
        "short_description": settings.instance_description,
        "description": settings.instance_description,
        "email": settings.instance_contact_email,
        "version": VERSION,
        "urls": {"streaming_api": _streaming(settings)},
        "stats": {"user_count": counts[0], "status_count": counts[3], "domain_count": domains},
        "thumbnail": addresses.static("header.png"),
        "languages": list(settings.instance_languages),
        "registrations": settings.is_open,
        "approval_required": settings.registrations == "approval",
        "invites_enabled": invites_enabled,
        "configuration": _configuration(settings),
        "contact_account": account_entity(contact, addresses) if contact else None,
        "rules": [rule_entity(rule) for rule in rules],
    }


def rule_entity(rule: Rule) -> dict[str, Any]:
    """Mastodon's Rule."""
    return {
        "id": str(rule.id),
        "text": rule.text,
        "hint": rule.hint,
        "translations": rule.translations,
    }


def _registrations(settings: Settings) -> dict[str, Any]:
    """Who may join and what that takes; invitations are nobody's business but the invited's."""
    needs_look = settings.registrations == "approval"
    message = settings.registrations_message
    return {
        "enabled": settings.is_open,
        "approval_required": needs_look,
        "reason_required": needs_look and settings.registrations_reason_required,
        "message": render_document(message) if message and not settings.is_open else None,
        "min_age": settings.registrations_min_age,
        "url": None,
    }


def _streaming(settings: Settings) -> str:
    """The WebSocket's address, of the same security as the pages."""
    return settings.origin.replace("http", "ws", 1)


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "accounts": {
            "max_featured_tags": 10,
            "max_pinned_statuses": MOST_PINS,
            "max_profile_fields": 4,
            "max_display_name_length": 30,
            "max_note_length": 500,
            "max_avatar_description_length": LONGEST_DESCRIPTION,
            "max_header_description_length": LONGEST_DESCRIPTION,
            "profile_field_name_limit": 255,
            "profile_field_value_limit": 255,
        },
        "statuses": {
            "max_characters": settings.status_max_characters,
            "max_media_attachments": MOST_MEDIA,
            "characters_reserved_per_url": LINK_CHARACTERS,
            "supported_mime_types": list(CONTENT_TYPES),
        },
        "reactions": {"max_reactions": MOST_OF_A_PERSON},
        "media_attachments": {
            "description_limit": LONGEST_DESCRIPTION,
            "supported_mime_types": [*_IMAGE_TYPES, *VIDEO_TYPES, *AUDIO_TYPES],
            "image_size_limit": settings.media_max_bytes,
            "image_matrix_limit": _PIXELS,
            "video_size_limit": settings.media_video_max_bytes,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": {
            "max_options": 4,
            "max_characters_per_option": 50,
            "min_expiration": 300,
            "max_expiration": 2629746,
        },
    }
