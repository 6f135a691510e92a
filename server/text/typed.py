"""What a member typed with markup, as Markdown or HTML, becomes HTML of the same safe kind."""

from collections.abc import Callable, Mapping
from html import escape
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from server.text.compose import Handle, inline_html
from server.text.sanitize import sanitize_html

# Raw HTML and pictures stay text: posts carry pictures as attachments.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
_VERBATIM = {"a", "code", "pre"}


def markdown_html(text: str) -> str:
    """Markdown as HTML; links, hashtags and mentions are still plain."""
    return sanitize_html(_MARKDOWN.render(text).strip().replace(">\n<", "><"))


def typed_html(text: str) -> str:
    """HTML that somebody typed, cleaned; links, hashtags and mentions are still plain."""
    return sanitize_html(text.strip())


def readable_text(html: str) -> str:
    """The pieces of text in which links, hashtags and mentions count, each on a line."""
    pieces: list[str] = []

    def take(piece: str) -> str:
        pieces.append(piece)
        return ""

    _walk(html, take)
    return "\n".join(pieces)


def link_entities(html: str, urls: Mapping[Handle, str], tag_url: Callable[[str], str]) -> str:
    """The same HTML with links, hashtags and mentions as in plain posts, but for code and links."""
    return _walk(html, lambda piece: inline_html(piece.replace("\n", " "), urls, tag_url))


def _walk(html: str, change: Callable[[str], str]) -> str:
    walker = _Walker(change)
    walker.feed(html)
    walker.close()
    return "".join(walker.parts)


class _Walker(HTMLParser):
    """Copies clean HTML, with every piece of text that is not verbatim changed."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self._change = change
        self._depth = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.parts.append(self.get_starttag_text() or "")
        self._depth += tag in _VERBATIM

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")
        self._depth -= tag in _VERBATIM

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data, quote=False) if self._depth else self._change(data))
