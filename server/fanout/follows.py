"""What a new or ended follow changes in a member's timelines."""

from server.store import accounts, feeds, follows, moves
from server.store.follows import Follow
from server.transaction import Transaction


async def grant(tx: Transaction, request: Follow) -> None:
    """A request becomes a follow with what was asked for; the home fills with the latest posts.

    Of somebody elsewhere whom nobody followed until now they are fetched.
    """
    await follows.insert_follow(
        tx.db,
        request.account_id,
        request.target_id,
        request.uri,
        show_boosts=request.show_boosts,
        notify=request.notify,
        languages=request.languages,
    )
    await fill(tx, request.account_id, request.target_id)
    target = await accounts.get_account(tx.db, request.target_id)
    if not target.is_local and await follows.is_only_member(
        tx.db, request.account_id, request.target_id
    ):
        tx.enqueue("fill_account", request.target_id, once_key=f"fill {request.target_id}")
    if await moves.list_left_behind(tx.db, request.account_id, request.target_id):
        tx.enqueue("leave_behind", request.account_id, request.target_id)


async def fill(tx: Transaction, account_id: int, target_id: int) -> None:
    """The latest posts of whom the account follows now."""
    await feeds.fill_home(tx.db, account_id, target_id)


async def empty(tx: Transaction, account_id: int, target_id: int) -> None:
    """Nothing more of whom the account does not follow any more."""
    await feeds.empty_feeds(tx.db, account_id, target_id)


async def clean(tx: Transaction, account_id: int, target_id: int) -> None:
    """Nothing more of or about whom the account does not want to (or may not) read."""
    await feeds.clean_feeds(tx.db, account_id, target_id)
