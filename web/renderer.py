"""Statuses, accounts and notifications for viewers, put together from kept copies.

The database is asked what is new. Every exit of the client API and of the streams that shows
statuses goes through here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from server.errors import NotFound
from server.runtime import Runtime
from server.store import filters, quotes
from server.store.account_views import load_account_views
from server.store.notifications import Notification
from server.store.revisions import (
    Found,
    Numbers,
    load_account_revisions,
    load_revisions,
    load_visible_revisions,
)
from server.store.status_views import load_status_views
from web.entities.filter import Matcher
from web.entities.notification import load_subjects, notification_json
from web.entities.rendered import RenderedAccounts, RenderedStatuses, Sight
from web.kept import Kept

_MOST_FILTERS = 5_000  # members whose filters are kept in a process

Viewer = int | None  # an account's id; None is a stranger


class Renderer:
    """The copies and filters of this process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._statuses = RenderedStatuses()
        self._accounts = RenderedAccounts()
        self.filters: Kept[int, list[Matcher]] = Kept(_MOST_FILTERS)  # by member

    async def render(self, ids: Sequence[int], viewer: Viewer) -> dict[int, bytes]:
        """Statuses as JSON by id; those that are gone meanwhile are left out.

        Whether the viewer may see them was decided by the query that chose the ids. One query
        when all is known, a fixed number more otherwise.
        """
        return (await self.render_for_all(ids, [viewer]))[viewer]

    async def render_for_all(
        self, ids: Sequence[int], viewers: Sequence[Viewer]
    ) -> dict[Viewer, dict[int, bytes]]:
        """The same for several viewers at once, with no more queries."""
        if not ids or not viewers:
            return {viewer: {} for viewer in viewers}
        members = [viewer for viewer in viewers if viewer is not None]
        found = await load_revisions(self._runtime.db, ids, members)
        return await self._render(found, viewers)

    async def render_found(self, found: Found, viewer: Viewer) -> dict[int, bytes]:
        """The same for what a query has found."""
        return (await self._render(found, [viewer]))[viewer]

    async def render_one(self, status_id: int, viewer: Viewer) -> bytes:
        """A status as JSON, if the viewer may see it. Raises NotFound."""
        found = await load_visible_revisions(self._runtime.db, [status_id], viewer)
        body = (await self.render_found(found, viewer)).get(status_id)
        if body is None:
            raise NotFound
        return body

    async def render_accounts(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Accounts as JSON by id; those that are gone are left out."""
        return await self._render_accounts(await load_account_revisions(self._runtime.db, set(ids)))

    async def render_notifications(self, rows: Sequence[Notification], viewer: int) -> list[bytes]:
        """Notifications of a member as JSON; one whose sender is gone meanwhile is left out."""
        accounts = await self._render_accounts({row.from_account_id: row.sender for row in rows})
        statuses = await self.render(list({row.status_id for row in rows if row.status_id}), viewer)
        subjects = await load_subjects(self._runtime.db, rows)
        return [
            notification_json(
                row,
                accounts[row.from_account_id],
                statuses.get(row.status_id or 0),
                subjects,
                self._runtime.addresses,
            )
            for row in rows
            if row.from_account_id in accounts
        ]

    async def _render_accounts(self, revisions: Mapping[int, Numbers]) -> dict[int, bytes]:
        if missing := self._accounts.missing(revisions):
            views = await load_account_views(self._runtime.db, missing)
            self._accounts.put(views, revisions, self._runtime.addresses)
        found = {id_: self._accounts.get(numbers) for id_, numbers in revisions.items()}
        return {id_: body for id_, body in found.items() if body}

    async def _load_filters(self, members: Collection[int]) -> dict[int, list[Matcher]]:
        """Filters of each member, compiled, with one query at most."""
        known = {member: self.filters.get(member) for member in members}
        unknown = [member for member, matchers in known.items() if matchers is None]
        found: dict[int, list[Matcher]] = {member: [] for member in unknown}
        if unknown:
            changes = self.filters.changes()
            for kept in await filters.list_filters(self._runtime.db, unknown):
                found[kept.account_id].append(Matcher(kept))
            for member, matchers in found.items():
                self.filters.put(member, matchers, changes)
        return {m: matchers for m, matchers in known.items() if matchers is not None} | found

    async def _render(
        self, found: Found, viewers: Sequence[Viewer]
    ) -> dict[Viewer, dict[int, bytes]]:
        revisions = found.revisions
        db = self._runtime.db
        if missing := self._statuses.missing(revisions):
            views = await load_status_views(db, missing)
            self._statuses.put(views, revisions, self._runtime.addresses)
        quoted = {r.quoted_id for r in revisions.values() if r.quoted_id}
        relations = await quotes.load_relations(db, quoted, viewers)
        members = [viewer for viewer in viewers if viewer is not None]
        kept = await self._load_filters(members)
        shown = {}
        for viewer in viewers:
            sight = Sight(viewer, found.marks, relations, kept.get(viewer or 0, ()))
            rendered = {i: self._statuses.render(i, revisions, sight) for i in found.ids}
            shown[viewer] = {i: body for i, body in rendered.items() if body}
        return shown
