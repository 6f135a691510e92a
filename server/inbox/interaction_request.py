"""Somebody elsewhere asks to answer, favourite or boost a post, or does so without asking.

What waits for its author is kept as something for the two alone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from federation.documents import note as documents
from federation.documents.activity import Activity
from federation.documents.audience import recipients, visibility_of
from federation.documents.authorization import REQUESTS
from federation.documents.note import Note
from federation.documents.reading import id_of
from federation.errors import Untrusted
from federation.origins import is_same_origin
from server.fanout import interactions as fanout
from server.outbox import interactions as outbox
from server.remote import consent
from server.remote import statuses as remote
from server.runtime import Runtime
from server.store import (
    accounts,
    interaction_requests,
    status_audiences,
    status_writes,
    statuses,
    tombstones,
)
from server.store.accounts import Account
from server.store.interaction_requests import Asking, Request
from server.store.statuses import Status


async def handle_request(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Grant, refuse or keep for the author, as the author of the post said."""
    kind, uri = REQUESTS[activity.type], activity.instrument_id
    status = await statuses.find_by_uri(runtime.db, activity.object_id or "")
    if status is None or not status.local or status.boost_of_id or not uri:
        return
    if not is_same_origin(uri, sender.uri):
        raise Untrusted(f"{uri} is not of {sender.uri}")
    if not await statuses.list_visible(runtime.db, [status.id], sender.id):
        return
    verdict = await statuses.may_interact(runtime.db, status, kind, sender.id)
    if verdict == "denied":
        asking = Asking(kind, sender.id, status.account_id, status.id, uri, None, None, activity.id)
        request: Request | None = await _write(runtime, asking)
    else:
        request = await _hold_instrument(runtime, sender, kind, status, activity)
    if request is None:
        return
    if verdict == "manual" and request.state == "pending":
        await _tell(runtime, request)
        return
    is_yes = request.state == "accepted" or (request.state == "pending" and verdict != "denied")
    author = await accounts.get_account(runtime.db, status.account_id)
    async with runtime.transaction() as tx:
        if request.state == "pending":
            await (fanout.grant if is_yes else fanout.refuse)(tx, request)
        await outbox.send_answer(tx, author, request, is_yes=is_yes)


async def must_wait(runtime: Runtime, status: Status, kind: str, sender: Account) -> bool:
    """Whether one of ours wants to be asked about what somebody elsewhere does already."""
    if not status.local or kind not in status.interaction_policy:
        return False
    return await statuses.may_interact(runtime.db, status, kind, sender.id) == "manual"


async def hold_reply(
    runtime: Runtime, sender: Account, parent: Status, note: Note, request_uri: str | None = None
) -> Request | None:
    """Keep an answer until the author of what it answers agrees; None when it was deleted."""
    held = await remote.store_note(runtime, sender, note, is_new=False, awaits_consent=True)
    if held is None:
        return None
    async with runtime.transaction() as tx:
        await status_audiences.address_silently(tx.db, held.id, parent.account_id)
    shown_to = visibility_of(note.to, note.cc, sender.followers_url)
    asking = Asking(
        "reply", sender.id, parent.account_id, parent.id, note.id, held.id, shown_to, request_uri
    )
    return await _write(runtime, asking)


async def hold_boost(
    runtime: Runtime,
    sender: Account,
    status: Status,
    uri: str,
    audience: Sequence[Sequence[str]],
    request_uri: str | None = None,
) -> Request:
    """Keep a boost for those (`to` and `cc`) until the author agrees."""
    now = datetime.now(UTC)
    async with runtime.transaction() as tx:
        held = await status_writes.insert_boost(tx.db, sender.id, status, uri, now, "direct")
        held = held or await statuses.find_boost(tx.db, sender.id, status.id)
    to, cc = audience
    asking = Asking(
        "announce",
        sender.id,
        status.account_id,
        status.id,
        uri,
        held.id if held else None,
        visibility_of(to, cc, sender.followers_url),
        request_uri,
    )
    return await _write(runtime, asking)


