"""Members are told by mail of the terms that hold from a day on, each of them once."""

from collections.abc import Mapping
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from server.errors import Invalid, NotFound
from server.mail.message import Letter, compose
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.store import audit_log, terms_notices
from server.store.terms_notices import Day
from server.text.notices import LANGUAGES, language_of

LONGEST = 2000
_AT_ONCE = 200  # so that other mails get their turn between


async def get_day(runtime: Runtime, day: date) -> Day:
    """The day of terms of which members can be told. Raises NotFound."""
    found = [one for one in await terms_notices.list_days(runtime.db) if one.day == day]
    if not found:
        raise NotFound
    return found[0]


def preview(runtime: Runtime, day: date, words: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The mail as a member `anna` would read it: subject and text by language."""
    found = {}
    for language in LANGUAGES:
        values = _values(runtime, day, "anna", language, words)
        letter = Letter("anna@example.org", "terms", language, values, "preview")
        message = message_from_bytes(compose(letter, runtime.settings), policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body
        text = body.get_content().replace("\r\n", "\n").strip()
        found[language] = (str(message["Subject"]), text)
    return found


async def tell_members(
    runtime: Runtime, moderator_id: int, day: date, words: Mapping[str, str]
) -> None:
    """Have all told who are members now. `words` say by language what changes, if they say it.

    Raises NotFound, Invalid.
    """
    check_words(words)
    await get_day(runtime, day)
    if not runtime.settings.smtp_url:
        raise Invalid("This instance sends no mail")
    async with runtime.transaction() as tx:
        if not await terms_notices.insert_notice(tx.db, day, words):
            raise Invalid("Members are told of these terms already")
        tx.enqueue("tell_of_terms", day.isoformat())
        await audit_log.record(
            tx.db, moderator_id, "distribute", "terms_of_service", None, f"{day}"
        )


def check_words(words: Mapping[str, str]) -> None:
    """Raises Invalid."""
    if any(len(text) > LONGEST or "\x00" in text for text in words.values()):
        raise Invalid(f"What changes is told in at most {LONGEST} characters")


async def tell_of_terms_job(runtime: Runtime, written: str) -> None:
    """Job: mail some members, then call itself for the others.

    What is written and who was told are one transaction, so another call goes on from there.
    """
    day = date.fromisoformat(written)
    async with runtime.transaction() as tx:
        words = await terms_notices.get_words(tx.db, day)
        readers = await terms_notices.take_readers(tx.db, day, _AT_ONCE)
        for reader in readers:
            language = language_of(reader.locale)
            enqueue_mail(
                runtime,
                tx,
                reader.email,
                "terms",
                language,
                _values(runtime, day, reader.username, language, words),
                message_id=f"terms-{day}-{reader.account_id}",
            )
        if len(readers) == _AT_ONCE:
            tx.enqueue("tell_of_terms", written)


def _values(
    runtime: Runtime, day: date, name: str, language: str, words: Mapping[str, str]
) -> dict[str, Any]:
    """Whoever finds no words in their language gets those in another one."""
    said = [words.get(language, ""), *words.values()]
    settings = runtime.settings
    return {
        "name": name,
        "day": day.isoformat(),
        "url": f"{settings.origin}/terms-of-service/{day}?lang={language}",
        "words": next((text.strip() for text in said if text.strip()), ""),
        "contact": settings.instance_contact_email,
    }
