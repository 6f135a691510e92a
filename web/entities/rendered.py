"""Statuses as bytes: what everybody sees is rendered once and kept, the viewer's part is added.

A copy is found by the numbers of everything that it shows (`Revision`), so none is out of date
with them, in however many processes; after five minutes it is made anew, for what has no number.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.quotes import Relation
from server.store.revisions import NO_MARKS, Marks, Numbers, Revision
from server.store.status_views import StatusView
from web.entities.account import account_entity
from web.entities.card import card_entity, claimed_by, missing_attribution
from web.entities.filter import Matcher
from web.entities.reaction import reaction_entities, reactions_part
from web.entities.status import poll_part, public_part, text_of, viewer_marks

Entity = dict[str, Any]

_SIZE = 20_000
_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Copy:
    """What everybody sees of a status: JSON objects without their closing brace."""

    until: float  # on the monotonic clock
    entity: bytes
    approval: bytes
    card: bytes | None
    card_claimed_by: int | None
    poll: bytes | None
    reactions: list[Entity]
    reactions_part: bytes  # for who has no reaction there
    text: str  # what filters look at


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer (None = a stranger) brings along."""

    viewer_id: int | None
    marks: Mapping[tuple[int, int], Marks]
    relations: Mapping[tuple[int | None, int], Relation]
    filters: Sequence[Matcher] = ()

    def marks_of(self, status_id: int) -> Marks:
        """What the viewer did with a status."""
        return self.marks.get((self.viewer_id or 0, status_id), NO_MARKS)


class RenderedStatuses:
    """Copies by revision; the oldest make room."""

    def __init__(self) -> None:
        self._copies: OrderedDict[Numbers, Copy] = OrderedDict()

    def missing(self, revisions: Mapping[int, Revision]) -> list[int]:
        """Ids of those that have to be rendered."""
        now = time.monotonic()
        return [
            revision.id
            for revision in revisions.values()
            if (copy := self._copies.get(_key(revision, revisions))) is None or copy.until < now
        ]

    def put(
        self, views: Iterable[StatusView], revisions: Mapping[int, Revision], addresses: Addresses
    ) -> None:
        """Render and keep."""
        for view in views:
            if view.status.id in revisions:
                key = _key(revisions[view.status.id], revisions)
                self._copies[key] = _copy(view, addresses)
        while len(self._copies) > _SIZE:
            self._copies.popitem(last=False)

    def render(
        self,
        status_id: int,
        revisions: Mapping[int, Revision],
        sight: Sight,
        *,
        is_quoted: bool = False,
    ) -> bytes:
        """JSON of a status for a viewer; empty when it is gone meanwhile.

        A quoted one names what it quotes itself, without showing it.
        """
        revision = revisions.get(status_id)
        copy = self._copies.get(_key(revision, revisions)) if revision else None
        if revision is None or copy is None:
            return b""
        original, reblog = revision, b"null"
        if revision.boost_of_id and revision.boost_of_id in revisions:
            original = revisions[revision.boost_of_id]
            reblog = self.render(original.id, revisions, sight) or b"null"
        own, shown = sight.marks_of(revision.id), sight.marks_of(original.id)
        is_pinner = (
            revision.account_id == sight.viewer_id
            and revision.boost_of_id is None
            and revision.visibility != "direct"
        )
        parts = [
            copy.entity,
            b',"reblog":',
            reblog,
            b',"quote":',
            self._quote(revision, revisions, sight, is_shallow=is_quoted),
            b',"card":',
            _card(copy, sight.viewer_id),
            b',"poll":',
            _poll(copy, revision, shown, sight.viewer_id),
            b",",
            _reactions(copy, shown),
            _approval(copy.approval, shown.quote_approval),
        ]
        if sight.viewer_id is not None:
            parts += [
                _marks(own, shown, is_pinner=is_pinner),
                self._filtered(original, revisions, sight),
            ]
        return b"".join(parts) + b"}"

    def _filtered(
        self, original: Revision, revisions: Mapping[int, Revision], sight: Sight
    ) -> bytes:
        if not sight.filters or original.account_id == sight.viewer_id:
            return b',"filtered":[]'
        text = self._copies[_key(original, revisions)].text
        found = [matcher.match(original.id, text) for matcher in sight.filters]
        return b',"filtered":' + orjson.dumps([result for result in found if result])

    def _quote(
        self,
        revision: Revision,
        revisions: Mapping[int, Revision],
        sight: Sight,
        *,
        is_shallow: bool,
    ) -> bytes:
        """Quote, or ShallowQuote, which names the status only."""
        if revision.quote_state is None:
            return b"null"
        state, quoted_id = _seen_quote(revision, sight)
        if is_shallow:
            return orjson.dumps(
                {"state": state, "quoted_status_id": str(quoted_id) if quoted_id else None}
            )
        inner = quoted_id and self.render(quoted_id, revisions, sight, is_quoted=True)
        return b'{"state":"' + state.encode() + b'","quoted_status":' + (inner or b"null") + b"}"


