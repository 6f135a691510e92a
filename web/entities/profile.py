"""Profile: the own account as its owner edits it."""

from collections.abc import Sequence
from typing import Any

from server.addresses import Addresses
from server.store.accounts import Account
from server.store.featured_tags import FeaturedTag
from web.entities.account import field_entity
from web.entities.featured_tag import featured_tag_entity


def profile_entity(
    account: Account, tags: Sequence[FeaturedTag], addresses: Addresses
) -> dict[str, Any]:
    """Mastodon's Profile: text as typed and as shown, and pictures only where there are some."""
    avatar = addresses.media(account.avatar_file) if account.avatar_file else None
    header = addresses.media(account.header_file) if account.header_file else None
    return {
        "id": str(account.id),
        "display_name": account.display_name,
        "note": account.note_text,
        "fields": [
            {
                "name": field["name"],
                "value": field.get("text", field["value"]),
                "verified_at": field.get("verified_at"),
            }
            for field in account.fields
        ],
        "formatted_note": account.note,
        "formatted_fields": [field_entity(field) for field in account.fields],
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": account.avatar_description,
        "header": header,
        "header_static": header,
        "header_description": account.header_description,
        "locked": account.locked,
        "bot": account.bot,
        "hide_collections": account.hide_collections,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "show_media": account.show_media,
        "show_media_replies": account.show_media_replies,
        "show_featured": account.show_featured,
        "attribution_domains": account.attribution_domains,
        "featured_tags": [featured_tag_entity(tag, account.acct, addresses) for tag in tags],
    }
