"""Follows, blocks and so on as CSV: exactly what Mastodon exports, and whatever it imports."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from server.errors import Invalid, TooLarge

_MOST_ROWS = 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TRUE = {"true", "t", "1", "yes", "on"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: its file, columns as (header, name), and whether the headers are written."""

    file_name: str
    columns: tuple[tuple[str, str], ...]
    has_header: bool = False


KINDS = {
    "following": Kind(
        "following_accounts.csv",
        (
            ("Account address", "acct"),
            ("Show boosts", "show_boosts"),
            ("Notify on new posts", "notify"),
            ("Languages", "languages"),
        ),
        has_header=True,
    ),
    "lists": Kind("lists.csv", (("List name", "list_name"), ("Account address", "acct"))),
    "blocking": Kind("blocked_accounts.csv", (("Account address", "acct"),)),
    "muting": Kind(
        "muted_accounts.csv",
        (("Account address", "acct"), ("Hide notifications", "hide_notifications")),
        has_header=True,
    ),
    "domain_blocking": Kind("blocked_domains.csv", (("#domain", "domain"),)),
    "bookmarks": Kind("bookmarks.csv", (("#uri", "uri"),)),
}
_NAMES = {header: name for kind in KINDS.values() for header, name in kind.columns}
_BOOLEANS = {"show_boosts": True, "notify": False, "hide_notifications": True}


def write_table(kind: str, rows: Iterable[Sequence[Any]], *, has_header: bool | None = None) -> str:
    """The CSV; cells that a spreadsheet would take for formulas are made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if KINDS[kind].has_header if has_header is None else has_header:
        writer.writerow([header for header, _ in KINDS[kind].columns])
    writer.writerows([harmless(_cell(value)) for value in row] for row in rows)
    return text.getvalue()


def read_table(kind: str, body: bytes) -> list[dict[str, Any]]:
    """The rows with the names of the kind's columns, with Mastodon's defaults for what is missing.

    A first line of headers may be there or not, in any order. Raises Invalid, TooLarge.
    """
    try:
        lines = _read_lines(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid("Validation failed: Data is not a CSV file") from error
    if not lines:
        raise Invalid("Validation failed: Data is empty")
    headers = [header for header, _ in KINDS[kind].columns]
    if lines[0][0].strip() in _NAMES:
        headers = [header.strip() for header in lines.pop(0)]
    if len(lines) > _MOST_ROWS:
        raise TooLarge(f"Validation failed: Data has more than {_MOST_ROWS} rows")
    wanted = [name for _, name in KINDS[kind].columns]
    rows = []
    for line in lines:
        cells = {_NAMES.get(h, h): plain(cell) for h, cell in zip(headers, line, strict=False)}
        if cells.get(wanted[0]):
            rows.append({name: _value(name, cells.get(name, "")) for name in wanted})
    if not rows:
        raise Invalid("Validation failed: Data has no rows of this kind")
    return rows


def _read_lines(text: str) -> list[list[str]]:
    """Rows of cells without empty ones; spreadsheets of some languages write semicolons.

    Raises csv.Error, also for what is no text.
    """
    if "\x00" in text:
        raise csv.Error("no text holds NUL")
    first = text.partition("\n")[0]
    is_semicolons = "," not in first and first.partition(";")[0].strip() in _NAMES
    reader = csv.reader(io.StringIO(text), delimiter=";" if is_semicolons else ",")
    return [line for line in reader if any(line)]


def harmless(cell: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def plain(cell: str) -> str:
    """A cell as it was before it was made harmless."""
    return (
        cell[1:].strip() if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell.strip()
    )


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _value(name: str, cell: str) -> Any:
    if name in _BOOLEANS:
        return cell.lower() in _TRUE if cell else _BOOLEANS[name]
    if name == "languages":
        return [code.strip() for code in cell.split(",") if code.strip()] or None
    return cell.removeprefix("@") if name == "acct" else cell
