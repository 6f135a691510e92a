"""Holds an answer against what the table and the entities say it must look like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from tests.contract.opened import OPENED_FIELDS

_FILE = Path(__file__).with_name("entities.json")
_FORMATS = {
    "integer-as-string": r"\d+",
    "unix-timestamp-string": r"\d+",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "iso8601": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "date": r"\d{4}-\d\d-\d\d",
    # Empty where a preview card has none; Mastodon's own addresses are absolute.
    "uri": r"([a-z][a-z0-9+.-]*:\S+)?",
    "iso639": r"[a-z]{2,3}(-[A-Za-z]+)*",
    "email": r"([^@\s]+@[^@\s]+)?",
}
_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
_WORDS = {"String": "string", "Integer": "integer", "Boolean": "boolean", "JSON": "object"}


@dataclass(slots=True)
class Report:
    """`problems` break the contract; `extras` are fields of ours that Mastodon has not."""

    problems: list[str] = field(default_factory=list)
    extras: set[str] = field(default_factory=set)


def check(returns: str, value: Any) -> Report:
    """Compare a decoded answer with a `returns` of the table, like `[Status]` or `{a?: Poll}`."""
    report = Report()
    _check_returns(returns, value, returns, report)
    return report


@cache
def entities() -> dict[str, dict[str, Any]]:
    """Fields of each entity by name, those of what it extends included."""
    given = orjson.loads(_FILE.read_bytes())

    def fields(name: str) -> dict[str, Any]:
        entity = given[name]
        inherited = fields(entity["extends"]) if "extends" in entity else {}
        own = {path: {**rule, "of": name} for path, rule in entity["fields"].items()}
        return {**inherited, **own}

    return {name: fields(name) for name in given}


def _check_returns(returns: str, value: Any, where: str, report: Report) -> None:
    if returns.startswith("["):
        if not isinstance(value, list):
            report.problems.append(f"{where}: must be an array, is {_kind(value)}")
            return
        for number, element in enumerate(value):
            _check_returns(returns[1:-1], element, f"{where}[{number}]", report)
    elif returns.startswith("{"):
        _check_object(returns, value, where, report)
    elif returns in _WORDS:
        _check_type({"type": _WORDS[returns]}, value, where, report)
    else:
        _check_one_of(returns.split("|"), value, where, report)


def _check_object(returns: str, value: Any, where: str, report: Report) -> None:
    """`{}` is empty; in `{a: X, b?: Y}` the keys are told and b may be missing."""
    if not isinstance(value, dict):
        report.problems.append(f"{where}: must be an object, is {_kind(value)}")
        return
    told = dict(re.findall(r"(\w+\??): (\[?\{.*?\}\]?|[^,{}]+)", returns[1:-1]))
    for key, kind in told.items():
        name = key.rstrip("?")
        if name in value:
            _check_returns(kind, value[name], f"{where}.{name}", report)
        elif not key.endswith("?"):
            report.problems.append(f"{where}.{name}: is missing")
    unknown = value.keys() - {key.rstrip("?") for key in told}
    if unknown and not told:
        report.problems.append(f"{where}: must be empty, has {sorted(unknown)}")


def _check_one_of(names: list[str], value: Any, where: str, report: Report) -> None:
    """The entity that knows most of the fields is meant."""
    given = set(value) if isinstance(value, dict) else set()
    meant = max(names, key=lambda name: len(given & entities().get(name, {}).keys()))
    _check_entity(meant, value, where, report)


def _check_entity(name: str, value: Any, where: str, report: Report) -> None:
    if not isinstance(value, dict):
        report.problems.append(f"{where}: must be a {name}, is {_kind(value)}")
        return
    known = set()
    for path, rule in entities()[name].items():
        segments = re.split(r"\]?\[|\]", path.rstrip("]"))
        known.add(segments[0])
        if "removed_in" in rule:
            continue
        for holder, place in _holders(value, segments[:-1], f"{where}.{name}"):
            if f"{rule['of']}.{path}" in OPENED_FIELDS:
                _check_opened(holder, segments[-1], place, report)
            else:
                _check_field(rule, holder, segments[-1], place, report)
    report.extras |= {f"{name}.{key}" for key in value.keys() - known}


def _holders(value: Any, segments: list[str], where: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects in which a nested field must stand; none where something above is missing."""
    if not segments:
        if isinstance(value, dict):
            yield value, where
    elif segments[0] == "":
        for element in value if isinstance(value, list) else []:
            yield from _holders(element, segments[1:], f"{where}[]")
    elif isinstance(value, dict):
        yield from _holders(value.get(segments[0]), segments[1:], f"{where}.{segments[0]}")


def _check_field(
    rule: dict[str, Any], holder: dict[str, Any], key: str, place: str, report: Report
) -> None:
    where = f"{place}.{key}"
    if key not in holder:
        if not rule.get("optional"):
            report.problems.append(f"{where}: is missing")
    elif holder[key] is None:
        if not rule.get("nullable"):
            report.problems.append(f"{where}: must not be null")
    else:
        _check_value(rule, holder[key], where, report)


def _check_opened(holder: dict[str, Any], key: str, place: str, report: Report) -> None:
    if key in holder:
        report.problems.append(f"{place}.{key}: is there now, so it is not open any more")


def _check_value(rule: dict[str, Any], value: Any, where: str, report: Report) -> None:
    if not _check_type(rule, value, where, report):
        return
    if "enum" in rule and value not in rule["enum"]:
        report.problems.append(f"{where}: {value!r} is none of {rule['enum']}")
    if isinstance(value, list):
        for number, element in enumerate(value):
            _check_value(rule.get("items", {}), element, f"{where}[{number}]", report)
    elif "oneOf" in rule:
        _check_one_of(rule["oneOf"], value, where, report)
    elif "$ref" in rule:
        _check_entity(rule["$ref"], value, where, report)


def _check_type(rule: dict[str, Any], value: Any, where: str, report: Report) -> bool:
    kinds = rule.get("type", "object" if "$ref" in rule else ())
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if kinds and not any(_is(value, kind) for kind in kinds):
        report.problems.append(f"{where}: must be {' or '.join(kinds)}, is {_kind(value)}")
        return False
    pattern = _FORMATS.get(rule.get("format", ""))
    if isinstance(value, str) and pattern and not re.fullmatch(pattern, value):
        report.problems.append(f"{where}: {value[:80]!r} is no {rule['format']}")
    return True


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _kind(value: Any) -> str:
    return f"{type(value).__name__} {str(value)[:60]!r}"
