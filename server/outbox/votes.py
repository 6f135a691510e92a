"""Votes in polls of others: each choice is a Note with a name and no content, for the asker."""

from collections.abc import Sequence

from federation.documents.activity import build_activity
from federation.documents.reading import Document
from server.outbox.queue import send
from server.store.accounts import Account
from server.store.polls import Poll
from server.store.statuses import Status
from server.transaction import Transaction


def vote_uri(tx: Transaction, voter: Account, status_id: int, choice: int) -> str:
    """Id of a vote, which nobody needs to fetch."""
    return f"{tx.addresses.account_uri(voter.id)}#votes/{status_id}/{choice}"


async def send_votes(
    tx: Transaction,
    voter: Account,
    author: Account,
    status: Status,
    poll: Poll,
    choices: Sequence[int],
) -> None:
    """Tell the asker's server what was chosen, one activity for each choice."""
    for choice in choices:
        uri = vote_uri(tx, voter, status.id, choice)
        note: Document = {
            "id": uri,
            "type": "Note",
            "name": poll.options[choice],
            "attributedTo": voter.uri,
            "to": [author.uri],
            "inReplyTo": status.uri,
        }
        create = build_activity("Create", f"{uri}/activity", voter.uri, note, [author.uri])
        await send(tx, voter, create, [author])
