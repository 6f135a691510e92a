"""Which previews of links are taken from the server of a post's author (FEP-8967)."""

from urllib.parse import urlsplit

from federation.documents.note import Note
from server.runtime import Runtime
from server.text.links import is_within


def trusted_preview(runtime: Runtime, note: Note) -> list[str] | None:
    """What a server that the settings trust says of a post's link, as keep_preview_job takes it."""
    preview, host = note.preview, urlsplit(note.author).hostname or ""
    trusted = runtime.settings.federation_trusted_previews
    if preview is None or not any(is_within(host, domain) for domain in trusted):
        return None
    words = (preview.title, preview.description, preview.image_url, preview.image_description)
    return [preview.url, *words]
