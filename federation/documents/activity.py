"""What somebody did: read from others, built for others."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from federation import origins
from federation.documents import reading
from federation.documents.audience import recipients
from federation.documents.context import ACTIVITY_CONTEXT, without_context
from federation.documents.reading import Document
from federation.errors import Malformed, Untrusted

# Nothing is ever looked up or stored by these under a name that others could have given.
_NEEDS_NO_ID = {"Like", "EmojiReact", "Dislike", "View"}


@dataclass(frozen=True, slots=True)
class Activity:
    """A received activity; `object` is as it came (an address or an embedded document)."""

    id: str | None
    type: str
    actor: str
    object: Any
    object_id: str | None
    target_id: str | None
    to: list[str]
    cc: list[str]
    published: datetime | None
    content: str | None = None
    tag: Any = None
    instrument: Any = None
    instrument_id: str | None = None
    result_id: str | None = None
    authorization: str | None = None  # where the stamp for a Like or an Announce stands
    summary: str | None = None
    objects: list[Any] = field(default_factory=list)  # all of them, as they came
    inbox_of: int | None = None  # number of the actor in whose inbox it was put, if that matters


def read_activity(document: Document) -> Activity:
    """Raises Malformed without type or actor, Untrusted when id and actor differ in origin."""
    kind = reading.type_of(document)
    actor = reading.id_of(document.get("actor"))
    if not kind or not actor:
        raise Malformed("an activity needs a type and an actor")
    if len(reading.as_list(document.get("actor"))) > 1:
        raise Malformed("an activity has one actor")
    own_id = reading.uri(document.get("id"))
    if own_id and not origins.is_same_origin(own_id, actor):
        if kind not in _NEEDS_NO_ID:
            raise Untrusted(f"{own_id} is not of the origin of {actor}")
        own_id = None
    inner = reading.first(document.get("object"))
    return Activity(
        id=own_id,
        type=kind,
        actor=actor,
        object=inner,
        object_id=reading.id_of(inner),
        target_id=reading.id_of(document.get("target")),
        to=recipients(document.get("to")),
        cc=recipients(document.get("cc")),
        published=reading.time(document.get("published")),
        content=reading.string(document.get("content")),
        tag=document.get("tag"),
        instrument=reading.first(document.get("instrument")),
        instrument_id=reading.id_of(document.get("instrument")),
        result_id=reading.id_of(document.get("result")),
        authorization=reading.id_of(
            document.get(f"{kind.lower()}Authorization") or document.get("approvedBy")
        ),
        summary=reading.string(document.get("summary")),
        objects=reading.as_list(document.get("object")),
    )


def build_activity(
    kind: str,
    activity_id: str,
    actor: str,
    inner: Any,
    to: list[str] | None = None,
    cc: list[str] | None = None,
    **more: Any,
) -> Document:
    """An activity of ours; an embedded object's own context is taken out."""
    document: Document = {
        "@context": ACTIVITY_CONTEXT,
        "id": activity_id,
        "type": kind,
        "actor": actor,
        **more,
        "object": without_context(inner),
    }
    if to is not None:
        document |= {"to": to, "cc": cc or []}
    return document
