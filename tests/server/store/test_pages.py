import asyncpg
import pytest

from server.store.pages import Page, arguments, bounds, newest_first


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(3), [9, 8, 7]),
        (Page(3, max_id=5), [4, 3, 2]),
        (Page(3, since_id=4), [9, 8, 7]),
        (Page(3, min_id=4), [7, 6, 5]),
        (Page(9, max_id=8, min_id=5), [7, 6]),
        (Page(9, max_id=8, since_id=5), [7, 6]),
    ],
)
async def test_the_three_bounds(database_url: str, page: Page, expected: list[int]) -> None:
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        f"SELECT n FROM generate_series(1, 9) n WHERE $1 {bounds(page, 'n', 2)}",
        True,
        *arguments(page),
    )
    await connection.close()
    assert [row["n"] for row in newest_first(rows, page)] == expected
