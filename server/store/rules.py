"""Rules of the instance, in the order in which they are shown."""

from dataclasses import dataclass

from server.errors import NotFound
from server.store import places
from server.store.database import Connection, Database, affected


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of rules; `translations` are {language: {text, hint}}."""

    id: int
    text: str
    hint: str
    translations: dict[str, dict[str, str]]


async def list_rules(db: Database) -> list[Rule]:
    """All, the first one first."""
    rows = await db.fetch("SELECT id, text, hint, translations FROM rules ORDER BY position, id")
    return [Rule(**row) for row in rows]


async def insert_rule(
    db: Database, text: str, hint: str, translations: dict[str, dict[str, str]]
) -> int:
    """A new rule at the end; gives its id."""
    return int(
        await db.fetchval(
            """
            INSERT INTO rules (position, text, hint, translations)
            SELECT coalesce(max(position), 0) + 1, $1, $2, $3 FROM rules RETURNING id
            """,
            text,
            hint,
            translations,
        )
    )


async def get_rule(db: Database, rule_id: int) -> Rule:
    """One. Raises NotFound."""
    row = await db.fetchrow(
        "SELECT id, text, hint, translations FROM rules WHERE id = $1::bigint", rule_id
    )
    if row is None:
        raise NotFound(f"There is no rule {rule_id}")
    return Rule(**row)


async def update_rule(db: Database, rule: Rule) -> None:
    """Say a rule otherwise. Raises NotFound."""
    tag = await db.execute(
        "UPDATE rules SET text = $2, hint = $3, translations = $4 WHERE id = $1::bigint",
        rule.id,
        rule.text,
        rule.hint,
        rule.translations,
    )
    if not affected(tag):
        raise NotFound(f"There is no rule {rule.id}")


async def move_rule(db: Connection, rule_id: int, place: int) -> None:
    """Put a rule at a place, counted from 1; the others make room. Raises NotFound."""
    await places.move(db, "rules", rule_id, place)


async def delete_rule(db: Database, rule_id: int) -> None:
    """Take a rule away. Raises NotFound."""
    if not affected(await db.execute("DELETE FROM rules WHERE id = $1", rule_id)):
        raise NotFound(f"There is no rule {rule_id}")
