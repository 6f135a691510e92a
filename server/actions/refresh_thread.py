"""A member looks at a thread whose answers may stand elsewhere."""

from datetime import UTC, datetime, timedelta

from server.runtime import Runtime
from server.secrets import new_token
from server.store import thread_refreshes
from server.store.statuses import Status
from server.store.thread_refreshes import Refresh

# Answers to what was just posted come by themselves.
_FIRST_WAIT = timedelta(minutes=5)


async def refresh_thread(runtime: Runtime, status: Status, viewer_id: int | None) -> Refresh | None:
    """Have the worker look for answers at the origin, now and then; gives what is under way.

    Strangers set nothing off.
    """
    if status.local or status.visibility not in {"public", "unlisted"} or viewer_id is None:
        return None
    if status.created_at > datetime.now(UTC) - _FIRST_WAIT:
        return None
    async with runtime.transaction() as tx:
        if await thread_refreshes.start_refresh(tx.db, status.id, new_token()):
            tx.enqueue("complete_thread", status.id)
        refresh = await thread_refreshes.find_refresh(tx.db, status.id)
    return refresh if refresh and refresh.is_running else None
