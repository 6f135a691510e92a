"""An activity arrives: verified, stored, acknowledged; its effect is a job's."""

import logging
from datetime import UTC, datetime
from hashlib import sha256

from federation.documents.activity import Activity, read_activity
from federation.documents.audience import recipients, visibility_of
from federation.documents.reading import parse_document, parse_strict, type_of
from federation.documents.synchronization import HEADER
from federation.errors import Gone, NotAllowed, RemoteError, SignatureInvalid, Untrusted
from federation.origins import authority_of
from federation.signatures.message import SignedMessage
from federation.signatures.proofs import proof_time, verify_proof
from federation.signatures.verify import Verified, verify_request
from federation.transport.budget import registrable
from server.errors import TooMany
from server.inbox.process import HANDLERS
from server.remote.followers import compare
from server.remote.keys import KeyFinder
from server.runtime import Runtime
from server.store import accounts, received, relays, tombstones
from server.store.accounts import Account

log = logging.getLogger(__name__)

# What may be passed on by somebody else: never who follows whom, who is who, or who moved.
_PROVABLE = {"Create", "Update", "Delete", "Announce", "Like", "EmojiReact"}
_FETCHABLE = {"Create", "Update", "Delete"}
_BYTES_OF_ONE = 8192
# As Mastodon: what takes something back, and that somebody is suspended no longer.
_EVEN_IF_SUSPENDED = {"Delete", "Reject", "Undo", "Update"}


async def receive_activity(
    runtime: Runtime, keys: KeyFinder, message: SignedMessage, inbox_of: int | None = None
) -> None:
    """Commit a verified activity and the job for it; afterwards it may be acknowledged.

    `inbox_of` is the number of the actor in whose own inbox it was put.

    What does not concern us is taken without work: kinds that we do not know, and the deletion
    of an actor that we never saw (its key could not be fetched any more). What somebody else
    passes on counts when its author proves it (FEP-8b32); else its object is read at its origin.
    Raises Malformed, Untrusted with its kinds of signature errors, KeyUnavailable, Gone, and
    TooMany for a signer who sends more than the settings allow, also from several hosts.
    """
    document = parse_document(message.body)
    if (kind := type_of(document)) and kind not in HANDLERS:
        return
    activity = read_activity(document)
    if runtime.domain_rules.refuses(authority_of(activity.actor)):
        raise NotAllowed(f"nothing is taken from {activity.actor}")
    sender = await accounts.find_by_uri(runtime.db, activity.actor)
    if sender is None and _is_deletion_of_actor(activity):
        return
    verified = await _verify(keys, message)
    signer = verified.owner
    _check_budget(runtime, signer, len(message.body))
    await _check_sender(runtime, signer, activity, sender if signer == activity.actor else None)
    if signer != activity.actor:
        await _check_sender(runtime, activity.actor, activity, sender)
        if not await _is_proven(keys, message, activity):
            await _look_up(runtime, signer, activity)
            return
    if await received.insert_received(
        runtime.db,
        activity.actor,
        activity.id,
        activity.type,
        message.body,
        sha256(verified.signature).digest(),
        authority_of(signer),
        inbox_of if signer == activity.actor and _tells_by_inbox(activity, sender) else None,
    ):
        runtime.bus.publish([("jobs:process_activity", "")])
    told = message.value(HEADER.lower())
    if told and sender and signer == activity.actor:
        async with runtime.transaction() as tx:
            await compare(tx, sender, told)


async def _verify(keys: KeyFinder, message: SignedMessage) -> Verified:
    try:
        return await verify_request(message, keys.find, datetime.now(UTC))
    except Gone as error:
        raise SignatureInvalid(str(error)) from error


def _check_budget(runtime: Runtime, signer: str, size: int) -> None:
    """Counted by who has signed: nobody can use up another's part. What comes is kept for a week:
    a long one costs several.
    """
    host, budget = authority_of(signer), runtime.inbox_budget
    cost = 1 + size // _BYTES_OF_ONE
    if spent := budget.take(cost, actor=signer, host=host, domain=registrable(host)):
        log.info("inbox: too much from %s within five minutes", spent)
        raise TooMany(retry_after_seconds=budget.seconds_left())


async def _check_sender(
    runtime: Runtime, uri: str, activity: Activity, known: Account | None
) -> None:
    account = known or await accounts.find_by_uri(runtime.db, uri)
    if account is None:
        return
    is_refused = account.suspended_at and activity.type not in _EVEN_IF_SUSPENDED
    if account.is_local or is_refused:
        raise Untrusted(f"{uri} is not taken from")


async def _is_proven(keys: KeyFinder, message: SignedMessage, activity: Activity) -> bool:
    """Whether the author's own proof stands in what another one sent."""
    if activity.type not in _PROVABLE or activity.object_id == activity.actor:
        return False
    try:
        document = parse_strict(message.body)
        await verify_proof(document, keys.find)
        made_at = proof_time(document)
    except RemoteError:
        return False
    # What was deleted is remembered for so long; older proofs could bring it back.
    return made_at > datetime.now(UTC) - tombstones.KEPT


async def _look_up(runtime: Runtime, signer: str, activity: Activity) -> None:
    """An unproven activity by another is a hint at most. Raises Untrusted for one that is none."""
    if activity.type not in _FETCHABLE or activity.object_id in {None, activity.actor}:
        raise Untrusted(f"{activity.actor} did not sign this, {signer} did")
    log.info(
        "inbox: %s of %s by %s, passed on by %s: its origin decides",
        activity.type,
        activity.object_id,
        activity.actor,
        signer,
    )
    async with runtime.transaction() as tx:
        if activity.type == "Create" and await relays.is_relay(tx.db, signer):
            tx.enqueue("take_relayed", activity.object_id, once_key=f"relayed {activity.object_id}")
            return
        tx.enqueue(
            "look_up_forwarded", activity.object_id, once_key=f"forwarded {activity.object_id}"
        )


def _tells_by_inbox(activity: Activity, sender: Account | None) -> bool:
    """Whether a post may be for whom it does not name: then the inbox says for whom."""
    if activity.type != "Create" or sender is None:
        return False
    inner = activity.object if isinstance(activity.object, dict) else {}
    to = [*activity.to, *recipients(inner.get("to"))]
    cc = [*activity.cc, *recipients(inner.get("cc"))]
    return visibility_of(to, cc, sender.followers_url) == "direct"


def _is_deletion_of_actor(activity: Activity) -> bool:
    return activity.type == "Delete" and activity.object_id == activity.actor
