"""Pages: Jinja2 templates, in Dutch or English, with a strict content security policy."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from server.store.sessions import Session
from server.text.languages import names_in
from server.text.times import on_clock, zone_of
from web.desk.menu import first_page
from web.pages.browsers import browser_name
from web.pages.sessions import cookie_name, csrf_token, set_cookie
from web.pages.settings import SETTINGS_PAGES
from web.request import Request
from web.static_files import static_path

_FOLDER = Path(__file__).parent.parent
LANGUAGES = ("en", "nl")
_YEAR_SECONDS = 365 * 24 * 3600

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
    language, settings = language_of(request), request.runtime.settings
    html = _templates.get_template(template).render(
        language=language,
        t=texts_of(request).__getitem__,
        instance=settings,
        origin=request.addresses.origin,
        csrf=csrf_token(request),
        path=request.url.path,
        here=_here(request),
        in_other_language=_in_other_language(request, language),
        settings_pages=SETTINGS_PAGES,
        session=session,
        desk=desk_of(session),
        zone=zone_of(session.time_zone if session else "", settings.instance_time_zone),
        **values,
    )
    # Others' pictures and films are shown from copies here, so a page never asks another host.
    files = f"'self'{_sources([settings.media_base_url])}"
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
    response = HTMLResponse(html, status, page_headers)
    if request.query_params.get("lang") in LANGUAGES:
        set_cookie(request, response, _language_cookie(request), language, _YEAR_SECONDS)
    return response


def desk_of(session: Session | None) -> str | None:
    """Where the desk begins for a moderator; None for whoever has nothing to do there."""
    return first_page(session.permissions) if session else None


def render_text(template: str, **values: Any) -> str:
    """A template as it is, for what is no page."""
    return _templates.get_template(template).render(values)


def language_of(request: Request) -> str:
    """Dutch or English: asked for by `lang`, now or before, else the browser's first of the two."""
    wanted = [
        request.query_params.get("lang", ""),
        request.cookies.get(_language_cookie(request), ""),
    ]
    wanted += request.headers.get("accept-language", "")[:200].split(",")
    for tag in wanted:
        if (language := tag.strip()[:2].lower()) in LANGUAGES:
            return language
    return "en"


def texts_of(request: Request) -> dict[str, str]:
    """All texts in the reader's language, by `table.key`."""
    return texts_in(language_of(request))


def language_names(request: Request) -> dict[str, str]:
    """Names of all languages that posts and texts can be in, by code, in the reader's own."""
    return names_in(language_of(request))


def _language_cookie(request: Request) -> str:
    return f"{cookie_name(request)}_lang"


def _here(request: Request) -> str:
    """The page itself, to come back to; the front page where it is the answer to a form."""
    if request.method != "GET":
        return "/"
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _in_other_language(request: Request, language: str) -> tuple[str, str] | None:
    """The other language and the address of the page in it; None for the answer to a form."""
    if request.method != "GET":
        return None
    [other] = (known for known in LANGUAGES if known != language)
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
    return other, f"?{urlencode([*kept, ('lang', other)])}"


@cache
def texts_in(language: str) -> dict[str, str]:
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


@jinja2.pass_context
def _time(context: jinja2.runtime.Context, at: datetime) -> Markup:
    """On the reader's clock, of which it tells the name; for programs in UTC."""
    return Markup('<time datetime="{}">{}</time>').format(
        at.astimezone(UTC).isoformat(timespec="seconds"), on_clock(at, context["zone"])
    )


_templates.globals["static"] = static_path
_templates.filters["time"] = _time
_templates.filters["browser"] = browser_name
