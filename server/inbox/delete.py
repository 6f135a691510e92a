"""Somebody elsewhere deletes a post, or leaves altogether."""

from federation.documents.activity import Activity
from federation.errors import Untrusted
from federation.origins import is_same_origin
from server.fanout import statuses as fanout
from server.inbox.featured_collections import take_feature_revocation
from server.inbox.interaction_request import take_stamp_back
from server.inbox.quote_request import take_revocation
from server.remote.featured_collections import forget_collection
from server.remote.refresh import check_later
from server.runtime import Runtime
from server.store import accounts, remote_accounts, status_writes, statuses, tombstones
from server.store.accounts import Account


async def handle_delete(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """One's own goes, and one that is not here (yet) is kept from coming.

    Of another's the origin is asked: moderators of groups delete what members wrote.
    """
    uri = activity.object_id
    if uri is None:
        return
    if uri == sender.uri:
        await remote_accounts.delete_remote_account(runtime.db, sender.id)
        return
    for take_back in (take_revocation, take_stamp_back, take_feature_revocation):
        if await take_back(runtime, sender, uri):
            return
    async with runtime.transaction() as tx:
        # First, so that a Create that is being worked on is over or comes too late.
        if is_same_origin(uri, sender.uri):
            await tombstones.insert_tombstone(tx.db, uri, sender.uri)
        status = await statuses.find_by_uri(tx.db, uri)
        if status and status.account_id == sender.id:
            await fanout.announce_deletion(tx, status)
            await status_writes.delete_status(tx.db, status, sender.uri)
        elif status:
            check_later(tx, status)
            return
        else:
            await forget_collection(tx, sender, uri)
    if status is None and (other := await accounts.find_by_uri(runtime.db, uri)):
        raise Untrusted(f"{other.uri} is not deleted by {sender.uri}")
