"""MediaAttachment."""

from typing import Any
from urllib.parse import urlsplit

from server.addresses import Addresses
from server.store.status_views import Media


def media_attachment_entity(
    media: Media, addresses: Addresses, status_uri: str = ""
) -> dict[str, Any]:
    """Mastodon's MediaAttachment; what is elsewhere is shown from a copy here."""
    url = addresses.media(media.file) if media.file else None
    if media.remote_url:
        url = addresses.remote_media(media.proxy_key)
    preview = media.small_file and addresses.media(media.small_file)
    if media.small_remote_url:
        host = urlsplit(status_uri).netloc
        preview = addresses.remote_picture(media.small_remote_url, host, still=True)
    return {
        "id": str(media.id),
        "type": media.type,
        "url": url,
        "preview_url": preview or url,
        "remote_url": media.remote_url,
        "preview_remote_url": media.small_remote_url,
        "text_url": None,
        "meta": media.meta,
        "description": media.description,
        "blurhash": media.blurhash,
    }
