"""Who may do what with a post of somebody else's, in our words."""

from typing import TypedDict

from federation.documents.actor import Actor
from federation.documents.audience import PUBLIC
from federation.documents.note import Note
from federation.documents.policy import Rule
from server.store.accounts import Account
from server.store.statuses import Policy


class Policies(TypedDict):
    """As columns of a status."""

    quote_automatic: list[str]
    quote_manual: list[str]
    interaction_policy: Policy


def policies(note: Note, author: Account) -> Policies:
    """Circles for what a note says of itself. Without a word nobody may quote it, and everybody may
    answer, favourite and boost it.
    """
    quote = note.policy.get("quote", Rule(()))
    return {
        "quote_automatic": _known(_circles(quote.automatic, author)),
        "quote_manual": _known(_circles(quote.manual, author)),
        "interaction_policy": {
            kind: {
                "automatic": _circles(rule.automatic, author),
                "manual": _circles(rule.manual, author),
            }
            for kind, rule in note.policy.items()
            if kind != "quote" and PUBLIC not in rule.automatic
        },
    }


def feature_circles(actor: Actor) -> tuple[list[str] | None, list[str] | None]:
    """Who may put an actor into a collection, and who may ask; None for one that does not say."""
    if actor.feature is None:
        return None, None
    names = {PUBLIC: "public", actor.followers: "followers", actor.following: "following"}
    automatic, manual = (
        _known(_named(addresses, names, actor.id))
        for addresses in (actor.feature.automatic, actor.feature.manual)
    )
    return automatic, manual


def _circles(addresses: tuple[str, ...], author: Account) -> list[str]:
    names = {PUBLIC: "public", author.followers_url: "followers", author.following_url: "following"}
    return _named(addresses, names, author.uri)


def _named(addresses: tuple[str, ...], names: dict[str | None, str], own_uri: str) -> list[str]:
    return [names.get(address, address) for address in addresses if address != own_uri]


def _known(circles: list[str]) -> list[str]:
    """Mastodon's API has one name for whatever else a policy may name."""
    known = ("public", "followers", "following")
    return list(dict.fromkeys(c if c in known else "unsupported_policy" for c in circles))
