"""Whether the author of a post agrees to an answer, favourite or boost by somebody elsewhere."""

import logging

from federation.documents.authorization import read_stamp
from federation.errors import RemoteError, Unreachable
from federation.origins import is_same_origin
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.runtime import Runtime
from server.store import accounts, interaction_requests, statuses, tombstones
from server.store.accounts import Account
from server.store.interaction_requests import Asking
from server.store.statuses import Status

log = logging.getLogger(__name__)


async def is_agreed(
    runtime: Runtime,
    status: Status,
    kind: str,
    account: Account,
    interaction_uri: str,
    stamp_uri: str | None,
) -> bool:
    """By the policy itself, by what a member answered, or by the stamp of an author elsewhere.

    That stamp is kept: it may be taken back. Raises Unreachable when it cannot be had now.
    """
    if await statuses.may_interact(runtime.db, status, kind, account.id) == "automatic":
        return True
    if status.local:
        asked = await interaction_requests.find_by_interaction(runtime.db, interaction_uri)
        is_this = asked and (asked.account_id, asked.status_id) == (account.id, status.id)
        return bool(is_this and asked and asked.state == "accepted")
    if not stamp_uri or not await has_stamp(runtime, status, kind, interaction_uri, stamp_uri):
        return False
    asking = Asking(kind, account.id, status.account_id, status.id, interaction_uri)
    async with runtime.transaction() as tx:
        request = await interaction_requests.insert_request(tx.db, asking)
        if (request.account_id, request.status_id) == (account.id, status.id):
            await interaction_requests.answer_request(tx.db, request.id, "accepted", stamp_uri)
    return True


async def has_stamp(
    runtime: Runtime, status: Status, kind: str, interaction_uri: str, stamp_uri: str
) -> bool:
    """Whether the author of a remote post has set that stamp for that. Raises Unreachable."""
    author = await accounts.get_account(runtime.db, status.account_id)
    if not is_same_origin(stamp_uri, author.uri):
        return False
    if await tombstones.is_buried(runtime.db, stamp_uri, author.uri):
        return False
    try:
        document = await fetch_document(runtime.http, stamp_uri, await instance_signer(runtime))
        stamp = read_stamp(document)
    except Unreachable:
        raise
    except RemoteError as error:
        log.info("no stamp at %s: %s", stamp_uri, error)
        return False
    found = (stamp.id, stamp.kind, stamp.author, stamp.interacting)
    is_for_this = found == (stamp_uri, kind, author.uri, interaction_uri)
    return is_for_this and stamp.target in {status.uri, None}
