"""Owners write what their instance says of itself, in Markdown, each text in some languages."""

from datetime import UTC, date, datetime

from server.errors import Invalid
from server.runtime import Runtime
from server.store import audit_log, instance_texts
from server.text.documents import LONGEST
from server.text.language import normal_language

KINDS = ("extended_description", "privacy_policy")


async def write_text(
    runtime: Runtime, moderator_id: int | None, kind: str, language: str, markdown: str
) -> None:
    """Write one of KINDS, or write it anew. Raises Invalid."""
    code = _language(runtime, language)
    _check(markdown)
    async with runtime.transaction() as tx:
        await instance_texts.put_text(tx.db, kind, code, markdown)
        await audit_log.record(
            tx.db, moderator_id, "update", "instance_text", None, f"{kind} {code}"
        )


async def remove_text(runtime: Runtime, moderator_id: int | None, kind: str, language: str) -> None:
    """Go back to the text that ships with the program."""
    async with runtime.transaction() as tx:
        if await instance_texts.delete_text(tx.db, kind, language):
            await audit_log.record(
                tx.db, moderator_id, "destroy", "instance_text", None, f"{kind} {language}"
            )


async def write_terms(
    runtime: Runtime, moderator_id: int | None, day: date, language: str, markdown: str
) -> None:
    """Write the terms that hold from a day on. Raises Invalid.

    What members agreed to, or were told of, is changed by no moderator: other terms hold from
    another day on.
    """
    code = _language(runtime, language)
    _check(markdown)
    if moderator_id and day < datetime.now(UTC).date():
        raise Invalid("Terms cannot hold from a day that is over")
    async with runtime.transaction() as tx:
        only_coming = moderator_id is not None
        if not await instance_texts.put_terms(tx.db, day, code, markdown, only_coming=only_coming):
            raise Invalid("These terms hold already, or members were told of them")
        await audit_log.record(
            tx.db, moderator_id, "publish", "terms_of_service", None, f"{day} {code}"
        )


async def remove_terms(
    runtime: Runtime, moderator_id: int | None, day: date, language: str
) -> None:
    """Take terms away that do not hold yet, and of which nobody was told."""
    async with runtime.transaction() as tx:
        if await instance_texts.delete_coming_terms(tx.db, day, language):
            await audit_log.record(
                tx.db, moderator_id, "destroy", "terms_of_service", None, f"{day} {language}"
            )


def _language(runtime: Runtime, language: str) -> str:
    code = normal_language(language or runtime.settings.instance_languages[0])
    if code is None:
        raise Invalid("There is no such language; a code is like nl or en")
    return code


def _check(markdown: str) -> None:
    if not markdown.strip() or len(markdown) > LONGEST or "\x00" in markdown:
        raise Invalid(f"A text has at most {LONGEST} characters, and some words")
