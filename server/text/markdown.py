"""What a member typed as `text/markdown` becomes HTML of the same safe kind."""

from collections.abc import Callable, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from server.text.compose import Handle, compose_html
from server.text.sanitize import sanitize_html

# Raw HTML and pictures stay text: posts carry pictures as attachments.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")


def compose_markdown(text: str, urls: Mapping[Handle, str], tag_url: Callable[[str], str]) -> str:
    """Markdown with links, hashtags and mentions as in plain posts."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        token.children = _with_entities(token.children, urls, tag_url) if token.children else None
    rendered = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return sanitize_html(rendered.strip().replace(">\n<", "><"))


def _with_entities(
    tokens: list[Token], urls: Mapping[Handle, str], tag_url: Callable[[str], str]
) -> list[Token]:
    depth, found = 0, []
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and depth == 0 and token.content.strip():
            lead = token.content[: len(token.content) - len(token.content.lstrip())]
            tail = token.content[len(token.content.rstrip()) :]
            html = compose_html(token.content, urls, tag_url).removeprefix("<p>")
            found.append(
                Token("html_inline", "", 0, content=lead + html.removesuffix("</p>") + tail)
            )
        else:
            found.append(token)
    return found