async def hold_favourite(
    runtime: Runtime, sender: Account, status: Status, uri: str, request_uri: str | None = None
) -> Request:
    """Keep a favourite until the author agrees."""
    asking = Asking("like", sender.id, status.account_id, status.id, uri, None, None, request_uri)
    return await _write(runtime, asking)


async def take_interaction_answer(runtime: Runtime, sender: Account, activity: Activity) -> bool:
    """Take an Accept or Reject of a member's request; False when it is of another kind.

    Only the author of the post can give it; a yes counts when its stamp is found (a job).
    """
    uri = outbox.requested_uri(activity.object_id or "")
    request = await interaction_requests.find_by_interaction(runtime.db, uri)
    if request is None:
        return False
    if request.target_id != sender.id or request.state == "rejected":
        return True
    async with runtime.transaction() as tx:
        if activity.type == "Reject":
            await fanout.refuse(tx, request)
        elif activity.result_id and request.state == "pending":
            tx.enqueue("verify_interaction", request.id, activity.result_id)
    return True


async def take_stamp_back(runtime: Runtime, sender: Account, stamp_uri: str) -> bool:
    """Take the deletion of a stamp, by whoever gave it; False when it is no stamp that we know.

    What it was for is shown no longer, whoever did it.
    """
    granted = await interaction_requests.list_granted_by(runtime.db, stamp_uri)
    own = [request for request in granted if request.target_id == sender.id]
    async with runtime.transaction() as tx:
        if own:
            await tombstones.insert_tombstone(tx.db, stamp_uri, sender.uri)
        for request in own:
            await fanout.refuse(tx, request)
    return bool(granted)


async def verify_interaction_job(runtime: Runtime, request_id: int, stamp_uri: str) -> None:
    """Job: read the stamp for what a member asked. Raises Unreachable, to be tried again."""
    request = await interaction_requests.find_request(runtime.db, request_id)
    if request is None or request.state != "pending":
        return
    status = await statuses.get_status(runtime.db, request.status_id)
    uri = request.interaction_uri
    if await consent.has_stamp(runtime, status, request.kind, uri, stamp_uri):
        async with runtime.transaction() as tx:
            await fanout.grant(tx, request, stamp_uri)


async def _hold_instrument(
    runtime: Runtime, sender: Account, kind: str, status: Status, activity: Activity
) -> Request | None:
    """What is asked for, out of the request, which its author signed, or from its origin."""
    uri, inner = activity.instrument_id or "", activity.instrument
    if kind == "reply":
        note = await _note(runtime, uri, inner)
        if note.author != sender.uri or note.in_reply_to != status.uri:
            raise Untrusted(f"{note.id} is no answer by {sender.uri} to {status.uri}")
        return await hold_reply(runtime, sender, status, note, activity.id)
    if isinstance(inner, dict) and id_of(inner.get("object")) != status.uri:
        raise Untrusted(f"{uri} is not about {status.uri}")
    if kind == "like":
        return await hold_favourite(runtime, sender, status, uri, activity.id)
    audience = (activity.to, activity.cc)
    if isinstance(inner, dict):
        audience = (recipients(inner.get("to")), recipients(inner.get("cc")))
    return await hold_boost(runtime, sender, status, uri, audience, activity.id)


async def _note(runtime: Runtime, uri: str, inner: Any) -> Note:
    if isinstance(inner, dict):
        return documents.read_note(inner)
    return await remote.fetch_note(runtime, uri)


async def _write(runtime: Runtime, asking: Asking) -> Request:
    """Who did it without asking is waited for, and the author told; else the caller knows."""
    async with runtime.transaction() as tx:
        request = await interaction_requests.insert_request(tx.db, asking)
        if asking.request_uri is None and request.state == "pending":
            await fanout.tell_asked(tx, request)
        return request


async def _tell(runtime: Runtime, request: Request) -> None:
    async with runtime.transaction() as tx:
        await fanout.tell_asked(tx, request)
