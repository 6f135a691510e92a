"""Somebody elsewhere moves to another account."""

from federation.documents.activity import Activity
from federation.errors import Untrusted
from server.runtime import Runtime
from server.store.accounts import Account
from server.transfer.move import accept_move


async def handle_move(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Only one's own account can be moved, and only to where that says so too."""
    if activity.object_id != sender.uri:
        raise Untrusted(f"{activity.object_id} is not moved by {sender.uri}")
    if activity.target_id:
        await accept_move(runtime, sender, activity.target_id)
