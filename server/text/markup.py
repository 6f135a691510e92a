"""Single tags out of hostile HTML, in linear time.

The parsers at hand build or follow trees as HTML asks for, and some inputs of a mebibyte keep them
busy for minutes (nested lists and forms for Lexbor, unclosed comments for Python's own). What a
page says of itself stands in a few flat tags, so those are cut out first, each within bounds, and
only they are given to the parser, side by side and closed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from selectolax.lexbor import LexborHTMLParser

_MOST_TAGS = 3000
_LONGEST_TAG = 32_768
_LONGEST_TEXT = 100_000
_VOID = ("meta", "link")
_WITH_TEXT = ("title", "script", "style", "textarea")
_REST = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _WITH_TEXT}


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag; `text` is what stands in a title or script, as it is."""

    name: str
    attributes: dict[str, str]
    text: str = ""

    def get(self, attribute: str) -> str:
        """An attribute's value without blanks around it, empty when it is missing."""
        return self.attributes.get(attribute, "").strip()

    def words(self, attribute: str) -> set[str]:
        """The words of an attribute like `rel` or `class`, in lower case."""
        return set(self.get(attribute).lower().split())


def find_tags(html: str, names: Sequence[str]) -> list[Tag]:
    """The start tags of these names in order, out of the first 3000 that could be one; what stands
    in comments, scripts and styles is none.
    """
    tree = LexborHTMLParser("".join(_cut_out(html, names)))
    return [
        Tag(
            node.tag or "",
            {name: value or "" for name, value in node.attributes.items()},
            node.text() if node.tag in {"title", "script"} else "",
        )
        for node in tree.css(",".join(names))
    ]


def _cut_out(html: str, names: Sequence[str]) -> Iterator[str]:
    """Each such tag as it stands, closed."""
    beginning = _beginning(tuple(names))
    position, seen = 0, 0
    while seen < _MOST_TAGS and (match := beginning.search(html, position)):
        name = match[1].lower()
        if name == "!--":
            end = html.find("-->", match.end())
            if end == -1:
                return
            position = end
            continue
        seen += 1
        rest = _REST.match(html, match.end(), match.end() + _LONGEST_TAG)
        position = rest.end() if rest else match.end()
        text = ""
        if rest and name in _WITH_TEXT:
            closing = _ENDS[name].search(html, position)
            if closing is None:
                return
            text, position = html[position : closing.start()], closing.end()
        if rest and name in names and len(text) <= _LONGEST_TEXT:
            yield f"<{name}{rest[0]}{text}" + ("" if name in _VOID else f"</{name}>")


@cache
def _beginning(names: tuple[str, ...]) -> re.Pattern[str]:
    wanted = "|".join(dict.fromkeys((*names, *_WITH_TEXT)))
    return re.compile(rf"<(!--|(?:{wanted})(?=[\s/>]))", re.IGNORECASE)
