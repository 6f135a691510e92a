"""Asking to do something with somebody's post, and the stamp by which its author agrees.

QuoteRequest and QuoteAuthorization are of FEP-044f; the same for answers, favourites and boosts
are GoToSocial's (docs.gotosocial.org, "interaction controls").
"""

from dataclasses import dataclass
from typing import Any

from federation.documents import reading
from federation.documents.activity import build_activity
from federation.documents.context import AUTHORIZATION_CONTEXT, without_context
from federation.documents.reading import Document
from federation.errors import Malformed

KINDS = ("quote", "reply", "like", "announce")
# Types of the requests, and of the stamps under their present and former names.
REQUESTS = {f"{kind.title()}Request": kind for kind in KINDS}
_STAMPS = {
    f"{kind.title()}{name}": kind for kind in KINDS for name in ("Authorization", "Approval")
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """`author` agrees that `interacting` (a post, Like or Announce) does `kind` with `target`."""

    id: str
    kind: str
    author: str
    interacting: str
    target: str | None  # older ones name the interacting thing alone


def read_stamp(document: Document) -> Stamp:
    """Raises Malformed for what is no stamp."""
    kind = _STAMPS.get(reading.type_of(document))
    own_id, author = reading.uri(document.get("id")), reading.id_of(document.get("attributedTo"))
    interacting = reading.id_of(document.get("interactingObject") or document.get("object"))
    if not kind or not own_id or not author or not interacting:
        raise Malformed("not a stamp")
    target = reading.id_of(document.get("interactionTarget") or document.get("target"))
    return Stamp(own_id, kind, author, interacting, target)


def build_stamp(stamp: Stamp) -> Document:
    """A stamp of ours."""
    return {
        "@context": AUTHORIZATION_CONTEXT,
        "id": stamp.id,
        "type": f"{stamp.kind.title()}Authorization",
        "attributedTo": stamp.author,
        "interactingObject": stamp.interacting,
        "interactionTarget": stamp.target,
    }


def build_request(
    kind: str, request_id: str, actor: str, target: str, instrument: Any, to: str
) -> Document:
    """A request to do something with a post; `instrument` is what shall be done, or its id."""
    request = build_activity(
        f"{kind.title()}Request",
        request_id,
        actor,
        target,
        [to],
        instrument=without_context(instrument),
    )
    return {**request, "@context": AUTHORIZATION_CONTEXT}


def authorization(kind: str, stamp_uri: str) -> Document:
    """What a Like or Announce says of its stamp, also by the name before GoToSocial 0.21."""
    return {f"{kind}Authorization": stamp_uri, "approvedBy": stamp_uri}
