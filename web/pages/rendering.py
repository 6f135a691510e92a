"""Pages: Jinja2 templates, in Dutch or English, with a strict content security policy."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from server.identity.permissions import Permission, allows
from server.store.sessions import Session
from web.pages.sessions import csrf_token
from web.pages.settings import SETTINGS_PAGES
from web.request import Request

_FOLDER = Path(__file__).parent.parent
LANGUAGES = ("en", "nl")

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def render(
    request: Request,
    template: str,
    status: int = 200,
    form_targets: Sequence[str] = (),
    headers: dict[str, str] | None = None,
    frame_ancestors: str = "'none'",
    has_script: bool = False,
    session: Session | None = None,
    **values: Any,
) -> Response:
    """A page. `form_targets` are addresses to which its forms may lead by redirect,
    `frame_ancestors` (a source list of CSP) says in whose frames it may stand, `has_script` that it
    runs a module of ours: passkeys alone need one.
    """
    language = language_of(request)
    html = _templates.get_template(template).render(
        language=language,
        t=_texts(language).__getitem__,
        instance=request.runtime.settings,
        origin=request.addresses.origin,
        csrf=csrf_token(request),
        path=request.url.path,
        settings_pages=SETTINGS_PAGES,
        session=session,
        desk=_desk_of(session),
        **values,
    )
    # Others' pictures and films are shown from copies here, so a page never asks another host.
    files = f"'self'{_sources([request.runtime.settings.media_base_url])}"
    policy = (
        f"default-src 'none'; style-src 'self'; img-src {files}; media-src {files};"
        " base-uri 'none';"
        f" form-action 'self'{_sources(form_targets)}; frame-ancestors {frame_ancestors}"
    )
    if has_script:
        policy += "; script-src 'self'; connect-src 'self'"
    page_headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "private, no-store",
        "Vary": "Accept, Accept-Language, Cookie",
        **(headers or {}),
    }
    return HTMLResponse(html, status, page_headers)


def _desk_of(session: Session | None) -> str | None:
    """Where the desk begins for a moderator; None for whoever has nothing to do there."""
    permissions = session.permissions if session else 0
    if allows(permissions, Permission.MANAGE_REPORTS):
        return "/desk"
    return "/desk/accounts" if allows(permissions, Permission.MANAGE_USERS) else None


def render_text(template: str, **values: Any) -> str:
    """A template as it is, for what is no page."""
    return _templates.get_template(template).render(values)


def language_of(request: Request) -> str:
    """Dutch or English: asked for by `lang`, else the browser's first of the two."""
    wanted = [request.query_params.get("lang", "")]
    wanted += request.headers.get("accept-language", "")[:200].split(",")
    for tag in wanted:
        if (language := tag.strip()[:2].lower()) in LANGUAGES:
            return language
    return "en"


@cache
def _texts(language: str) -> dict[str, str]:
    """All texts of a language, a key of a table as `table.key`."""
    document = tomllib.loads((_FOLDER / "locales" / f"{language}.toml").read_text("utf-8"))
    return {
        f"{table}.{key}": text for table, texts in document.items() for key, text in texts.items()
    }


def _sources(targets: Sequence[str]) -> str:
    """Sources for the policy: origins of web addresses, schemes of apps' own."""
    sources = []
    for target in targets:
        parts = urlsplit(target)
        is_web = parts.netloc and parts.scheme in {"http", "https"}
        sources.append(f" {parts.scheme}://{parts.netloc}" if is_web else f" {parts.scheme}:")
    return "".join(sources)


def _time(at: datetime) -> Markup:
    at = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        at.isoformat(timespec="seconds"), at.strftime("%Y-%m-%d %H:%M")
    )


_templates.filters["time"] = _time
