"""Moments on the clock of who reads them, with the name of that clock."""

from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_AREAS = {
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
}  # fmt: skip


@cache
def time_zones() -> tuple[str, ...]:
    """Names to choose from: UTC and all that are a city in a part of the world."""
    names = (name.split("/") for name in _known())
    return "UTC", *sorted("/".join(name) for name in names if len(name) > 1 and name[0] in _AREAS)


def is_time_zone(name: str) -> bool:
    """Whether this machine knows such a clock."""
    return name in _known()


def zone_of(chosen: str, otherwise: str) -> tzinfo:
    """The clock that a reader chose, or the other where there is none; UTC where the machine does
    not know it (any more).
    """
    try:
        return ZoneInfo(chosen or otherwise)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """The moment on a clock; on that of UTC at the ends of time, which others write for "never" and
    which no calendar moves by hours.
    """
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at.astimezone(UTC)


def on_clock(at: datetime, zone: tzinfo) -> str:
    """As pages and mails show it: `2026-11-29 20:21 CET`."""
    return in_zone(at, zone).strftime("%Y-%m-%d %H:%M %Z")


@cache
def _known() -> frozenset[str]:
    """All names, older ones too; to ask the machine is to read hundreds of files."""
    return frozenset({"UTC", *available_timezones()})
