"""https://docs.joinmastodon.org/methods/admin/measures/, …/dimensions/ and …/retention/"""

import platform
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
from starlette.responses import Response

from server.errors import Invalid
from server.store import active_days, dimensions, measures
from web.entities.dashboard import (
    cohort_entity,
    count_row,
    dimension_entity,
    measure_entity,
    space_row,
    version_row,
)
from web.entities.instance import VERSION
from web.pagination import json_response
from web.params import missing, read_params
from web.request import Request

_USUAL_DAYS = 30
_MOST_DAYS = 730
_MOST_DAYS_OF_COHORTS = {"day": 31, "month": 365}
_DIMENSION_ROWS = 10
_MOST_ROWS = 100


class About(msgspec.Struct, frozen=True):
    """What a number is about."""

    id: int | None = None
    domain: str | None = None
    include_subdomains: bool = False


class Form(msgspec.Struct):
    """Which numbers of which days; Mastodon gives each its own subject."""

    keys: list[str] = []
    start_at: str | None = None
    end_at: str | None = None
    limit: int = _DIMENSION_ROWS
    tag_accounts: About | None = None
    tag_uses: About | None = None
    tag_servers: About | None = None
    tag_languages: About | None = None
    instance_accounts: About | None = None
    instance_media_attachments: About | None = None
    instance_reports: About | None = None
    instance_statuses: About | None = None
    instance_follows: About | None = None
    instance_followers: About | None = None
    instance_languages: About | None = None


class RetentionForm(msgspec.Struct):
    """Which cohorts."""

    start_at: str | None = None
    end_at: str | None = None
    frequency: str = "day"


async def show_measures(request: Request) -> Response:
    """Numbers day by day."""
    form = await read_params(request, Form)
    if not form.keys:
        raise missing("keys")
    start, end = _period(form.start_at, form.end_at, _MOST_DAYS, is_needed=True)
    found = []
    for key in dict.fromkeys(key for key in form.keys if key in measures.KEYS):
        about = _about(form, key)
        measure = await measures.load_measure(
            request.runtime.db,
            key,
            start,
            end,
            tag_id=about.id,
            domain=about.domain,
            with_subdomains=about.include_subdomains,
        )
        found.append(measure_entity(measure))
    return json_response(found)


async def show_dimensions(request: Request) -> Response:
    """What there is most."""
    form = await read_params(request, Form)
    start, end = _period(form.start_at, form.end_at, _MOST_DAYS)
    keys = dict.fromkeys(key for key in form.keys if key in dimensions.KEYS)
    return json_response([await _dimension(request, form, key, start, end) for key in keys])


async def show_retention(request: Request) -> Response:
    """How many of those who came stayed."""
    form = await read_params(request, RetentionForm)
    frequency: Literal["day", "month"] = "month" if form.frequency == "month" else "day"
    most = _MOST_DAYS_OF_COHORTS[frequency]
    start, end = _period(form.start_at, form.end_at, most, is_needed=True)
    found = await active_days.load_retention(request.runtime.db, start, end, frequency)
    return json_response([cohort_entity(came, frequency, parts) for came, parts in found.items()])


async def _dimension(
    request: Request, form: Form, key: str, start: datetime, end: datetime
) -> dict[str, object]:
    db = request.runtime.db
    if key == "software_versions":
        rows = [
            version_row("mastodon", "Wandelgang", VERSION),
            version_row("python", "Python", platform.python_version()),
            version_row("postgresql", "PostgreSQL", await dimensions.database_version(db)),
        ]
        return dimension_entity(key, rows)
    about = _about(form, key)
    found = await dimensions.load_dimension(
        db,
        key,
        start,
        end + timedelta(days=1),
        max(1, min(form.limit, _MOST_ROWS)),
        request.addresses.domain,
        tag_id=about.id,
        domain=about.domain,
    )
    make = space_row if key == "space_usage" else count_row
    return dimension_entity(key, [make(row.key, row.human_key, row.value) for row in found])


def _about(form: Form, key: str) -> About:
    """What a number of that name is about. Raises Invalid where it has to be said."""
    if key not in Form.__struct_fields__:
        return About()
    about: About | None = getattr(form, key)
    if about is None:
        raise missing(key)
    return about


def _period(
    start: str | None, end: str | None, most_days: int, *, is_needed: bool = False
) -> tuple[datetime, datetime]:
    """Two midnights, the last thirty days when nothing need be said.

    A longer time than there may be is cut off at its beginning. Raises Invalid.
    """
    if is_needed and not (start and end):
        raise missing("end_at" if start else "start_at")
    today = datetime.now(UTC)
    last = _midnight(end) if end else _midnight(today.isoformat())
    first = _midnight(start) if start else last - timedelta(days=_USUAL_DAYS - 1)
    if first > last:
        raise Invalid("Invalid date supplied")
    return max(first, last - timedelta(days=most_days)), last


def _midnight(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid("Invalid date supplied") from error
    if not 2000 <= at.year <= 2999:
        raise Invalid("Invalid date supplied")
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
