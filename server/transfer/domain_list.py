"""Lists of blocked domains as Mastodon's CSV."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from server.errors import Invalid
from server.store.domain_rules import NewRule, Rule

_COLUMNS = (
    "#domain",
    "#severity",
    "#reject_media",
    "#reject_reports",
    "#public_comment",
    "#obfuscate",
)
_MOST_ROWS = 50_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One domain of a list."""

    domain: str
    rule: NewRule


def write_domain_list(rules: Iterable[Rule]) -> str:
    """The CSV that Mastodon imports; no cell begins a formula of a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for rule in rules:
        comment = rule.public_comment or ""
        writer.writerow(
            [
                rule.domain,
                rule.severity,
                _written(rule.reject_media),
                _written(rule.reject_reports),
                f"'{comment}" if comment.startswith(_FORMULA) else comment,
                _written(rule.obfuscate),
            ]
        )
    return file.getvalue()


def read_domain_list(text: str) -> list[Line]:
    """The lines of a CSV with or without a head; a list of bare domains suspends them.

    Raises Invalid for more than 50,000 rows or what is no CSV.
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if row]
    except csv.Error as error:
        raise Invalid(f"not a CSV: {error}") from error
    if len(rows) > _MOST_ROWS:
        raise Invalid(f"at most {_MOST_ROWS} domains at once")
    head = ["domain"]
    if rows and rows[0][0].strip().lower().lstrip("#") == "domain":
        head = [name.strip().lower().lstrip("#") for name in rows.pop(0)]
    return [_line(dict(zip(head, row, strict=False))) for row in rows if row[0].strip()]


def _line(cells: dict[str, str]) -> Line:
    comment = cells.get("public_comment", "").strip()
    return Line(
        cells["domain"].strip().removeprefix("*."),  # some write it: a rule holds below it anyway
        NewRule(
            severity=cells.get("severity", "").strip() or "suspend",
            reject_media=_is_true(cells.get("reject_media")),
            reject_reports=_is_true(cells.get("reject_reports")),
            public_comment=comment.removeprefix("'") or None,
            obfuscate=_is_true(cells.get("obfuscate")),
        ),
    )


def _written(value: bool) -> str:
    return str(value).lower()


def _is_true(cell: str | None) -> bool:
    return (cell or "").strip().lower() in {"true", "1", "yes"}
