"""A member has read as far as this."""

from collections.abc import Mapping

from server.errors import Conflict
from server.runtime import Runtime
from server.store import markers
from server.store.markers import Marker


async def set_markers(
    runtime: Runtime, account_id: int, last_read_ids: Mapping[str, int]
) -> list[Marker]:
    """Set the markers of these timelines, all or none.

    Raises Conflict when another device sets one at the same time: it may have read further.
    """
    async with runtime.transaction() as tx:
        before = await markers.list_markers(tx.db, account_id, list(last_read_ids))
        seen = {marker.timeline: marker.version for marker in before}
        saved = []
        for timeline, last_read_id in last_read_ids.items():
            marker = await markers.set_marker(
                tx.db, account_id, timeline, last_read_id, seen.get(timeline)
            )
            if marker is None:
                raise Conflict("Conflict during update, please try again")
            saved.append(marker)
    return saved
