"""Language tags as the API gives them."""

import re

from server.text.languages import LANGUAGES

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([A-Za-z0-9]{2,8}))*")
_WITH_REGION = {code.lower(): code for code in LANGUAGES if "-" in code}


def normal_language(tag: str | None) -> str | None:
    """A BCP 47 tag as Mastodon keeps it (`nl`, `zh-TW`), None for a language that nobody knows."""
    if not tag:
        return None
    lowered = tag.strip().replace("_", "-").lower()
    if lowered in _WITH_REGION:
        return _WITH_REGION[lowered]
    match = _TAG.fullmatch(lowered)
    return match[1] if match and match[1] in LANGUAGES else None
