"""What a text is known by when many send it: its words and its links, as hashes."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from server.text.links import card_address
from server.text.sanitize import plain_text

_NAMES = re.compile(r"@[\w.-]+(?:@[\w.:-]+)?|https?://\S+")
_SHORTEST = 20  # characters; many people write "thank you!"


def normal_text(html: str) -> str:
    """The words of a post as one line: no names, links, case or fancy letters."""
    text = unicodedata.normalize("NFKC", plain_text(html))
    return " ".join(_NAMES.sub(" ", text).casefold().split())


def prints_of(text: str, links: Sequence[str]) -> list[bytes]:
    """Hashes of a text (as `normal_text` gives it, unless it is short) and of its links."""
    known_by = [f"text {text}"] if len(text) >= _SHORTEST else []
    known_by += [f"link {card_address(link) or link}" for link in links]
    return [hashlib.blake2b(one.encode(), digest_size=16).digest() for one in known_by]
