"""An activity arrives: verified, stored, acknowledged; its effect is a job's."""

from datetime import UTC, datetime

from federation.documents.activity import Activity, read_activity
from federation.documents.reading import parse_document
from federation.errors import Gone, SignatureInvalid, Untrusted
from federation.signatures.message import SignedMessage
from federation.signatures.verify import verify_request
from server.inbox.process import HANDLERS
from server.remote.keys import KeyFinder
from server.runtime import Runtime
from server.store import accounts, received


async def receive_activity(runtime: Runtime, keys: KeyFinder, message: SignedMessage) -> None:
    """Commit a verified activity and the job for it; afterwards it may be acknowledged.

    What does not concern us is taken without work: kinds that we do not know, and the deletion
    of an actor that we never saw (its key could not be fetched any more).
    Raises Malformed, Untrusted with its kinds of signature errors, KeyUnavailable, Gone.
    """
    activity = read_activity(parse_document(message.body))
    if activity.type not in HANDLERS:
        return
    sender = await accounts.find_by_uri(runtime.db, activity.actor)
    if sender is None and _is_deletion_of_actor(activity):
        return
    await _verify(keys, message, activity)
    if sender and (sender.is_local or sender.suspended_at):
        raise Untrusted(f"{activity.actor} is not taken from")
    async with runtime.transaction() as tx:
        row = await received.insert_received(
            tx.db, activity.actor, activity.id, activity.type, message.body
        )
        if row is not None:
            tx.enqueue("process_activity", row)


async def _verify(keys: KeyFinder, message: SignedMessage, activity: Activity) -> None:
    """The key's owner is the activity's actor, the very same id."""
    try:
        key = await verify_request(message, keys.find, datetime.now(UTC))
    except Gone as error:
        raise SignatureInvalid(str(error)) from error
    if key.owner != activity.actor:
        raise Untrusted(f"{activity.actor} did not sign this, {key.owner} did")


def _is_deletion_of_actor(activity: Activity) -> bool:
    return activity.type == "Delete" and activity.object_id == activity.actor
