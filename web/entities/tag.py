"""Tag."""

from typing import Any

from server.addresses import Addresses
from server.store.tags import TagUse


def tag_entity(
    tag_id: int | None,
    name: str,
    addresses: Addresses,
    use: TagUse,
    following: bool | None = None,
    *,
    featuring: bool = False,
) -> dict[str, Any]:
    """Mastodon's Tag, named as it was first written; `following` is left out for a stranger."""
    entity: dict[str, Any] = {
        "id": str(tag_id or 0),  # a tag that nobody has used has none yet
        "name": use.written,
        "url": addresses.tag_url(name),
        "history": [
            {
                "day": str(int(day.day.timestamp())),
                "uses": str(day.uses),
                "accounts": str(day.accounts),
            }
            for day in use.days
        ],
    }
    if following is not None:
        entity |= {"following": following, "featuring": featuring}
    return entity
