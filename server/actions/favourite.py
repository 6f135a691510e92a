"""A member favourites a post, or takes it back."""

from server.actions.interactions import ask, check_not_blocking, must_ask
from server.fanout.notifications import notify
from server.outbox import favourites as outbox
from server.runtime import Runtime
from server.store import accounts, favourites, notifications, statuses
from server.store.statuses import Status


async def favourite_status(runtime: Runtime, account_id: int, status_id: int) -> None:
    """Favourite what the member may see, once; who wants to be asked is asked.

    Raises NotFound, Forbidden.
    """
    status = await get_original(runtime, account_id, status_id)
    await check_not_blocking(runtime.db, account_id, status)
    asks = await must_ask(runtime.db, status, "like", account_id)
    async with runtime.transaction() as tx:
        account = await accounts.get_account(tx.db, account_id)
        if asks and status.local:
            await ask(tx, "like", account_id, status, outbox.like_uri(tx, account, status.id))
            return
        favourite_id = await favourites.insert_favourite(tx.db, account_id, status.id, None)
        if not favourite_id:
            return
        if asks:
            await ask(tx, "like", account_id, status, outbox.like_uri(tx, account, favourite_id))
            return
        await notify(tx, "favourite", [status.account_id], account_id, status.id)
        await outbox.send_like(tx, account, status, favourite_id)


async def undo_favourite(runtime: Runtime, account_id: int, status_id: int) -> bool:
    """Take it back, also when its author blocks the member by now; gives whether there was one.

    Raises NotFound.
    """
    status = await statuses.get_status(runtime.db, status_id)
    if status.boost_of_id:
        status = await statuses.get_status(runtime.db, status.boost_of_id)
    async with runtime.transaction() as tx:
        favourite = await favourites.delete_favourite(tx.db, account_id, status.id)
        if favourite:
            await notifications.delete_notifications(
                tx.db, "favourite", status.account_id, account_id, status.id
            )
            account = await accounts.get_account(tx.db, account_id)
            await outbox.send_undo_like(tx, account, status, favourite["id"])
    return favourite is not None


async def get_original(runtime: Runtime, account_id: int, status_id: int) -> Status:
    """The status itself, or what it boosts. Raises NotFound."""
    status = await statuses.get_visible_status(runtime.db, status_id, account_id)
    if status.boost_of_id is None:
        return status
    return await statuses.get_visible_status(runtime.db, status.boost_of_id, account_id)
