"""Owners say what holds on their instance: rules, in an order and in some languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.errors import Invalid
from server.runtime import Runtime
from server.store import audit_log, rules
from server.store.rules import Rule
from server.text.language import normal_language
from server.transaction import Transaction

LONGEST = 1000
_LONGEST_NAME = 100  # in the log


@dataclass(frozen=True, slots=True)
class Words:
    """A rule as it is said: the same in other languages by their codes, {text, hint} each."""

    text: str
    hint: str = ""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


async def add_rule(runtime: Runtime, moderator_id: int | None, words: Words) -> int:
    """A new rule after all others; gives its number. Raises Invalid."""
    new = _checked(words)
    async with runtime.transaction() as tx:
        rule_id = await rules.insert_rule(tx.db, new.text, new.hint, _as_dict(new))
        await _record(tx, moderator_id, "create", rule_id, new.text)
    return rule_id


async def change_rule(
    runtime: Runtime, moderator_id: int | None, rule_id: int, words: Words
) -> None:
    """Say a rule otherwise, with these translations alone. Raises NotFound, Invalid."""
    new = _checked(words)
    async with runtime.transaction() as tx:
        await rules.update_rule(tx.db, Rule(rule_id, new.text, new.hint, _as_dict(new)))
        await _record(tx, moderator_id, "update", rule_id, new.text)


async def translate_rule(
    runtime: Runtime, moderator_id: int | None, rule_id: int, language: str, words: Words
) -> None:
    """Say a rule in one more language. Raises NotFound, Invalid."""
    rule = await rules.get_rule(runtime.db, rule_id)
    said = {**rule.translations, language: {"text": words.text, "hint": words.hint}}
    _checked(words)
    await change_rule(runtime, moderator_id, rule_id, Words(rule.text, rule.hint, said))


async def move_rule(runtime: Runtime, moderator_id: int | None, rule_id: int, place: int) -> None:
    """Put a rule at a place, counted from 1. Raises NotFound."""
    async with runtime.transaction() as tx:
        rule = await rules.get_rule(tx.db, rule_id)
        await rules.move_rule(tx.db, rule_id, place)
        await _record(tx, moderator_id, "update", rule_id, rule.text)


async def step_rule(runtime: Runtime, moderator_id: int | None, rule_id: int, by: int) -> None:
    """Put a rule further down by some places, or up. Raises NotFound."""
    ids = [rule.id for rule in await rules.list_rules(runtime.db)]
    place = ids.index(rule_id) + 1 if rule_id in ids else 0  # it may be gone: then it is not moved
    await move_rule(runtime, moderator_id, rule_id, place + by)


async def delete_rule(runtime: Runtime, moderator_id: int | None, rule_id: int) -> None:
    """Take a rule away. Raises NotFound."""
    async with runtime.transaction() as tx:
        rule = await rules.get_rule(tx.db, rule_id)
        await rules.delete_rule(tx.db, rule_id)
        await _record(tx, moderator_id, "destroy", rule_id, rule.text)


def _checked(words: Words) -> Words:
    """Without spaces around it, and without translations that say nothing. Raises Invalid."""
    said = {}
    for language, one in words.translations.items():
        text, hint = one.get("text", "").strip(), one.get("hint", "").strip()
        if not (text or hint):
            continue
        code = normal_language(language)
        if code is None:
            raise Invalid("There is no such language; a code is like nl or en")
        said[code] = {"text": text, "hint": hint}
    text, hint = words.text.strip(), words.hint.strip()
    parts = [text, hint, *(part for one in said.values() for part in one.values())]
    if not text or max(map(len, parts)) > LONGEST:
        raise Invalid(f"A rule and its hint have at most {LONGEST} characters, and some text")
    return Words(text, hint, said)


def _as_dict(words: Words) -> dict[str, dict[str, str]]:
    return {language: dict(one) for language, one in words.translations.items()}


async def _record(
    tx: Transaction, moderator_id: int | None, action: str, rule_id: int, text: str
) -> None:
    await audit_log.record(tx.db, moderator_id, action, "rule", rule_id, text[:_LONGEST_NAME])
