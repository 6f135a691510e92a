"""A mail out of a template: text and HTML, in the reader's language."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import msgspec

from server.settings import Settings
from server.text.notices import language_of
from server.text.sanitize import clean_line

_FOLDER = Path(__file__).parent
_LONGEST_SUBJECT = 200
_POLICY = SMTP.clone(cte_type="7bit")
# Headers in one line each: some readers do not join the pieces of a folded address.
_UNFOLDED = _POLICY.clone(max_line_length=998)

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
    autoescape=jinja2.select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


class Letter(msgspec.Struct, frozen=True):
    """What a mail is made of: `template` names files in templates/ and a table of the locales.

    Its subject is the text `subject` of that table with `values` put in. `message_id` is the part
    before the @ and the same for the same mail sent twice. With `unsubscribe_url` and `list_id`,
    it can be ended in one click (RFC 8058, RFC 2919).
    """

    to: str
    template: str
    locale: str
    values: dict[str, Any]
    message_id: str
    unsubscribe_url: str | None = None
    list_id: str | None = None


def compose(letter: Letter, settings: Settings, now: datetime | None = None) -> bytes:
    """The whole message (RFC 5322). Raises ValueError for a receiver that is no address."""
    language = language_of(letter.locale)
    t = _texts(language)
    host = urlsplit(settings.origin).hostname or "localhost"
    message = EmailMessage(_POLICY)
    message["From"] = Address(
        clean_line(settings.instance_title, 100), addr_spec=settings.smtp_from
    )
    message["To"] = _address(letter.to)
    subject = t(f"{letter.template}.subject").format(**letter.values)
    message["Subject"] = clean_line(subject, _LONGEST_SUBJECT)
    message["Date"] = now or datetime.now(UTC)
    message["Message-ID"] = f"<{letter.message_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.list_id:
        message["List-Id"] = f"<{letter.list_id}.{host}>"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    shown = {
        **letter.values,
        "t": t,
        "language": language,
        "title": settings.instance_title,
        "origin": settings.origin,
        "unsubscribe_url": letter.unsubscribe_url,
    }
    message.set_content(_templates.get_template(f"{letter.template}.txt").render(shown))
    html = _templates.get_template(f"{letter.template}.html").render(shown)
    message.add_alternative(html, subtype="html")
    return message.as_bytes(policy=_UNFOLDED)


def text(locale: str, key: str) -> str:
    """A text of a locale, `table.key`, for values that are put into mails."""
    return _texts(language_of(locale))(key)


def _address(spec: str) -> Address:
    try:
        address = Address(addr_spec=spec)
    except HeaderParseError as error:
        raise ValueError(str(error)) from error
    if not address.addr_spec.isascii():
        raise ValueError("an address beyond ASCII, which few servers take")
    return address


@cache
def _texts(language: str) -> Callable[[str], str]:
    document = tomllib.loads((_FOLDER / "locales" / f"{language}.toml").read_text("utf-8"))
    return {
        f"{table}.{key}": text for table, texts in document.items() for key, text in texts.items()
    }.__getitem__
