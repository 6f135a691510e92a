"""Which part of a list is read: Mastodon's three bounds, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """Entries below `max_id`, above `since_id`, or (nearest first) above `min_id`."""

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None


def bounds(page: Page, column: str, first: int) -> str:
    """SQL: `AND …` conditions on `column`, `ORDER BY` and `LIMIT` for the page.

    Uses the parameters `$first` to `$first+2` with the values of `arguments(page)`.
    """
    order = "ASC" if page.min_id is not None else "DESC"
    return (
        f" AND {column} < ${first}::bigint AND {column} > ${first + 1}::bigint"
        f" ORDER BY {column} {order} LIMIT ${first + 2}::integer"
    )


def arguments(page: Page) -> tuple[int, int, int]:
    """Values for the parameters of `bounds`."""
    highest = 2**63 - 1 if page.max_id is None else page.max_id
    lowest = page.min_id if page.min_id is not None else page.since_id or 0
    return highest, lowest, page.limit


def newest_first(rows: Sequence[T], page: Page) -> list[T]:
    """Rows as read by `bounds`, in the order in which they are shown."""
    return list(reversed(rows)) if page.min_id is not None else list(rows)
