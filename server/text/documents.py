"""What owners write about their instance, in Markdown, becomes HTML that is safe on any page."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

LONGEST = 200_000  # characters
# HTML in the text stays text. Headings begin at the second level: the page has the first.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_TAGS = {
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "a", "em", "strong", "code", "pre", "ul",
    "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
)


@lru_cache(maxsize=64)
def render_document(markdown: str) -> str:
    """Headings, lists, links and tables; no pictures, no raw HTML."""
    tokens = _MARKDOWN.parse(markdown[:LONGEST])
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})).strip()
