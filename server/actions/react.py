"""A member reacts to a post with an emoji, or takes that back."""

import re

from server.actions.favourite import get_original
from server.errors import Invalid, NotFound
from server.fanout import reactions as fanout
from server.outbox import reactions as outbox
from server.runtime import Runtime
from server.store import accounts, custom_emojis, reactions
from server.store.reactions import Emoji
from server.text.emoji import normal_emoji

_CUSTOM = re.compile(r":?([A-Za-z0-9_.+-]{1,128})(?:@([A-Za-z0-9.:-]{1,260}?))?:?")


async def add_reaction(runtime: Runtime, account_id: int, status_id: int, text: str) -> None:
    """React to what the member may see. Raises NotFound, Invalid (no emoji, too many)."""
    status = await get_original(runtime, account_id, status_id)
    name, domain = _read(text)
    emoji = Emoji(name)
    if not normal_emoji(name):
        emoji = await _custom(runtime, status.id, name, domain)
    async with runtime.transaction() as tx:
        reaction_id = await fanout.add_reaction(tx, account_id, status, emoji, None)
        if reaction_id:
            account = await accounts.get_account(tx.db, account_id)
            await outbox.send_reaction(tx, account, status, reaction_id, emoji)


async def remove_reaction(runtime: Runtime, account_id: int, status_id: int, text: str) -> None:
    """Take it back; nothing happens when there is none. Raises NotFound, Invalid."""
    status = await get_original(runtime, account_id, status_id)
    name, domain = _read(text)
    async with runtime.transaction() as tx:
        removed = await fanout.remove_reaction(tx, account_id, status, name, domain)
        if removed:
            account = await accounts.get_account(tx.db, account_id)
            await outbox.send_undo_reaction(tx, account, status, *removed)


def read_full_name(text: str) -> str:
    """The full name of the emoji that a client names. Raises NotFound for what is none."""
    try:
        name, domain = _read(text)
    except Invalid as error:
        raise NotFound from error
    return Emoji(name, domain).full_name


async def _custom(runtime: Runtime, status_id: int, name: str, domain: str | None) -> Emoji:
    """One of ours, or one of elsewhere that stands there already. Raises Invalid."""
    if domain is None:
        for ours in await custom_emojis.find_emojis(runtime.db, [name]):
            return Emoji(name, None, {"file": ours.file, "static_file": ours.static_file})
    known = await reactions.find_custom(runtime.db, status_id, name, domain)
    if known is None:
        raise Invalid("Validation failed: Name is not a recognized emoji")
    return known


def _read(text: str) -> tuple[str, str | None]:
    """Name and domain of an emoji, or of a shortcode with or without colons."""
    if emoji := normal_emoji(text):
        return emoji, None
    found = _CUSTOM.fullmatch(text)
    if found is None:
        raise Invalid("Validation failed: Name is not a recognized emoji")
    return found[1], found[2].lower() if found[2] else None
