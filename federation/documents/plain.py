"""Text that somebody sends without HTML, as HTML."""

import re
from html import escape

_ADDRESS = re.compile(r"https?://[^\s()\[\]<>]{1,2000}")


def html_of(text: str) -> str:
    """Plain text (or Markdown, as it was typed) as paragraphs and lines, with links."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{_lines(one)}</p>" for one in paragraphs if one)


def _lines(text: str) -> str:
    return _ADDRESS.sub(_link, escape(text, quote=False)).replace("\n", "<br>")


def _link(match: re.Match[str]) -> str:
    address = match[0].rstrip(".,:!?*_")
    quoted = address.replace('"', "&quot;")
    return f'<a href="{quoted}">{address}</a>{match[0][len(address) :]}'
