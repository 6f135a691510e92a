"""Answers that are asked for again at once: given again if the database has not changed meanwhile.

The database itself says whether it has (`server/store/snapshots.py`), so nobody has to tell us of
a change, and none can be missed. Who asks at the same time shares the question, and the answer.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import partial

from starlette.responses import Response

from server.store.database import Database
from server.store.snapshots import name_snapshot
from web.sharing import Sharing


@dataclass(frozen=True, slots=True)
class _Kept:
    """`response` was made after the snapshot was taken; None when asked for the first time."""

    asked_at: float  # on the monotonic clock
    snapshot: str = ""
    response: Response | None = None


class Answers:
    """Of this process: at most so many.

    The second bounds what no transaction tells: an expiry, or rules that a process reads now and
    then. Who asks less often costs no question more.
    """

    SIZE = 500
    SECONDS = 1.0

    def __init__(self) -> None:
        self._snapshots: Sharing[str] = Sharing()
        self._responses: Sharing[Response] = Sharing()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._changes = 0

    async def give(
        self, db: Database, question: Hashable, make: Callable[[], Awaitable[Response]]
    ) -> Response:
        """What `make` gives, now or up to a second ago. `question` names all that it depends on
        beside the database. Raises what `make` raises.
        """
        kept, now = self._kept.get(question), time.monotonic()
        if kept is None or now - kept.asked_at > self.SECONDS:
            self._keep(question, _Kept(now))
            return await self._responses.share(question, make)
        snapshot = await self._snapshots.share("now", partial(name_snapshot, db))
        if kept.response and kept.snapshot == snapshot:
            return kept.response
        changes = self._changes
        response = await self._responses.share(question, make)
        is_good = type(response) is Response and response.status_code == 200
        if is_good and changes == self._changes:
            self._keep(question, _Kept(now, snapshot, response))
        return response

    def forget(self) -> None:
        """Something changed that a process keeps beside the database."""
        self._changes += 1
        self._kept.clear()

    def _keep(self, question: Hashable, kept: _Kept) -> None:
        self._kept[question] = kept
        while len(self._kept) > self.SIZE:
            self._kept.popitem(last=False)
