"""A member says what new posts are unless the client says otherwise."""

from typing import Any

from server.actions.drafts import CONTENT_TYPES, QUOTE_POLICIES, VISIBILITIES
from server.errors import Invalid
from server.text.language import normal_language


def checked_defaults(
    *,
    visibility: str | None = None,
    sensitive: bool | None = None,
    language: str | None = None,
    quote_policy: str | None = None,
    content_type: str | None = None,
) -> dict[str, Any]:
    """What is to change, by the fields of Preferences: None leaves a default as it is, an empty
    language is that of the client.

    Raises Invalid with Mastodon's texts.
    """
    changes: dict[str, Any] = {}
    if visibility is not None:
        if visibility not in VISIBILITIES:
            raise Invalid("Validation failed: Privacy is not included in the list")
        changes["default_visibility"] = visibility
    if quote_policy is not None:
        if quote_policy not in QUOTE_POLICIES:
            raise Invalid("Validation failed: Quote policy is not included in the list")
        changes["default_quote_policy"] = quote_policy
    if content_type is not None:
        if content_type not in CONTENT_TYPES:
            raise Invalid("Validation failed: Content type is not included in the list")
        changes["default_content_type"] = content_type
    if sensitive is not None:
        changes["default_sensitive"] = sensitive
    if language is not None:
        changes["default_language"] = normal_language(language)
    return changes
