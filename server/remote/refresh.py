"""Somebody other than its author says that a post has changed or is gone: its origin is asked."""

import logging

from federation.documents import note as documents
from federation.errors import Gone, Missing, RemoteError, Untrusted
from federation.transport.fetch import fetch_document
from server.fanout import statuses as fanout
from server.identity.signing import instance_signer
from server.remote.actors import find_or_fetch_account
from server.remote.statuses import store_note, update_note
from server.runtime import Runtime
from server.store import accounts, status_writes, statuses
from server.store.statuses import Status
from server.transaction import Transaction

log = logging.getLogger(__name__)


def check_later(tx: Transaction, status: Status) -> None:
    """Have the worker ask the origin; many hints at once are one question."""
    log.info("%s was changed or deleted by another than its author: its origin decides", status.uri)
    if not status.local:
        tx.enqueue("refresh_status", status.id, once_key=f"refresh_status {status.id}")


async def refresh_status_job(runtime: Runtime, status_id: int) -> None:
    """Job: read a post again where it comes from; one that is gone there goes here.

    Of what is not for everybody, "not found" says only that it is not for us to fetch: else any
    stranger's word could have it deleted here.
    """
    status = await statuses.find_status(runtime.db, status_id)
    if status is None or status.local:
        return
    author = await accounts.get_account(runtime.db, status.account_id)
    try:
        document = await fetch_document(runtime.http, status.uri, await instance_signer(runtime))
        if document.get("type") == "Tombstone":
            raise Gone(status.uri)
        note = documents.read_note(document)
        if note.id != status.uri or note.author != author.uri:
            raise Untrusted(f"{note.id} by {note.author} is not {status.uri}")
        await update_note(runtime, status, note)
    except Gone as error:
        if isinstance(error, Missing) and status.visibility not in {"public", "unlisted"}:
            return
        async with runtime.transaction() as tx:
            await fanout.announce_deletion(tx, status)
            await status_writes.delete_status(tx.db, status, author.uri)
    except RemoteError:
        return


async def look_up_forwarded_job(runtime: Runtime, uri: str) -> None:
    """Job: somebody passed on what another wrote, without proof.

    A post that we have is read again at its origin; one that we do not have is kept only if it
    answers one of ours, since for that alone others forward.
    """
    status = await statuses.find_by_uri(runtime.db, uri)
    if status:
        await refresh_status_job(runtime, status.id)
        return
    try:
        document = await fetch_document(runtime.http, uri, await instance_signer(runtime))
        note = documents.read_note(document)
        parent = await statuses.find_by_uri(runtime.db, note.in_reply_to or "")
        if parent and note.id == uri:
            author = await find_or_fetch_account(runtime, note.author)
            await store_note(runtime, author, note, is_new=True)
    except RemoteError:
        return
