"""Times as documents carry them."""

from datetime import UTC, datetime


def written(at: datetime, timespec: str = "milliseconds") -> str:
    """RFC 3339 in UTC; `timespec` as `datetime.isoformat` takes it."""
    return at.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
