"""Writes docs/mastodon-api.md from the table of the contract and the routes: `make docs`."""

from collections import Counter
from pathlib import Path

from tests.contract.opened import OPENED, OPENED_FIELDS
from tests.contract.recipes import RECIPES
from tests.contract.table import Endpoint, read_table

PAGE = Path(__file__).with_name("mastodon-api.md")
TIERS = ("core", "common", "rare", "admin")
STATES = ("works", "routed", "open", "removed")
_HEAD = """\
# The Mastodon API, row by row

Every address of Mastodon 4.6 and how it stands here. This page is made by `make docs` from
[the table of the contract](../tests/contract/README.md), the routes and the list of what is open.

- **works**: `tests/contract` calls it with data in place and holds the answer, its paging and its
  refusals against Mastodon's entities.
- **routed**: it answers, but the contract test has no call for it.
- **open**: not there yet, or not yet as Mastodon answers.
- **removed**: Mastodon itself has taken it away.

Tiers say who calls: *core* most clients, *common* at least one, *rare* libraries alone.

"""


def page() -> str:
    """The whole page."""
    rows = read_table()
    counts = Counter((row.tier, state(row)) for row in rows)
    lines = ["| Tier | " + " | ".join(STATES) + " |\n", "|---" * (len(STATES) + 1) + "|\n"]
    for tier in TIERS:
        numbers = (str(counts[tier, name] or "") for name in STATES)
        lines.append(f"| {tier} | {' | '.join(numbers)} |\n")
    for tier in TIERS:
        lines += [f"\n## {tier}\n\n", "| Method | Path | State |\n|---|---|---|\n"]
        lines += [_line(row) for row in rows if row.tier == tier]
    if OPENED_FIELDS:
        lines.append("\n## Fields that are missing\n\n")
        lines += [f"- `{name}` (comes with {what})\n" for name, what in OPENED_FIELDS.items()]
    return _HEAD + "".join(lines)


def state(row: Endpoint) -> str:
    """One of STATES."""
    if row.removed_in and not row.is_routed:
        return "removed"
    if row.name in OPENED or not row.is_routed:
        return "open"
    return "works" if row.name in RECIPES else "routed"


def _line(row: Endpoint) -> str:
    waits = f" ({OPENED[row.name]})" if row.name in OPENED else ""
    return f"| {row.method} | `{row.path}` | {state(row)}{waits} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
