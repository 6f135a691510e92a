"""Somebody elsewhere reacts to a post with an emoji (EmojiReact, FEP-c0e0)."""

import contextlib

from federation.documents import tag
from federation.documents.activity import Activity
from server.errors import Invalid
from server.fanout import reactions as fanout
from server.runtime import Runtime
from server.store import reactions, statuses, tombstones
from server.store.accounts import Account
from server.store.reactions import Emoji
from server.text.emoji import normal_emoji

_LONGEST_NAME = 128


async def handle_react(runtime: Runtime, sender: Account, activity: Activity) -> None:
    """Counts once for each actor, post that the actor may see, and emoji; it is no favourite."""
    status = await statuses.find_by_uri(runtime.db, activity.object_id or "")
    if status is None or not await statuses.list_visible(runtime.db, [status.id], sender.id):
        return
    emoji = await _emoji(runtime, sender, status.id, activity)
    if emoji is None:
        return
    with contextlib.suppress(Invalid):  # too many: whoever sent it cannot do anything about it
        async with runtime.transaction() as tx:
            if activity.id and await tombstones.is_buried(tx.db, activity.id, sender.uri):
                return
            await fanout.add_reaction(tx, sender.id, status, emoji, activity.id)


async def _emoji(
    runtime: Runtime, sender: Account, status_id: int, activity: Activity
) -> Emoji | None:
    """What is reacted with; a custom emoji that stands there already stays the same one."""
    content = activity.content or ""
    if emoji := normal_emoji(content):
        return Emoji(emoji)
    name = content.strip(":")
    pictures = {custom.shortcode: custom.url for custom in tag.read_emoji(activity.tag)}
    # Some write whose emoji it is behind its name.
    url = pictures.get(name) or pictures.get(name.partition("@")[0])
    name = name.partition("@")[0]
    if not url or not name or len(name) > _LONGEST_NAME:
        return None
    media = f"{runtime.settings.media_base_url}/"
    file = url.removeprefix(media) if url.startswith(media) else None
    known = await reactions.find_by_picture(runtime.db, status_id, name, url, file)
    return known or Emoji(name, sender.domain, {"url": url})
