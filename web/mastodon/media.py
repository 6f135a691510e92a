"""https://docs.joinmastodon.org/methods/media/"""

import asyncio
import time

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.actions import upload
from server.errors import Invalid, NotFound
from server.store import media
from server.store.status_views import Media
from web.entities.media_attachment import media_attachment_entity
from web.mastodon.status_forms import read_focus
from web.pagination import json_response
from web.params import read_params
from web.request import Request

_LONGEST_WAIT_SECONDS = 120.0
_LOOK_SECONDS = 0.2


class MediaForm(msgspec.Struct):
    """An upload, or changes to one."""

    file: UploadFile | None = None
    thumbnail: UploadFile | None = None
    description: str | None = None
    focus: str | None = None


async def create(request: Request) -> Response:
    """Upload; a recording is answered before it is processed, with 202 and no address."""
    found = await _upload(request)
    return _answer(request, found, unready=202)


async def create_and_wait(request: Request) -> Response:
    """Upload; the answer comes when it is processed. Raises Invalid when it cannot be."""
    found = await _upload(request)
    deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
    while found.state == "processing" and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_SECONDS)
        again = await media.find_unattached(request.runtime.db, request.member_id, found.id)
        if again is None:
            raise NotFound
        found = again
    return _answer(request, found, unready=202)


async def _upload(request: Request) -> Media:
    form = await read_params(request, MediaForm)
    if form.file is None:
        raise Invalid("Validation failed: File can't be blank")
    return await upload.upload_media(
        request.runtime,
        request.member_id,
        await form.file.read(),
        form.description,
        read_focus(form.focus),
        await form.thumbnail.read() if form.thumbnail else None,
    )


async def show(request: Request) -> Response:
    """One's own upload, until it hangs on a post; 206 while it is processed."""
    return _answer(request, await _own(request), unready=206)


async def update(request: Request) -> Response:
    """Change description, focus or thumbnail."""
    form = await read_params(request, MediaForm)
    found = await _own(request)
    upload.check_description(form.description)
    changed = await media.update_media(
        request.runtime.db, found.id, form.description, read_focus(form.focus)
    )
    if form.thumbnail:
        changed = await upload.replace_thumbnail(
            request.runtime, changed, await form.thumbnail.read()
        )
    return _answer(request, changed, unready=206)


async def delete(request: Request) -> Response:
    """Delete one's own upload. Raises NotFound, Invalid for one that hangs on a post."""
    if await media.is_attached(request.runtime.db, request.member_id, request.path_id()):
        raise Invalid("Media attachment is currently used by a status")
    found = await _own(request)
    files = await media.delete_unattached(request.runtime.db, request.member_id, found.id)
    await request.runtime.media.delete(files)
    return json_response({})


def _answer(request: Request, found: Media, *, unready: int) -> Response:
    if found.state == "failed":
        raise Invalid("Validation failed: File could not be processed")
    status = unready if found.state == "processing" else 200
    return json_response(media_attachment_entity(found, request.addresses), status=status)


async def _own(request: Request) -> Media:
    found = await media.find_unattached(request.runtime.db, request.member_id, request.path_id())
    if found is None:
        raise NotFound
    return found
