"""Admin::Measure, Admin::Dimension and Admin::Cohort."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from server.store.active_days import Part
from server.store.measures import Measure
from web.entities.values import timestamp

Entity = dict[str, Any]
_UNITS = ("B", "KB", "MB", "GB", "TB")


def measure_entity(measure: Measure) -> Entity:
    """Mastodon's Admin::Measure: all numbers as text."""
    entity: Entity = {
        "key": measure.key,
        "unit": None,
        "total": str(measure.total),
        "data": [{"date": timestamp(at), "value": str(value)} for at, value in measure.days],
    }
    if measure.previous_total is not None:
        entity["previous_total"] = str(measure.previous_total)
    return entity


def dimension_entity(key: str, data: Sequence[Entity]) -> Entity:
    """Mastodon's Admin::Dimension."""
    return {"key": key, "data": list(data)}


def count_row(key: str, human_key: str, value: int) -> Entity:
    """A number of things."""
    return {"key": key, "human_key": human_key, "value": str(value)}


def space_row(key: str, human_key: str, size_bytes: int) -> Entity:
    """A number of bytes."""
    human = _human_size(size_bytes)
    row = count_row(key, human_key, size_bytes)
    return {**row, "unit": "bytes", "human_value": human}


def version_row(key: str, human_key: str, version: str) -> Entity:
    """The version of a program."""
    return {"key": key, "human_key": human_key, "value": version, "human_value": version}


def cohort_entity(came: datetime, frequency: str, parts: Sequence[Part]) -> Entity:
    """Mastodon's Admin::Cohort."""
    return {
        "period": timestamp(came),
        "frequency": frequency,
        "data": [
            {"date": timestamp(part.date), "rate": part.rate, "value": str(part.value)}
            for part in parts
        ],
    }


def _human_size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in _UNITS[:-1]:
        if size < 1024:
            return f"{size:.3g} {unit}"
        size /= 1024
    return f"{size:.3g} {_UNITS[-1]}"
