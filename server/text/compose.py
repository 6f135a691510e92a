"""What a member typed becomes Mastodon's HTML."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from html import escape

from federation.documents.tag import fold_hashtag
from server.text.entities import Entity, find_entities

# Handle as it is compared: (name in lower case, domain or None for ours).
Handle = tuple[str, str | None]

LINK_CHARACTERS = 23
_LONGEST_COUNTED = 100_000  # characters as they were sent
_SHOWN_CHARACTERS = 30
_PARAGRAPHS = re.compile(r"\n{2,}")
_ZERO_WIDTH_JOINER = "\u200d"


def handles_in(text: str) -> list[Handle]:
    """Handles mentioned, each once, in order."""
    mentions = (e for e in find_entities(text) if e.kind == "mention")
    return list(dict.fromkeys((e.value.lower(), e.domain) for e in mentions))


def hashtags_in(text: str) -> list[str]:
    """Hashtags as written, without the hash, each once however it is written."""
    tags: dict[str, str] = {}
    for entity in find_entities(text):
        if entity.kind == "hashtag":
            tags.setdefault(fold_hashtag(entity.value), entity.value)
    return list(tags.values())


def compose_html(text: str, urls: Mapping[Handle, str], tag_url: Callable[[str], str]) -> str:
    """Paragraphs with links, hashtags and those mentions whose profile page `urls` knows."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return ""
    paragraphs = (inline_html(part, urls, tag_url) for part in _PARAGRAPHS.split(text))
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def inline_html(text: str, urls: Mapping[Handle, str], tag_url: Callable[[str], str]) -> str:
    """A part of a paragraph, with its links, hashtags and mentions."""
    parts, position = [], 0
    for entity in find_entities(text):
        parts.append(_escaped(text[position : entity.start]))
        parts.append(_entity_html(text, entity, urls, tag_url))
        position = entity.end
    parts.append(_escaped(text[position:]))
    return "".join(parts).replace("\n", "<br />")


def link_html(url: str, rel: str = "nofollow noopener") -> str:
    """A link that shows the host and the beginning of the path, as Mastodon shortens it."""
    prefix = re.match(r"https?://(?:www\.)?|xmpp:", url)
    start = prefix.end() if prefix else 0
    end = start + _SHOWN_CHARACTERS
    if len(url) == end + 1:  # the dots that show the cut would take the same place
        end += 1
    shown, rest = url[start:end], url[end:]
    return (
        f'<a href="{_escaped(url)}" target="_blank" rel="{rel}" translate="no">'
        f'<span class="invisible">{_escaped(url[:start])}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{_escaped(shown)}</span>'
        f'<span class="invisible">{_escaped(rest)}</span></a>'
    )


def with_quote(content: str, url: str) -> str:
    """The HTML of a post that quotes what stands at `url`: for readers without quotes a line says
    so, unless the post has that link already (docs.joinmastodon.org/client/quotes).
    """
    if _escaped(url) in content:
        return content
    return f'<p class="quote-inline">RE: {link_html(url)}</p>{content}'


def count_characters(text: str) -> int:
    """Length as Mastodon counts: a link of the web is 23, a mention is its local part, the rest
    graphemes.

    A text that is much too long for a post is taken at its length: to look for links takes long.
    """
    if len(text) > _LONGEST_COUNTED:
        return len(text)
    count, position = 0, 0
    for entity in find_entities(text):
        count += count_graphemes(text[position : entity.start])
        position = entity.end
        match entity.kind:
            case "link" if entity.value.startswith("http"):
                count += LINK_CHARACTERS
            case "mention":
                count += len(entity.value) + 1
            case _:
                count += count_graphemes(text[entity.start : entity.end])
    return count + count_graphemes(text[position:])


def _entity_html(
    text: str, entity: Entity, urls: Mapping[Handle, str], tag_url: Callable[[str], str]
) -> str:
    if entity.kind == "link":
        return link_html(entity.value)
    if entity.kind == "hashtag":
        url = _escaped(tag_url(fold_hashtag(entity.value)))
        return (
            f'<a href="{url}" class="mention hashtag" rel="tag">'
            f"#<span>{_escaped(entity.value)}</span></a>"
        )
    page = urls.get((entity.value.lower(), entity.domain))
    if page is None:
        return _escaped(text[entity.start : entity.end])
    return (
        f'<span class="h-card" translate="no"><a href="{_escaped(page)}" class="u-url mention">'
        f"@<span>{_escaped(entity.value)}</span></a></span>"
    )


def _escaped(text: str) -> str:
    """HTML of plain text, its quotes written as Mastodon writes them."""
    return escape(text).replace("&#x27;", "&#39;")


def count_graphemes(text: str) -> int:
    """Characters as people see them: marks and joined emoji belong to what stands before.

    A text that is much too long is taken at its length.
    """
    if len(text) > _LONGEST_COUNTED:
        return len(text)
    count, is_joined, flags = 0, False, 0
    for character in text:
        is_flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        flags = flags + 1 if is_flag else 0
        extends = (
            is_joined
            or character == _ZERO_WIDTH_JOINER
            or unicodedata.category(character) in {"Mn", "Me", "Mc"}
            or "\U0001f3fb" <= character <= "\U0001f3ff"
            or (is_flag and flags % 2 == 0)
        )
        count += not extends
        is_joined = character == _ZERO_WIDTH_JOINER
    return count
