"""Videos, sounds and moving pictures: what may come in, and what is kept of it.

As with pictures, decoders run in a process of their own with little memory and time; this module
is also that process's program. Files are handed over by path: they can be large.
"""

import asyncio
import ctypes
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from server.errors import Invalid, Unavailable
from server.media.turns import turn
from server.scratch import scratch_folder

_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIMIT_SECONDS = 300.0
_MEMORY_BYTES = 4 * 1024**3
_AT_ONCE = 1
_FAILED = "Validation failed: File could not be processed"

VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm", "video/x-matroska")
AUDIO_TYPES = ("audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4", "audio/aac")


class Recording(msgspec.Struct, frozen=True):
    """What came out: `file` and `preview` are paths in the folder of the conversion."""

    type: str  # video, gifv, audio
    content_type: str
    file: str
    preview: str | None
    meta: dict[str, Any]
    blurhash: str | None


class _Refusal(msgspec.Struct, frozen=True):
    message: str


# First bytes of each kind, as (where, what, media type).
_SIGNS = (
    (8, b"M4A ", "audio/mp4"),
    (8, b"M4B ", "audio/mp4"),
    (8, b"qt  ", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
)
_MATROSKA = b"\x1a\x45\xdf\xa3"
_PICTURES = (b"avif", b"avis", b"heic", b"mif1")


def sniff(body: bytes) -> str | None:
    """Media type by the first bytes; None for no video and no sound that we take."""
    if body.startswith(_MATROSKA):
        return "video/webm" if b"webm" in body[:64] else "video/x-matroska"
    if body[8:12] in _PICTURES:
        return None
    return next((kind for at, sign, kind in _SIGNS if body[at : at + len(sign)] == sign), None)


@asynccontextmanager
async def converted(body: bytes) -> AsyncIterator[Recording]:
    """What clients can play, without any metadata; its files are gone after the block.

    Raises Invalid for what cannot be taken, Unavailable on time-out.
    """
    with scratch_folder() as folder:
        source = folder / "source"
        await asyncio.to_thread(source.write_bytes, body)
        async with turn("recordings", _AT_ONCE):
            output = await _run(source)
        if output[:1] == b"!":
            raise Invalid(msgspec.msgpack.decode(output[1:], type=_Refusal).message)
        yield msgspec.msgpack.decode(output[1:], type=Recording)


async def _run(source: Path) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.media.recordings",
        str(source),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError as error:
        raise Unavailable("The recording took too long to process") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Invalid(_FAILED, detail=f"recording process ended with {process.returncode}")
    return output


def main() -> None:
    """Convert the file that is named, write about the result to standard output."""
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (int(_LIMIT_SECONDS), int(_LIMIT_SECONDS)))
    from server.media import transcode  # noqa: PLC0415 - the decoders load here, in this process

    try:
        found = transcode.convert(Path(sys.argv[1]))
    except transcode.Refused as error:
        _answer(b"!", _Refusal(f"Validation failed: {error}"))
    else:
        _answer(b"=", Recording(**found))


def _end_with_parent() -> None:
    """Of a worker that was killed nobody waits for the result; another one begins anew. Elsewhere
    than on Linux the limit on its time ends it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _answer(mark: bytes, value: msgspec.Struct) -> None:
    sys.stdout.buffer.write(mark + msgspec.msgpack.encode(value))


if __name__ == "__main__":
    main()