class RenderedAccounts:
    """Accounts as JSON by their numbers; the oldest make room."""

    def __init__(self) -> None:
        self._copies: OrderedDict[Numbers, tuple[float, bytes]] = OrderedDict()

    def missing(self, revisions: Mapping[int, Numbers]) -> list[int]:
        """Ids of those that have to be rendered."""
        now = time.monotonic()
        return [
            id_
            for id_, numbers in revisions.items()
            if (copy := self._copies.get(numbers)) is None or copy[0] < now
        ]

    def put(
        self,
        views: Mapping[int, AccountView],
        revisions: Mapping[int, Numbers],
        addresses: Addresses,
    ) -> None:
        """Render and keep."""
        until = time.monotonic() + _SECONDS
        for id_, view in views.items():
            self._copies[revisions[id_]] = until, orjson.dumps(account_entity(view, addresses))
        while len(self._copies) > _SIZE:
            self._copies.popitem(last=False)

    def get(self, numbers: Numbers) -> bytes | None:
        """The copy; None when the account is gone meanwhile."""
        copy = self._copies.get(numbers)
        return copy[1] if copy else None


def _copy(view: StatusView, addresses: Addresses) -> Copy:
    status = view.status
    reactions = reaction_entities((view.boost_of or view).reactions, addresses)
    poll = None
    if view.poll:
        poll = orjson.dumps(poll_part(view.poll, status, datetime.now(UTC), addresses))[:-1]
    card = orjson.dumps(card_entity(view.card, addresses))[:-1] if view.card else None
    approval = {"automatic": status.quote_automatic, "manual": status.quote_manual}
    return Copy(
        until=time.monotonic() + _SECONDS,
        entity=orjson.dumps(public_part(view, addresses))[:-1],
        approval=orjson.dumps(approval)[:-1],
        card=card,
        card_claimed_by=claimed_by(view.card) if view.card else None,
        poll=poll,
        reactions=reactions,
        reactions_part=_inside(reactions_part(reactions, ())),
        text=text_of(view),
    )


def _reactions(copy: Copy, marks: Marks) -> bytes:
    if not marks.reactions:
        return copy.reactions_part
    return _inside(reactions_part(copy.reactions, marks.reactions))


@lru_cache(maxsize=1000)
def _approval(approval: bytes, current_user: str) -> bytes:
    own = orjson.dumps({"current_user": current_user})[1:]
    return b',"quote_approval":' + approval + b"," + own


@lru_cache(maxsize=1000)
def _marks(own: Marks, shown: Marks, *, is_pinner: bool) -> bytes:
    return b"," + _inside(viewer_marks(own, shown, is_pinner=is_pinner))


def _inside(entity: Entity) -> bytes:
    """JSON without the braces."""
    return orjson.dumps(entity)[1:-1]


def _card(copy: Copy, viewer_id: int | None) -> bytes:
    if copy.card is None:
        return b"null"
    is_missing = orjson.dumps(missing_attribution(copy.card_claimed_by, viewer_id))
    return copy.card + b',"missing_attribution":' + is_missing + b"}"


def _poll(copy: Copy, revision: Revision, marks: Marks, viewer_id: int | None) -> bytes:
    if copy.poll is None:
        return b"null"
    if viewer_id is None:
        return copy.poll + b"}"
    has_voted = bool(marks.own_votes) or revision.account_id == viewer_id
    own = {"voted": has_voted, "own_votes": list(marks.own_votes)}
    return copy.poll + b"," + orjson.dumps(own)[1:]


def _seen_quote(revision: Revision, sight: Sight) -> tuple[str, int | None]:
    """State of a quote in a viewer's eyes, and the id of what is shown of it."""
    state, quoted_id = revision.quote_state or "deleted", revision.quoted_id
    if state != "accepted":
        return state, None
    relation = sight.relations.get((sight.viewer_id, quoted_id or 0))
    if relation is None:
        return "deleted", None
    if not relation.visible:
        return "unauthorized", None
    if relation.blocked:
        return "blocked_account", quoted_id
    return ("muted_account" if relation.muted else state), quoted_id


def _key(revision: Revision, revisions: Mapping[int, Revision]) -> Numbers:
    """A boost shows the counts of its original."""
    if revision.boost_of_id is None:
        return revision.numbers
    original = revisions.get(revision.boost_of_id)
    return f"{revision.numbers} {original.numbers if original else ''}"
