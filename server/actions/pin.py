"""A member pins a post to the own profile."""

from server.errors import Invalid
from server.outbox import pins as outbox
from server.runtime import Runtime
from server.store import accounts, pins, statuses

MOST_PINS = 5


async def pin_status(runtime: Runtime, account_id: int, status_id: int) -> None:
    """Raises NotFound, Invalid with Mastodon's texts."""
    status = await statuses.get_visible_status(runtime.db, status_id, account_id)
    if status.account_id != account_id:
        raise Invalid("Validation failed: Someone else's post cannot be pinned")
    if status.boost_of_id:
        raise Invalid("Validation failed: A boost cannot be pinned")
    if status.visibility == "direct":
        raise Invalid(
            "Validation failed: Posts that are only visible to mentioned users cannot be pinned"
        )
    async with runtime.transaction() as tx:
        if await pins.insert_pin(tx.db, account_id, status_id):
            if await pins.count_pins(tx.db, account_id) > MOST_PINS:
                raise Invalid(
                    "Validation failed: You have already pinned the maximum number of posts"
                )
            account = await accounts.get_account(tx.db, account_id)
            await outbox.send_add(tx, account, status)


async def unpin_status(runtime: Runtime, account_id: int, status_id: int) -> None:
    """Nothing happens when it is not pinned. Raises NotFound."""
    status = await statuses.get_own_status(runtime.db, status_id, account_id)
    async with runtime.transaction() as tx:
        if await pins.delete_pin(tx.db, account_id, status_id):
            account = await accounts.get_account(tx.db, account_id)
            await outbox.send_remove(tx, account, status)
