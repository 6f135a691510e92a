"""CustomEmoji, as pickers list them."""

from typing import Any

from server.addresses import Addresses
from server.store.custom_emojis import CustomEmoji


def custom_emoji_entity(emoji: CustomEmoji, addresses: Addresses) -> dict[str, Any]:
    """Mastodon's CustomEmoji."""
    return {
        "shortcode": emoji.shortcode,
        "url": addresses.media(emoji.file),
        "static_url": addresses.media(emoji.static_file),
        "visible_in_picker": emoji.visible_in_picker,
        "category": emoji.category,
    }
