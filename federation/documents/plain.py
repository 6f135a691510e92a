"""Text that somebody sends without HTML, as HTML."""

import re
from html import escape

_ADDRESS = re.compile(r"https?://[^\s()\[\]<>]{1,2000}")


def html_of(text: str) -> str:
    """Plain text (or Markdown, as it was typed) as paragraphs and lines, with links."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{_lines(one)}</p>" for one in paragraphs if one)


def _lines(text: str) -> str:
    parts, position = [], 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,:!?*_\"'")
        parts.append(escape(text[position : match.start()], quote=False))
        parts.append(f'<a href="{escape(address)}">{escape(address, quote=False)}</a>')
        position = match.start() + len(address)
    parts.append(escape(text[position:], quote=False))
    return "".join(parts).replace("\n", "<br>")
