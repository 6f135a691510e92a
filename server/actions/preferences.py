"""A member says what new posts are unless the client says otherwise, and what to see at once."""

from typing import Any

from server.actions.drafts import CONTENT_TYPES, QUOTE_POLICIES, VISIBILITIES
from server.errors import Invalid
from server.store.users import Preferences
from server.text.language import normal_language

MEDIA_CHOICES = ("default", "show_all", "hide_all")
# What a preference can be, and how Mastodon calls it.
_CHOICES = {
    "default_visibility": (VISIBILITIES, "Privacy"),
    "default_quote_policy": (QUOTE_POLICIES, "Quote policy"),
    "default_content_type": (CONTENT_TYPES, "Content type"),
    "expand_media": (MEDIA_CHOICES, "Display media"),
}


def checked_defaults(
    *,
    visibility: str | None = None,
    sensitive: bool | None = None,
    language: str | None = None,
    quote_policy: str | None = None,
    content_type: str | None = None,
    expand_media: str | None = None,
    expand_spoilers: bool | None = None,
    autoplay_gifs: bool | None = None,
) -> dict[str, Any]:
    """What is to change, by the fields of Preferences: None leaves a default as it is, an empty
    language is that of the app, or else of our pages (`usual_language`).

    Raises Invalid with Mastodon's texts.
    """
    given = {
        "default_visibility": visibility,
        "default_sensitive": sensitive,
        "default_quote_policy": quote_policy,
        "default_content_type": content_type,
        "expand_media": expand_media,
        "expand_spoilers": expand_spoilers,
        "autoplay_gifs": autoplay_gifs,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for name, (choices, called) in _CHOICES.items():
        if name in changes and changes[name] not in choices:
            raise Invalid(f"Validation failed: {called} is not included in the list")
    if language is not None:
        changes["default_language"] = normal_language(language)
    return changes


def usual_language(preferences: Preferences) -> str:
    """In which a member usually writes, or else in which they read our pages."""
    return preferences.default_language or normal_language(preferences.locale) or "en"
