"""Statuses as bytes: what everybody sees is rendered once and kept, the viewer's part is added.

A copy is found by the numbers of everything that it shows (`Revision`), so none is out of date
with them, in however many processes; after five minutes it is made anew, for what has no number.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

import orjson

from server.addresses import Addresses
from server.store.status_views import NO_MARKS, Marks, Revision, StatusView
from web.entities.status import public_part, viewer_marks

Key = tuple[int, ...]

_SIZE = 20_000
_SECONDS = 300.0


class RenderedStatuses:
    """Public parts of statuses in JSON, without the closing brace; the oldest make room."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()

    def missing(self, revisions: Mapping[int, Revision]) -> list[int]:
        """Ids of those that have to be rendered."""
        now = time.monotonic()
        return [
            revision.id
            for revision in revisions.values()
            if self._entries.get(_key(revision, revisions), (0.0, b""))[0] < now
        ]

    def put(
        self,
        views: Iterable[StatusView],
        revisions: Mapping[int, Revision],
        addresses: Addresses,
    ) -> None:
        """Render and keep."""
        for view in views:
            entity = public_part(view, addresses)
            del entity["reblog"]
            key = _key(revisions[view.status.id], revisions)
            self._entries[key] = (time.monotonic() + _SECONDS, orjson.dumps(entity)[:-1])
        while len(self._entries) > _SIZE:
            self._entries.popitem(last=False)

    def for_viewer(
        self,
        ids: Sequence[int],
        revisions: Mapping[int, Revision],
        marks: Mapping[int, Marks] | None,
        viewer_id: int | None,
    ) -> dict[int, bytes]:
        """JSON of statuses by id; those that are gone meanwhile are left out."""
        shown = {i: self._status(i, revisions, marks, viewer_id) for i in ids if i in revisions}
        return {i: status for i, status in shown.items() if status}

    def _status(
        self,
        status_id: int,
        revisions: Mapping[int, Revision],
        marks: Mapping[int, Marks] | None,
        viewer_id: int | None,
    ) -> bytes:
        revision = revisions[status_id]
        entry = self._entries.get(_key(revision, revisions))
        if entry is None:
            return b""
        inner = b"null"
        if revision.boost_of_id and revision.boost_of_id in revisions:
            inner = self._status(revision.boost_of_id, revisions, marks, viewer_id)
        return entry[1] + b',"reblog":' + inner + _viewer_bytes(revision, marks, viewer_id) + b"}"


def _key(revision: Revision, revisions: Mapping[int, Revision]) -> Key:
    """A boost shows the counts of its original."""
    original = revisions.get(revision.boost_of_id or 0)
    return (revision.id, *revision.numbers, *(original.numbers if original else ()))


def _viewer_bytes(
    revision: Revision, marks: Mapping[int, Marks] | None, viewer_id: int | None
) -> bytes:
    if marks is None:
        return b""
    own = marks.get(revision.id, NO_MARKS)
    shown = marks.get(revision.boost_of_id, own) if revision.boost_of_id else own
    is_pinnable = revision.boost_of_id is None and revision.visibility != "direct"
    is_pinner = revision.account_id == viewer_id and is_pinnable
    return b"," + orjson.dumps(viewer_marks(own, shown, is_pinner=is_pinner))[1:-1]
