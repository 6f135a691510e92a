"""Hostile HTML as HTML that is well nested, before a parser builds a tree of it.

A parser opens again what somebody left open, in each paragraph that follows: 100 kB can become
gigabytes. It also goes through all that is open for each tag. So tags are paired here first, in
linear time and to a bounded depth, and only those that are wanted are written, each with the
attributes that are wanted. It makes nothing safe: that is the parser's.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache

_DEEPEST = 100
_TAG = re.compile(
    r"<(?:(?P<comment>!--)|(?P<odd>[!?]|/(?![a-z]))|(?P<end>/?)(?P<name>[a-z][^\s/>]*))",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)))?+"""
)
_END = re.compile(r"[\s/]*+>?")
_UNREAD = {
    "iframe", "math", "noembed", "noframes", "noscript", "script", "style", "svg", "title",
}  # fmt: skip
_LISTS = {"ol", "ul"}
_BLOCKS = _LISTS | {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "li", "listing", "main", "menu", "nav", "p", "pre", "section",
    "summary", "table",
}  # fmt: skip

Wanted = Mapping[str, Collection[str]]  # attributes by the name of their tag


def well_nested(html: str, wanted: Wanted) -> str:
    """The same text with nothing but the wanted tags, all of them closed."""
    writer = _Writer(wanted)
    position = 0
    while match := _TAG.search(html, position):
        writer.text(html[position : match.start()])
        if match["comment"]:
            position = _after(html, "-->", match.start() + 2)
        elif match["odd"]:
            position = _after(html, ">", match.end())
        else:
            position = _take_tag(html, match, writer)
    writer.text(html[position:])
    return writer.finish()


def _take_tag(html: str, match: re.Match[str], writer: "_Writer") -> int:
    name, position = match["name"].lower(), match.end()
    attributes: dict[str, str] = {}
    while attribute := _ATTRIBUTE.match(html, position):
        position = attribute.end()
        value = attribute[2] or attribute[3] or attribute[4] or ""
        attributes.setdefault(attribute[1].lower(), value.replace('"', "&quot;"))
    is_alone = html.startswith("/>", position)
    rest = _END.match(html, position)
    position = rest.end() if rest else len(html)
    if match["end"] and name != "br":
        writer.end(name)
    elif name in _UNREAD and not (is_alone and name in {"math", "svg"}):
        closing = _closing(name).search(html, position)
        return closing.start() if closing else len(html)
    else:
        writer.start(name, attributes)
    return position


def _after(html: str, end: str, position: int) -> int:
    found = html.find(end, position)
    return len(html) if found == -1 else found + len(end)


@cache
def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)


class _Writer:
    """Writes tags as a browser would understand them, and knows which are open."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._open: list[str] = []
        self._parts: list[str] = []

    def text(self, text: str) -> None:
        self._parts.append(text.replace("<", "&lt;"))

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _BLOCKS:
            self._close("p", ())
        if name == "li":
            self._close("li", _LISTS)
        elif name == "a":
            self._close("a", ())
        elif name in {"rt", "rp"} and self._open[-1:] in (["rt"], ["rp"]):
            self._close(self._open[-1], ())
        if name not in self._wanted or len(self._open) >= _DEEPEST:
            return
        kept = (
            f' {key}="{value}"' for key, value in attributes.items() if key in self._wanted[name]
        )
        self._parts.append(f"<{name}{''.join(kept)}>")
        if name != "br":
            self._open.append(name)

    def end(self, name: str) -> None:
        if name not in self._wanted:
            if name in _BLOCKS:
                self._close("p", ())
            return
        within = _LISTS if name == "li" else () if name in _BLOCKS else _BLOCKS
        if not self._close(name, within) and name == "p":
            self._parts.append("<p></p>")

    def finish(self) -> str:
        while self._open:
            self._parts.append(f"</{self._open.pop()}>")
        return "".join(self._parts)

    def _close(self, name: str, within: Collection[str]) -> bool:
        """Close the innermost of that name with all in it, unless one of `within` is around it."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index] == name:
                self._parts += (f"</{one}>" for one in reversed(self._open[index:]))
                del self._open[index:]
                return True
            if self._open[index] in within:
                return False
        return False
