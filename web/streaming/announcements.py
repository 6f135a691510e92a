"""What streams say of announcements: the same for all members."""

from typing import Any

import orjson

from server.runtime import Runtime
from server.store import announcements, custom_emojis
from server.store.announcements import Reaction
from server.text.shortcodes import shortcodes_in
from web.entities.announcement import announcement_entity, reaction_entity


async def announcement_payload(runtime: Runtime, event: str, message: dict[str, Any]) -> str | None:
    """The payload of an event; None when there is nothing to tell any more."""
    announcement_id: int = message["announcement"]
    if event == "announcement.delete":
        return str(announcement_id)
    found = await announcements.find_shown(runtime.db, announcement_id)
    if found is None:
        return None
    if event == "announcement":
        emojis = await custom_emojis.find_emojis(runtime.db, shortcodes_in([found.text]))
        return orjson.dumps(announcement_entity(found, emojis, runtime.addresses)).decode()
    name = message["name"]
    none = Reaction(name, 0, None)
    reaction = next((one for one in found.reactions if one.name == name), none)
    entity = reaction_entity(reaction, runtime.addresses)
    return orjson.dumps({**entity, "announcement_id": str(announcement_id)}).decode()
