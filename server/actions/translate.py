"""A member wants to read a post in another language."""

from html import escape
from typing import Any

from server.errors import Forbidden, Unavailable
from server.remote import translation
from server.runtime import Runtime
from server.store import statuses, translations
from server.store.status_views import StatusView, get_status_view
from server.text.language import normal_language
from server.text.sanitize import plain_text, sanitize_html

_KEPT_OPEN, _KEPT_CLOSE = '<span translate="no">', "</span>"


async def translate_status(
    runtime: Runtime, viewer_id: int | None, status_id: int, language: str
) -> dict[str, Any]:
    """Mastodon's Translation of a public post; each is made once for everybody.

    Raises NotFound (not visible), Forbidden (not public, or not between these languages),
    Unavailable (no translation server, or it is away).
    """
    status = await statuses.get_visible_status(runtime.db, status_id, viewer_id)
    if not runtime.settings.translation_url:
        raise Unavailable("This server has no translation service")
    status = await statuses.get_status(runtime.db, status.boost_of_id or status.id)
    target = normal_language(language)
    if status.visibility not in {"public", "unlisted"} or target is None:
        raise Forbidden
    kept = await translations.find_translation(runtime.db, status.id, target, status.edited_at)
    if kept:
        return kept
    known = await translation.known_languages(runtime)
    if known and target not in known.get(status.language or "und", ()):
        raise Forbidden
    view = await get_status_view(runtime.db, status.id)
    made = await _translate(runtime, view, target)
    await translations.put_translation(runtime.db, status.id, target, status.edited_at, made)
    return made


async def _translate(runtime: Runtime, view: StatusView, target: str) -> dict[str, Any]:
    status = view.status
    described = [media for media in view.media if media.description]
    options = view.poll.options if view.poll else []
    plain = [status.spoiler_text, *options, *(media.description or "" for media in described)]
    pieces = [_protected(view, status.content), *(_protected(view, escape(t)) for t in plain)]
    answer = await translation.translate(runtime, pieces, status.language, target)
    content, spoiler, *rest = (_unprotected(view, text) for text in answer.texts)
    texts = [plain_text(text) for text in rest]
    entity: dict[str, Any] = {
        "content": sanitize_html(content),
        "spoiler_text": plain_text(spoiler),
        "language": target,
        "media_attachments": [
            {"id": str(media.id), "description": text}
            for media, text in zip(described, texts[len(options) :], strict=True)
        ],
        "detected_source_language": answer.source,
        "provider": translation.PROVIDER,
    }
    if view.poll:
        titles = [{"title": text} for text in texts[: len(options)]]
        entity["poll"] = {"id": str(status.id), "options": titles}
    return entity


def _protected(view: StatusView, html: str) -> str:
    """Custom emoji keep their names in every language."""
    for emoji in view.status.emojis:
        name = f":{emoji['shortcode']}:"
        html = html.replace(name, f"{_KEPT_OPEN}{name}{_KEPT_CLOSE}")
    return html


def _unprotected(view: StatusView, html: str) -> str:
    for emoji in view.status.emojis:
        name = f":{emoji['shortcode']}:"
        html = html.replace(f"{_KEPT_OPEN}{name}{_KEPT_CLOSE}", name)
    return html
