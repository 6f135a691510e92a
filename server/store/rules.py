"""Rules of the instance, in the order in which they are shown."""

from collections.abc import Collection
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


_HOLDS = "deleted_at IS NULL"


async def list_rules(db: Database) -> list[Rule]:
    """All, the first one first."""
    rows = await db.fetch(
        f"SELECT id, text, hint, translations FROM rules WHERE {_HOLDS} ORDER BY position, id"
    )
    return [Rule(**row) for row in rows]


async def find_rules(db: Database, ids: Collection[int]) -> list[Rule]:
    """Those with these ids, as reports cite them: also what was taken away since."""
    rows = await db.fetch(
        "SELECT id, text, hint, translations FROM rules WHERE id = ANY($1) ORDER BY position, id",
        list(ids),
    )
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
        f"SELECT id, text, hint, translations FROM rules WHERE id = $1::bigint AND {_HOLDS}",
        rule_id,
    )
    if row is None:
        raise NotFound(f"There is no rule {rule_id}")
    return Rule(**row)


async def update_rule(db: Database, rule: Rule) -> None:
    """Say a rule otherwise. Raises NotFound."""
    tag = await db.execute(
        f"""
        UPDATE rules SET text = $2, hint = $3, translations = $4
        WHERE id = $1::bigint AND {_HOLDS}
        """,
        rule.id,
        rule.text,
        rule.hint,
        rule.translations,
    )
    if not affected(tag):
        raise NotFound(f"There is no rule {rule.id}")


async def move_rule(db: Connection, rule_id: int, place: int) -> None:
    """Put a rule at a place, counted from 1; the others make room. Raises NotFound."""
    await places.move(db, "rules", rule_id, place, among=_HOLDS)


async def delete_rule(db: Database, rule_id: int) -> None:
    """Take a rule away; reports that cite it go on doing so. Raises NotFound."""
    tag = await db.execute(
        f"UPDATE rules SET deleted_at = now() WHERE id = $1 AND {_HOLDS}", rule_id
    )
    if not affected(tag):
        raise NotFound(f"There is no rule {rule_id}")
