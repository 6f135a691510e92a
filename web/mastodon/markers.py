"""https://docs.joinmastodon.org/methods/markers/"""

import msgspec
from starlette.responses import Response

from server.actions import mark
from server.store import markers
from web.entities.marker import marker_entity
from web.pagination import json_response
from web.params import read_params, read_query
from web.request import Request

_TIMELINES = ("home", "notifications")


class TimelineQuery(msgspec.Struct):
    """`timeline[]`."""

    timeline: list[str] | str = []


class MarkerForm(msgspec.Struct):
    """How far one has read."""

    last_read_id: int


class MarkersForm(msgspec.Struct):
    """`home[last_read_id]`, `notifications[last_read_id]`."""

    home: MarkerForm | None = None
    notifications: MarkerForm | None = None


async def show(request: Request) -> Response:
    """The markers that were asked for."""
    wanted = read_query(request, TimelineQuery).timeline
    names = [wanted] if isinstance(wanted, str) else wanted
    found = await markers.list_markers(
        request.runtime.db, request.member_id, [name for name in names if name in _TIMELINES]
    )
    return json_response({marker.timeline: marker_entity(marker) for marker in found})


async def save(request: Request) -> Response:
    """Set markers; all of them or none."""
    form = await read_params(request, MarkersForm)
    given = {name: getattr(form, name).last_read_id for name in _TIMELINES if getattr(form, name)}
    saved = await mark.set_markers(request.runtime, request.member_id, given)
    return json_response({marker.timeline: marker_entity(marker) for marker in saved})
