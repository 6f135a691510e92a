"""Whom something is for."""

from collections.abc import Iterable
from typing import Any, Literal

from federation.documents.reading import as_list, id_of

Visibility = Literal["public", "unlisted", "private", "direct"]

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_SPELLINGS = {PUBLIC, "as:Public", "Public"}


def recipients(value: Any) -> list[str]:
    """The addresses of `to` or `cc`, with every spelling of Public as the full one."""
    found = [PUBLIC if is_public(v) else id_of(v) for v in as_list(value)]
    return list(dict.fromkeys(address for address in found if address))


def is_public(value: Any) -> bool:
    """Whether a recipient is everybody, in any of the three spellings, named or embedded."""
    value = value.get("id") if isinstance(value, dict) else value
    return isinstance(value, str) and value in _SPELLINGS


def visibility_of(to: Iterable[str], cc: Iterable[str], followers_url: str | None) -> Visibility:
    """Mastodon's visibility of an audience; a followers address counts only if the author's own."""
    to, cc = set(to), set(cc)
    if PUBLIC in to:
        return "public"
    if PUBLIC in cc:
        return "unlisted"
    return "private" if followers_url and followers_url in to | cc else "direct"


def audience(
    visibility: str, followers_url: str, mentioned: Iterable[str]
) -> tuple[list[str], list[str]]:
    """`to` and `cc` that say a visibility to others, as Mastodon says it."""
    people = list(mentioned)
    match visibility:
        case "public":
            return [PUBLIC], [followers_url, *people]
        case "unlisted":
            return [followers_url], [PUBLIC, *people]
        case "private":
            return [followers_url, *people], []
        case _:
            return people, []
