"""https://docs.joinmastodon.org/methods/media/"""

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.actions import upload
from server.errors import Invalid, NotFound
from server.store import media
from server.store.status_views import Media
from web.entities.media_attachment import media_attachment_entity
from web.mastodon.statuses import read_focus
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class MediaForm(msgspec.Struct):
    """An upload, or changes to one."""

    file: UploadFile | None = None
    description: str | None = None
    focus: str | None = None


async def create(request: Request) -> Response:
    """Upload a picture; the answer comes when it is processed."""
    form = await read_params(request, MediaForm)
    if form.file is None:
        raise Invalid("Validation failed: File can't be blank")
    found = await upload.upload_media(
        request.runtime,
        request.member_id,
        await form.file.read(),
        form.description,
        read_focus(form.focus),
    )
    return json_response(media_attachment_entity(found, request.addresses))


async def show(request: Request) -> Response:
    """One's own upload, until it hangs on a post."""
    return json_response(media_attachment_entity(await _own(request), request.addresses))


async def update(request: Request) -> Response:
    """Change description or focus."""
    form = await read_params(request, MediaForm)
    found = await _own(request)
    upload.check_description(form.description)
    changed = await media.update_media(
        request.runtime.db, found.id, form.description, read_focus(form.focus)
    )
    return json_response(media_attachment_entity(changed, request.addresses))


async def delete(request: Request) -> Response:
    """Delete one's own upload."""
    found = await _own(request)
    files = await media.delete_unattached(request.runtime.db, request.member_id, found.id)
    await request.runtime.media.delete(files)
    return json_response({})


async def _own(request: Request) -> Media:
    found = await media.find_unattached(request.runtime.db, request.member_id, request.path_id())
    if found is None:
        raise NotFound
    return found
