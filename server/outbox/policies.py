"""Who may do what with a post of ours, told to others."""

from collections.abc import Iterable

from federation.documents.audience import PUBLIC
from federation.documents.policy import Rule
from server.addresses import Addresses
from server.store.status_views import StatusView


def rules(view: StatusView, addresses: Addresses) -> dict[str, Rule]:
    """The rules of a post; who is nobody's is said by naming the author alone.

    The author and whom the post names may always answer.
    """
    status, author = view.status, view.account.account
    quote = _addresses(status.quote_automatic, author.id, addresses) or [author.uri]
    found = {"quote": Rule(tuple(quote))}
    for kind in ("reply", "like", "announce"):
        circles = status.interaction_policy.get(kind)
        if circles is None:
            found[kind] = Rule((PUBLIC,))
            continue
        always = [author.uri]
        if kind == "reply":
            always += [mention.uri for mention in view.mentions]
        always += _addresses(circles["automatic"], author.id, addresses)
        found[kind] = Rule(
            tuple(always), tuple(_addresses(circles["manual"], author.id, addresses))
        )
    return found


def _addresses(circles: Iterable[str], author_id: int, addresses: Addresses) -> list[str]:
    return [
        PUBLIC if circle == "public" else addresses.collection(author_id, circle)
        for circle in circles
    ]
