"""The worker turns uploaded recordings into what clients can play."""

import asyncio
from pathlib import Path

from server.errors import Invalid
from server.media.recordings import Recording, converted
from server.media.storage import new_name
from server.runtime import Runtime
from server.store import media


async def process_media_job(runtime: Runtime, media_id: int) -> None:
    """Job: convert a recording; one that cannot be converted is told to be so."""
    raw_file = await media.find_raw(runtime.db, media_id)
    if raw_file is None:
        return
    body = await runtime.media.read(raw_file)
    try:
        async with converted(body) as recording:
            await _keep(runtime, media_id, recording)
    except Invalid:
        await media.mark_failed(runtime.db, media_id)
    await runtime.media.delete([raw_file])


async def _keep(runtime: Runtime, media_id: int, recording: Recording) -> None:
    file = await _store(runtime, recording.file, recording.content_type)
    preview = await _store(runtime, recording.preview, "image/jpeg") if recording.preview else None
    unused = await media.finish_media(
        runtime.db,
        media_id,
        recording.type,
        recording.content_type,
        file,
        preview,
        recording.blurhash,
        recording.meta,
    )
    await runtime.media.delete(unused)


async def _store(runtime: Runtime, path: str, content_type: str) -> str:
    name = new_name("media", content_type)
    body = await asyncio.to_thread(Path(path).read_bytes)
    await runtime.media.put(name, body, content_type)
    return name
