"""Statuses for viewers: asks the database what is new, and puts kept copies together.

Every exit of the client API and of the streams that shows statuses goes through here.
"""

import time
from collections import OrderedDict
from collections.abc import Collection, Sequence

from server.runtime import Runtime
from server.store import filters, quotes
from server.store.status_views import load_marks, load_revisions, load_status_views
from web.entities.filter import Matcher
from web.entities.rendered import RenderedStatuses, Sight

Viewer = int | None  # an account's id; None is a stranger


class FilterCache:
    """Members' filters, compiled: at most so many, for at most a minute.

    The bus says when somebody's change; the minute covers a lost message.
    """

    SIZE = 5_000
    SECONDS = 60.0

    def __init__(self) -> None:
        self._entries: OrderedDict[int, tuple[float, list[Matcher]]] = OrderedDict()

    async def load(self, runtime: Runtime, viewers: Collection[int]) -> dict[int, list[Matcher]]:
        """Filters of each viewer, with one query at most."""
        now = time.monotonic()
        unknown = [v for v in viewers if self._entries.get(v, (0.0,))[0] < now]
        if unknown:
            found: dict[int, list[Matcher]] = {viewer: [] for viewer in unknown}
            for kept in await filters.list_filters(runtime.db, unknown):
                found[kept.account_id].append(Matcher(kept))
            for viewer, matchers in found.items():
                self._entries[viewer] = (now + self.SECONDS, matchers)
            while len(self._entries) > self.SIZE:
                self._entries.popitem(last=False)
        return {v: self._entries[v][1] for v in viewers if v in self._entries}

    def forget(self, viewer: int) -> None:
        """The filters of a viewer changed."""
        self._entries.pop(viewer, None)


class Renderer:
    """The copies and filters of this process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._copies = RenderedStatuses()
        self.filters = FilterCache()

    async def render(self, ids: Sequence[int], viewer: Viewer) -> dict[int, bytes]:
        """Statuses as JSON by id; those that are gone meanwhile are left out.

        Whether the viewer may see them was decided by the query that chose the ids. Two queries
        when all is known, a fixed number more otherwise.
        """
        return (await self.render_for_all(ids, [viewer]))[viewer]

    async def render_for_all(
        self, ids: Sequence[int], viewers: Sequence[Viewer]
    ) -> dict[Viewer, dict[int, bytes]]:
        """The same for several viewers at once, with no more queries."""
        if not ids or not viewers:
            return {viewer: {} for viewer in viewers}
        db = self._runtime.db
        revisions = await load_revisions(db, ids)
        if missing := self._copies.missing(revisions):
            views = await load_status_views(db, missing)
            self._copies.put(views, revisions, self._runtime.addresses)
        members = [viewer for viewer in viewers if viewer is not None]
        marks = await load_marks(db, list(revisions), members)
        quoted = {r.quoted_id for r in revisions.values() if r.quoted_id}
        relations = await quotes.load_relations(db, quoted, viewers)
        kept = await self.filters.load(self._runtime, members)
        shown = {}
        for viewer in viewers:
            sight = Sight(viewer, marks, relations, kept.get(viewer or 0, ()))
            rendered = {i: self._copies.render(i, revisions, sight) for i in ids}
            shown[viewer] = {i: body for i, body in rendered.items() if body}
        return shown
