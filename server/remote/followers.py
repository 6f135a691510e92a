"""Who of ours follows somebody elsewhere, in line with what their server knows (FEP-8fcf)."""

import logging

from federation.documents import synchronization
from federation.documents.synchronization import Synchronization
from federation.errors import Malformed, RemoteError, Unreachable, Untrusted
from federation.origins import is_same_origin
from federation.transport.fetch import fetch_document
from server.fanout import follows as fanout
from server.identity.signing import instance_signer
from server.outbox import relations
from server.runtime import Runtime
from server.store import accounts, follows
from server.store.accounts import Account
from server.transaction import Transaction

log = logging.getLogger(__name__)


async def compare(tx: Transaction, sender: Account, header: str) -> None:
    """Have the worker look closer when the two sides differ. An odd header says nothing."""
    try:
        claimed = synchronization.read_header(header)
    except Malformed:
        return
    if claimed.collection != sender.followers_url or not is_same_origin(claimed.url, sender.uri):
        return
    known = await follows.list_local_followers(tx.db, sender.id)
    if synchronization.digest_of(account.uri for account in known) != claimed.digest:
        tx.enqueue(
            "synchronize_followers",
            sender.id,
            claimed.url,
            claimed.digest,
            once_key=f"followers {sender.id}",
        )


async def synchronize_followers_job(
    runtime: Runtime, account_id: int, url: str, digest: str
) -> None:
    """Job: read our part of somebody's followers; end and grant follows so that it is true.

    Nothing is done when the part is not whole or not the one that was announced.
    """
    account = await accounts.find_account(runtime.db, account_id)
    if account is None or account.is_local:
        return
    claimed = Synchronization(account.followers_url or "", url, digest)
    try:
        expected = await _fetch_part(runtime, claimed)
    except Unreachable:
        raise
    except RemoteError as error:
        log.info("followers of %s stay as they are: %s", account.uri, error)
        return
    async with runtime.transaction() as tx:
        known = await follows.list_local_followers(tx.db, account_id)
        for follower in known:
            if follower.uri not in expected:
                await follows.delete_follow(tx.db, follower.id, account_id)
                await fanout.empty(tx, follower.id, account_id)
        missing = expected - {follower.uri for follower in known}
        for follower in await accounts.list_by_uris(tx.db, list(missing)):
            if follower.is_local:
                await _settle(tx, follower, account)


async def _fetch_part(runtime: Runtime, claimed: Synchronization) -> set[str]:
    document = await fetch_document(runtime.http, claimed.url, await instance_signer(runtime))
    found = synchronization.read_part(document)
    if synchronization.digest_of(found) != claimed.digest:
        raise Untrusted(f"{claimed.url} is not what was announced")
    prefix = f"{runtime.settings.origin}/"
    if not all(uri.startswith(prefix) for uri in found):
        raise Untrusted(f"{claimed.url} names people of elsewhere")
    return set(found)


async def _settle(tx: Transaction, follower: Account, account: Account) -> None:
    """They count a member as follower: a request was granted without our hearing of it, or an
    Undo was lost.
    """
    request = await follows.find(tx.db, "follow_requests", follower.id, account.id)
    if request:
        await fanout.grant(tx, request)
    else:
        await relations.send_undo_follow(tx, follower, account, None)
