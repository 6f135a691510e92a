"""Words of what was written before they were kept, or kept otherwise: read a part at a time."""

from server.runtime import Runtime
from server.search import index
from server.store import search_index

_PART = 200


async def index_statuses_job(runtime: Runtime, after_id: int) -> None:
    """Job: index the posts that follow, then call itself for the next part."""
    ids = await search_index.next_statuses(runtime.db, after_id, _PART)
    if ids:
        async with runtime.transaction() as tx:
            await index.index_statuses(tx.db, ids)
            tx.enqueue("index_statuses", ids[-1], once_key="index_statuses")


async def index_accounts_job(runtime: Runtime, after_id: int) -> None:
    """Job: index the accounts that follow, then call itself for the next part."""
    ids = await search_index.next_accounts(runtime.db, after_id, _PART)
    if ids:
        async with runtime.transaction() as tx:
            await index.index_accounts(tx.db, ids)
            tx.enqueue("index_accounts", ids[-1], once_key="index_accounts")
