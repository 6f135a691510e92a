"""Hashtags that somebody elsewhere shows on the profile."""

import logging

from federation.documents import tag
from federation.errors import RemoteError
from server.remote.collections import items_of
from server.runtime import Runtime
from server.store import accounts, featured_tags
from server.store.featured_tags import MOST_FEATURED

log = logging.getLogger(__name__)


async def read_featured_tags_job(runtime: Runtime, account_id: int, uri: str) -> None:
    """Job: keep those of the collection at `uri`, which stands on the account's origin."""
    account = await accounts.find_account(runtime.db, account_id)
    if account is None or account.is_local:
        return
    try:
        items = [item async for item in items_of(runtime, uri, account.uri, 1, MOST_FEATURED)]
    except RemoteError as error:
        log.info("featured tags of %s cannot be read: %s", account.uri, error)
        return
    await featured_tags.replace_featured(runtime.db, account_id, tag.read_hashtags(items))
