"""What the instance says of itself, in the reader's language, for the API and for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from server.errors import NotFound
from server.store import instance_texts
from server.text.documents import render_document
from web.request import Request

_FOLDER = Path(__file__).parent / "texts"
_SHIPPED_LANGUAGES = ("en", "nl")
_SHIPPED_AT = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Document:
    """A text as HTML."""

    language: str
    html: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TermsDocument:
    """Terms as HTML, with the days between which they hold."""

    language: str
    html: str
    effective_date: date
    is_effective: bool
    succeeded_by: date | None


async def load_text(request: Request, kind: str) -> Document:
    """The extended_description or privacy_policy; without one by the owners, the shipped one."""
    written = await load_written(request, kind)
    if written:
        return written
    language = preferred(request, _SHIPPED_LANGUAGES)
    return Document(language, _html(request, shipped(kind, language)), _SHIPPED_AT)


async def load_written(request: Request, kind: str) -> Document | None:
    """What the owners wrote, in the language that suits the reader best."""
    written = {t.language: t for t in await instance_texts.list_texts(request.runtime.db, kind)}
    if not written:
        return None
    text = written[preferred(request, list(written))]
    return Document(text.language, _html(request, text.markdown), text.updated_at)


async def load_terms(request: Request, day: str | None = None) -> TermsDocument:
    """The terms of a day (YYYY-MM-DD), else those that hold now. Raises NotFound."""
    try:
        wanted = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise NotFound from error
    found = {t.language: t for t in await instance_texts.list_terms(request.runtime.db, wanted)}
    if not found:
        raise NotFound
    terms = found[preferred(request, list(found))]
    return TermsDocument(
        terms.language,
        _html(request, terms.markdown),
        terms.effective_date,
        terms.is_effective,
        terms.succeeded_by,
    )


def preferred(request: Request, available: Sequence[str]) -> str:
    """Which of the languages to show: the reader's, else the instance's first, else any."""
    wanted = [request.query_params.get("lang", "")]
    wanted += request.headers.get("accept-language", "")[:200].split(",")
    wanted += request.runtime.settings.instance_languages
    short = [tag.strip()[:2].lower() for tag in wanted]
    return next((language for language in short if language in available), available[0])


def _html(request: Request, markdown: str) -> str:
    return render_document(markdown.replace("%{domain}", request.addresses.domain))


@cache
def shipped(kind: str, language: str) -> str:
    """The Markdown that comes with the program; nothing where none does."""
    if language not in _SHIPPED_LANGUAGES:
        return ""
    return (_FOLDER / f"{kind}.{language}.md").read_text("utf-8")
