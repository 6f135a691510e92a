from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from server.text.times import is_time_zone, on_clock, time_zones, zone_of

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "otherwise", "shown"),
    [
        ("Europe/Amsterdam", "UTC", "2026-07-01 14:00 CEST"),
        ("", "Europe/Amsterdam", "2026-07-01 14:00 CEST"),
        ("America/Sao_Paulo", "UTC", "2026-07-01 09:00 -03"),
        ("", "UTC", "2026-07-01 12:00 UTC"),
        ("Nowhere/Town", "Europe/Amsterdam", "2026-07-01 12:00 UTC"),
        ("../etc/passwd", "UTC", "2026-07-01 12:00 UTC"),
    ],
)
def test_a_moment_is_on_the_reader_s_clock(chosen: str, otherwise: str, shown: str) -> None:
    assert on_clock(NOON, zone_of(chosen, otherwise)) == shown


@pytest.mark.parametrize(
    ("at", "zone", "shown"),
    [
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "Europe/Amsterdam", "9999-12-31 23:59 UTC"),
        (datetime(1, 1, 1, tzinfo=UTC), "America/New_York", "0001-01-01 00:00 UTC"),
    ],
)
def test_a_poll_of_others_without_end_breaks_no_page(at: datetime, zone: str, shown: str) -> None:
    assert on_clock(at, zone_of(zone, "UTC")).zfill(len(shown)) == shown


def test_clocks_are_named_after_cities() -> None:
    names = time_zones()
    assert names[0] == "UTC"
    assert {"Europe/Amsterdam", "Asia/Kolkata", "America/Indiana/Knox"} <= set(names)
    assert not {"US/Pacific", "Etc/GMT-1", "CET"} & set(names)
    assert all(ZoneInfo(name) for name in names)
    assert [is_time_zone(name) for name in ("Etc/GMT-1", "", "toto", "/etc/passwd")] == [
        True, False, False, False
    ]  # fmt: skip
