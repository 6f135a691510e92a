"""Custom emoji in texts: `:shortcode:` where no letter or colon stands beside it."""

import re
from collections.abc import Iterable

_MOST = 100  # of one text
_NAME = r"[A-Za-z0-9_]{2,128}"
_SHORTCODE = re.compile(_NAME)
_IN_TEXT = re.compile(rf"(?<![^\W_])(?<!:):({_NAME}):(?![^\W_]|:)")


def is_shortcode(text: str) -> bool:
    """Whether a text can name a custom emoji."""
    return _SHORTCODE.fullmatch(text) is not None


def shortcodes_in(texts: Iterable[str]) -> list[str]:
    """Shortcodes that the texts may mean, in order, each once."""
    found = (match for text in texts for match in _IN_TEXT.findall(text))
    return list(dict.fromkeys(found))[:_MOST]
