"""A member boosts a post."""

from datetime import UTC, datetime

from server.actions.interactions import ask, check_not_blocking, must_ask
from server.errors import Forbidden, Invalid
from server.fanout import statuses as fanout
from server.fanout.notifications import notify
from server.runtime import Runtime
from server.store import status_writes, statuses


async def boost_status(
    runtime: Runtime, account_id: int, status_id: int, visibility: str | None = None
) -> int:
    """Boost what the member may see, once; gives the boost's id. Who wants to be asked is asked.

    `visibility` may make the boost of a public post less public. Followers' posts are boosted by
    their author alone, direct ones by nobody.
    Raises NotFound, Forbidden, Invalid.
    """
    status = await statuses.get_visible_status(runtime.db, status_id, account_id)
    if status.boost_of_id:
        status = await statuses.get_visible_status(runtime.db, status.boost_of_id, account_id)
    is_own = status.account_id == account_id
    if status.visibility == "direct" or (status.visibility == "private" and not is_own):
        raise Forbidden
    await check_not_blocking(runtime.db, account_id, status)
    if visibility not in {None, "public", "unlisted", "private"}:
        raise Invalid("Validation failed: Visibility is not included in the list")
    shown_to = visibility if status.visibility in {"public", "unlisted"} else status.visibility
    asks = await must_ask(runtime.db, status, "announce", account_id)
    prefix = runtime.addresses.status_uri(0).removesuffix("0")
    async with runtime.transaction() as tx:
        boost = await status_writes.insert_boost(
            tx.db, account_id, status, prefix, datetime.now(UTC), "direct" if asks else shown_to
        )
        if boost is None:
            found = await statuses.find_boost(tx.db, account_id, status.id)
            assert found is not None
            return found.id
        if asks:
            await fanout.show_to_author(tx, boost)
            done = (boost.id, shown_to or status.visibility)
            await ask(tx, "announce", account_id, status, boost.uri, done)
            return boost.id
        await notify(tx, "reblog", [status.account_id], account_id, status.id)
        await fanout.distribute_status(tx, boost)
    return boost.id
