"""Links in profile fields, and the proof that they lead to the same person (rel="me")."""

from collections.abc import Sequence
from typing import Any

from server.text.links import card_address
from server.text.markup import find_tags
from server.text.sanitize import plain_text

ProfileField = dict[str, Any]  # {name, value (HTML), text, verified_at}


def field_link(field: ProfileField, *, allows_plain: bool = False) -> str | None:
    """The address that a field consists of, if it is one and nothing else; https alone.

    A link of somebody elsewhere says where it leads: who reads it trusts what is shown.
    """
    text = field.get("text")
    if text is None:  # of somebody elsewhere: HTML
        links = find_tags(str(field["value"]), ("a",))
        shown = plain_text(str(field["value"]))
        text = links[0].get("href") if len(links) == 1 else ""
        if _bare(shown) != _bare(text):
            return None
    text = text.strip()
    if not (text.startswith("https://") or (allows_plain and text.startswith("http://"))):
        return None
    return text if card_address(text) else None


def _bare(address: str) -> str:
    bare = address.strip().casefold()
    return bare.removeprefix("https://").removeprefix("http://").removesuffix("/")


def keep_verified(new: Sequence[ProfileField], known: Sequence[ProfileField]) -> list[ProfileField]:
    """The new fields, each with the proof of a known one with the same value."""
    proofs = {field["value"]: field.get("verified_at") for field in known}
    return [{**field, "verified_at": proofs.get(field["value"])} for field in new]
