from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from server.mail.message import Letter, compose
from server.settings import Settings, load_settings
from server.store.mail_choices import KINDS, OF_STAFF

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINK = "https://wandel.example/mail/unsubscribe?token=" + "a" * 120
ITEM = {
    "line": "Ben <b> noemde je",
    "handle": "@ben@far.example",
    "url": "https://far.example/1",
    "text": "één <script> & twee\nregels",
}


@pytest.fixture
def settings() -> Settings:
    return load_settings(
        {},
        data=Path("nowhere"),
        origin="https://wandel.example",
        instance_title="Water & Bodem",
        smtp_url="smtp://127.0.0.1",
        smtp_from="mail@wandel.example",
    )


def letter(**more: Any) -> Letter:
    values = {
        "subject": "Ben noemde je",
        "name": "anna",
        "kind": "mention",
        "items": [ITEM],
        "rest": 0,
    }
    values |= more.pop("values", {})
    made = {
        "to": "anna@example.org",
        "template": "notifications",
        "locale": "nl",
        "message_id": "m-1",
        "values": values,
        **more,
    }
    return Letter(**made)


def read(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain
    assert html
    return plain.get_content(), html.get_content()


def test_a_whole_mail(settings: Settings) -> None:
    raw = compose(letter(unsubscribe_url=LINK, list_id="mention.notifications"), settings, NOW)
    message = read(raw)
    assert {name: message[name] for name in ("To", "Subject", "Message-ID", "Auto-Submitted")} == {
        "To": "anna@example.org",
        "Subject": "Ben noemde je",
        "Message-ID": "<m-1@wandel.example>",
        "Auto-Submitted": "auto-generated",
    }
    assert message["From"] == "Water & Bodem <mail@wandel.example>"
    assert message["List-Id"] == "<mention.notifications.wandel.example>"
    # One-click unsubscribing (RFC 8058, 3.1), each header in one unbroken line.
    assert f"\r\nList-Unsubscribe: <{LINK}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    plain, html = parts(message)
    assert "Dag anna," in plain
    assert "één <script> & twee" in plain
    assert "https://far.example/1" in plain
    assert LINK in plain
    assert '<html lang="nl">' in html
    assert "één &lt;script&gt; &amp; twee" in html
    assert "Ben &lt;b&gt; noemde je" in html
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("locale", ["nl", "nl-BE", "en", "de"])
@pytest.mark.parametrize("kind", [*KINDS, *OF_STAFF])
def test_every_kind_has_its_texts(settings: Settings, locale: str, kind: str) -> None:
    message = read(compose(letter(locale=locale, values={"kind": kind, "rest": 3}), settings))
    plain, html = parts(message)
    assert ("Dag" in plain, "Hello" in plain) == (
        (True, False) if "nl" in locale else (False, True)
    )
    assert "{" not in plain + html


def test_without_a_link_there_is_no_header(settings: Settings) -> None:
    message = read(compose(letter(), settings))
    assert "List-Unsubscribe" not in message
    assert "unsubscribe" not in "".join(parts(message))


def test_nobody_writes_headers_by_a_name(settings: Settings) -> None:
    raw = compose(letter(values={"subject": "x\r\nBcc: all@example.org\r\n\r\nhello"}), settings)
    message = read(raw)
    assert "Bcc" not in message
    assert message["Subject"] == "x  Bcc: all@example.org    hello"


@pytest.mark.parametrize("to", ["anna", "a@b@c", "anna@exämple.org", "x@y\r\nBcc: z@z"])
def test_receivers_that_are_no_addresses(settings: Settings, to: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        compose(letter(to=to), settings)


def test_a_port_is_no_part_of_the_ids(settings: Settings) -> None:
    raw = compose(letter(), replace(settings, origin="http://localhost:3000"))
    assert read(raw)["Message-ID"] == "<m-1@localhost>"
