"""Values as the Mastodon API writes them."""

from datetime import UTC, datetime


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:-6] + "Z"


def timestamp_or_none(at: datetime | None) -> str | None:
    """As timestamp; None stays None."""
    return timestamp(at) if at else None


def day(at: datetime | None) -> str | None:
    """A bare date."""
    return at.astimezone(UTC).date().isoformat() if at else None


def id_or_none(row_id: int | None) -> str | None:
    """An id as text; None stays None."""
    return None if row_id is None else str(row_id)
