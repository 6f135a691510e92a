"""Whether the author of a post agrees to an answer, favourite or boost by somebody elsewhere."""

import logging

from federation.documents.authorization import read_stamp
from federation.documents.reading import is_same_origin
from federation.errors import RemoteError, Unreachable
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.runtime import Runtime
from server.store import accounts, interaction_requests, statuses, tombstones
from server.store.accounts import Account
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

    Raises Unreachable when the stamp cannot be had now.
    """
    if await statuses.may_interact(runtime.db, status, kind, account.id) == "automatic":
        return True
    if status.local:
        asked = await interaction_requests.find_by_interaction(runtime.db, interaction_uri)
        return asked is not None and asked.state == "accepted"
    return stamp_uri is not None and await has_stamp(
        runtime, status, kind, interaction_uri, stamp_uri
    )


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
