"""What the owners wrote about the instance, in Markdown, each text in some languages."""

from dataclasses import dataclass
from datetime import date, datetime

from server.store.database import Database, affected


@dataclass(frozen=True, slots=True)
class InstanceText:
    """One text in one language."""

    language: str
    markdown: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms in one language; `succeeded_by` is the day on which later ones take over."""

    effective_date: date
    language: str
    markdown: str
    is_effective: bool
    succeeded_by: date | None
    is_told: bool = False  # to members, by mail


async def list_texts(db: Database, kind: str) -> list[InstanceText]:
    """A text in all languages that it was written in."""
    rows = await db.fetch(
        "SELECT language, markdown, updated_at FROM instance_texts WHERE kind = $1 ORDER BY 1", kind
    )
    return [InstanceText(**row) for row in rows]


async def put_text(db: Database, kind: str, language: str, markdown: str) -> None:
    """Write a text, or write it anew."""
    await db.execute(
        """
        INSERT INTO instance_texts (kind, language, markdown) VALUES ($1, $2, $3)
        ON CONFLICT (kind, language) DO UPDATE SET markdown = $3, updated_at = now()
        """,
        kind,
        language,
        markdown,
    )


async def delete_text(db: Database, kind: str, language: str) -> bool:
    """Go back to the text that ships with the program; whether there was another one."""
    tag = await db.execute(
        "DELETE FROM instance_texts WHERE kind = $1 AND language = $2", kind, language
    )
    return affected(tag) > 0


async def put_terms(
    db: Database, day: date, language: str, markdown: str, *, only_coming: bool = False
) -> bool:
    """Write the terms that hold from a day on; with `only_coming` none are changed that hold
    already, or of which members were told. Gives whether they were written.
    """
    tag = await db.execute(
        """
        INSERT INTO terms (effective_date, language, markdown) VALUES ($1, $2, $3)
        ON CONFLICT (effective_date, language) DO UPDATE SET markdown = $3
            WHERE NOT $4 OR (terms.effective_date > current_date AND NOT EXISTS (
                SELECT FROM terms_notices n WHERE n.effective_date = terms.effective_date))
        """,
        day,
        language,
        markdown,
        only_coming,
    )
    return affected(tag) > 0


async def list_terms(db: Database, day: date | None) -> list[Terms]:
    """The terms of a day in all languages; for None those that hold now, else the next ones."""
    rows = await db.fetch(
        """
        WITH chosen AS (
            SELECT coalesce($1, (SELECT max(effective_date) FROM terms
                                 WHERE effective_date <= current_date),
                            (SELECT min(effective_date) FROM terms)) AS day)
        SELECT effective_date, language, markdown, effective_date <= current_date AS is_effective,
            (SELECT min(effective_date) FROM terms WHERE effective_date > day) AS succeeded_by
        FROM terms, chosen WHERE effective_date = day ORDER BY language
        """,
        day,
    )
    return [Terms(**row) for row in rows]


async def list_all_terms(db: Database) -> list[Terms]:
    """All terms there are and were, the latest day first."""
    rows = await db.fetch(
        """
        SELECT effective_date, language, markdown, effective_date <= current_date AS is_effective,
            NULL::date AS succeeded_by,
            EXISTS (SELECT FROM terms_notices n
                    WHERE n.effective_date = terms.effective_date) AS is_told
        FROM terms ORDER BY effective_date DESC, language
        """
    )
    return [Terms(**row) for row in rows]


async def delete_coming_terms(db: Database, day: date, language: str) -> bool:
    """Take terms away, unless they hold already or members were told; whether there were any."""
    tag = await db.execute(
        """
        DELETE FROM terms WHERE effective_date = $1 AND language = $2
            AND effective_date > current_date
            AND NOT EXISTS (SELECT FROM terms_notices n WHERE n.effective_date = $1)
        """,
        day,
        language,
    )
    return affected(tag) > 0


async def has_terms(db: Database) -> bool:
    """Whether there are any."""
    return bool(await db.fetchval("SELECT EXISTS (SELECT FROM terms)"))
