"""Remote HTML becomes Mastodon's safe subset of it; text of others becomes safe text."""

import re
import unicodedata
from html import unescape

import nh3

from server.text.nesting import Wanted, well_nested

_ATTRIBUTES = {
    "a": {"href", "class", "translate", "rel"},
    "span": {"class", "translate"},
    "p": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}
_BARE = (
    "br", "del", "s", "pre", "code", "em", "strong", "b", "i", "u", "ul", "blockquote", "ruby",
    "rt", "rp",
)  # fmt: skip
_KEPT: Wanted = {**_ATTRIBUTES, **dict.fromkeys(_BARE, ())}
_CLASS = re.compile(r"(?:h|p|u|dt|e)-[\w-]+|mention|hashtag|ellipsis|invisible|quote-inline")
_HEADING_OPEN = re.compile(r"<h[1-6](?:\s[^<>]*)?>", re.IGNORECASE)
_HEADING_CLOSE = re.compile(r"</h[1-6]\s*>", re.IGNORECASE)
_MEDIA = re.compile(r"<(?:img|audio|video)\s[^<>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""\ssrc\s*=\s*(?:"(https?:[^"<>]+)"|'(https?:[^'<>]+)')""", re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|pre)>|<br[^<>]*>", re.IGNORECASE)
# A formula, and the source that its writer gave of it (FEP-dc88).
_MATH = re.compile(r"<math\b[^<>]*>(?:(?!</?math\b).)*</math\s*>", re.IGNORECASE | re.DOTALL)
_TEX = re.compile(r'<annotation encoding="application/x-tex">([^<>]*)</', re.IGNORECASE)
_FORMULA_TEXT = re.compile(r'<annotation encoding="text/plain">([^<>]*)</', re.IGNORECASE)
# These go, but what stood on lines or in cells of its own must not become one word.
_APART = re.compile(
    r"</?(?:address|article|aside|caption|center|d[dlt]|details|div|fig(?:ure|caption)|footer|header"
    r"|hr|main|nav|section|summary|table|t[dhr])\b",
    re.IGNORECASE,
)
_SCHEMES = {
    "http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini",
}  # fmt: skip
_LONGEST_HTML = 500_000
_REL = "nofollow noopener"
_DEAD_LINK = re.compile(r"<a(?! (?:[^>]* )?href=)[^>]*>(.*?)</a>", re.DOTALL)
# Links without rel, but for mentions and hashtags, which stay as Mastodon makes them.
_BARE_LINK = re.compile(r'<a (?![^>]*\b(?:rel="|class="[^"]*\bmention\b))([^>]*\bhref="[^"]*")')
# Bidirectional overrides let a name show as another; marks of direction alone are harmless.
_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _filter_attribute(_: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(name for name in value.split() if _CLASS.fullmatch(name))
    match attribute:
        case "translate":
            return "no" if value == "no" else None
        case "rel":
            return "tag" if value == "tag" else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(_KEPT),
    clean_content_tags={"script", "style", "title", "noscript", "iframe", "math", "svg"},
    attributes={"*": set(), **_ATTRIBUTES},
    attribute_filter=_filter_attribute,
    url_schemes=_SCHEMES,
    url_relative="deny",
    link_rel=None,
    strip_comments=True,
)
_TEXT = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "title"})


def sanitize_html(html: str) -> str:
    """Only the tags, classes and schemes that Mastodon keeps; headings become bold paragraphs."""
    html = html[:_LONGEST_HTML].replace("\x00", "")
    html = _MATH.sub(_source_of_formula, html)
    html = _APART.sub(r" \g<0>", _MEDIA.sub(_linked, html))
    html = _HEADING_OPEN.sub("<p><strong>", html)
    html = _HEADING_CLOSE.sub("</strong></p>", html)
    cleaned = _without_dead_links(_CLEANER.clean(well_nested(html, _KEPT)))
    cleaned = cleaned.replace("<br>", "<br />")
    return _BARE_LINK.sub(rf'<a \1 target="_blank" rel="{_REL}"', cleaned)


def _linked(tag: re.Match[str]) -> str:
    """Pictures, sounds and films inside a text become links to them."""
    source, alt = _SOURCE.search(tag[0]), _ALT.search(tag[0])
    if not source:
        return ""
    address = source[1] or source[2]
    return f'<a href="{address}">{(alt and (alt[1] or alt[2])) or address}</a> '


def _without_dead_links(cleaned: str) -> str:
    """A link that leads nowhere becomes all of its text, as with Mastodon, also what it hid."""
    return _DEAD_LINK.sub(lambda link: _TEXT.clean(link[1]), cleaned)


def _source_of_formula(math: re.Match[str]) -> str:
    tex = _TEX.search(math[0])
    if not tex:
        text = _FORMULA_TEXT.search(math[0])
        return text[1].strip() if text else ""
    dollars = "$$" if 'display="block"' in math[0].partition(">")[0] else "$"
    return f"{dollars}{tex[1].strip()}{dollars}"


def plain_line(text: str, longest: int) -> str:
    """One line of somebody's text that should be plain, but is HTML with some servers."""
    return clean_line(plain_text(text[: longest * 4]) if "<" in text else text, longest)


def plain_text(html: str) -> str:
    """The text of some HTML, a line for each block."""
    text = well_nested(_BLOCK_END.sub("\n", html[:_LONGEST_HTML]), {})
    return unescape(_TEXT.clean(text)).strip()


def clean_line(text: str, longest: int) -> str:
    """One line of somebody's text: no control characters, no overrides of direction."""
    kept = "".join(
        " " if c in "\n\r\t" else c
        for c in text[: longest * 4]
        if c in "\n\r\t" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _OVERRIDES)
    )
    return kept.strip()[:longest]
