"""A member's old posts are deleted, a few at a time."""

from server.actions.delete_post import delete_status
from server.errors import Invalid, NotFound
from server.runtime import Runtime
from server.store import cleanup_policies
from server.store.cleanup_policies import CleanupPolicy

_WEEK = 7 * 24 * 3600
_LONGEST_AGE = 10 * 365 * 24 * 3600
# Every deletion is told to all servers that have the post: at most 60 an hour of a member, and 600
# of all, leave room for what people say now.
TURN_SECONDS = 300
_MOST_OF_A_MEMBER = 5
_MOST_OF_A_TURN = 50


async def put_policy(runtime: Runtime, account_id: int, policy: CleanupPolicy) -> None:
    """Say which posts shall be deleted. Raises Invalid for an age or a number out of bounds."""
    if not _WEEK <= policy.min_status_age <= _LONGEST_AGE:
        raise Invalid("Validation failed: Min status age is not included in the list")
    for name, number in (("favs", policy.min_favs), ("reblogs", policy.min_reblogs)):
        if number is not None and not 1 <= number <= 1_000_000:
            raise Invalid(f"Validation failed: Min {name} must be greater than or equal to 1")
    await cleanup_policies.put_policy(runtime.db, account_id, policy)


async def start_turn(runtime: Runtime) -> None:
    """Have the next few old posts deleted; to be called every TURN_SECONDS."""
    # A little less, so that a turn is not missed by a second.
    pause = TURN_SECONDS - 60
    async with runtime.transaction() as tx:
        due = await cleanup_policies.take_due(tx.db, _MOST_OF_A_MEMBER, _MOST_OF_A_TURN, pause)
        for account_id, ids in due.items():
            tx.enqueue("delete_old_posts", account_id, ids, once_key=f"old posts {account_id}")


async def delete_old_posts_job(runtime: Runtime, account_id: int, ids: list[int]) -> None:
    """Job: delete those of the posts that the member still wants deleted."""
    for status_id in await cleanup_policies.list_due(runtime.db, account_id, ids):
        try:
            await delete_status(runtime, account_id, status_id, delete_media=True)
        except NotFound:
            continue  # its author was faster
