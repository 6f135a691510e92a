"""Reactions to statuses, in the shape that glitch-soc, Pleroma and Fedibird have in common."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.reactions import Emoji, Reaction, Reactors
from web.entities.account import account_entity, emoji_urls

Entity = dict[str, Any]


def reaction_entities(reactions: Sequence[Reaction], addresses: Addresses) -> list[Entity]:
    """Reactions under a status as a stranger sees them; pictures of custom emoji alone."""
    return [_entity(reaction.emoji, reaction.count, addresses) for reaction in reactions]


def reactions_part(entities: Sequence[Entity], own: Collection[str]) -> Entity:
    """The fields of Status that tell of reactions; `own` are the viewer's, by full name."""
    seen = [{**entity, "me": entity["name"] in own} for entity in entities] if own else entities
    return {"reactions": seen, "emoji_reactions": seen, "pleroma": {"emoji_reactions": seen}}


def reactors_entity(
    reactors: Reactors,
    accounts: Mapping[int, AccountView],
    own: Collection[str],
    addresses: Addresses,
) -> Entity:
    """Pleroma's reaction with the people."""
    entity = _entity(reactors.emoji, reactors.count, addresses)
    return {
        **entity,
        "me": entity["name"] in own,
        "accounts": [
            account_entity(accounts[account_id], addresses)
            for account_id in reactors.account_ids
            if account_id in accounts
        ],
    }


def picture_urls(emoji: Emoji, addresses: Addresses) -> Entity:
    """`url` and `static_url` of a custom emoji; nothing for others."""
    return emoji_urls(emoji.picture, emoji.domain or "", addresses) if emoji.picture else {}


def _entity(emoji: Emoji, count: int, addresses: Addresses) -> Entity:
    named = {"name": emoji.full_name, "count": count, "me": False}
    return named | picture_urls(emoji, addresses)
