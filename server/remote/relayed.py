"""Posts that a relay names: read at their origin, whatever the relay sent along."""

from datetime import UTC, datetime, timedelta

from federation.documents import note as documents
from federation.documents.audience import PUBLIC
from federation.errors import RemoteError
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.remote.actors import find_or_fetch_account
from server.remote.statuses import store_note
from server.remote.strangers import judge_note
from server.runtime import Runtime
from server.store import statuses

_FRESH = timedelta(hours=6)


async def take_relayed_job(runtime: Runtime, uri: str) -> None:
    """Job: keep a public post; one of the last six hours is shown as a new one."""
    if uri.startswith(f"{runtime.settings.origin}/") or await statuses.find_by_uri(runtime.db, uri):
        return
    try:
        document = await fetch_document(runtime.http, uri, await instance_signer(runtime))
        note = documents.read_note(document)
        if PUBLIC not in note.to:
            return
        author = await find_or_fetch_account(runtime, note.author)
        is_new = note.published is not None and note.published > datetime.now(UTC) - _FRESH
        if not is_new:
            await judge_note(runtime, author, note)  # an old one may be dropped as well
        await store_note(runtime, author, note, is_new=is_new)
    except RemoteError:
        return
