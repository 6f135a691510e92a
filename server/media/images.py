"""Pictures: what may come in, and the versions that are kept of it.

Decoders are where hostile pictures do harm, so they run in a process of their own with little
memory and time (`process_image`); this module is also that process's program.
"""

import asyncio
import resource
import sys
from typing import Any, Literal

import msgspec

from server.errors import Invalid, Unavailable
from server.media.turns import turn

Kind = Literal["attachment", "avatar", "header", "emoji", "still"]

_LIMIT_SECONDS = 30.0
_MEMORY_BYTES = 2 * 1024**3
_AT_ONCE = 2
_FAILED = "Validation failed: File could not be processed"
_UNSUPPORTED = (
    "Validation failed: File content type is invalid, File is invalid, "
    "File is not one of the supported types"
)


class Version(msgspec.Struct, frozen=True):
    """One stored version of a picture."""

    name: str  # original, small, avatar, header, static, still
    content_type: str
    body: bytes


class Processed(msgspec.Struct, frozen=True):
    """All versions, Mastodon's `meta` of them and the blurhash."""

    versions: list[Version]
    meta: dict[str, Any]
    blurhash: str


class _Refusal(msgspec.Struct, frozen=True):
    message: str


async def process_image(body: bytes, kind: Kind) -> Processed:
    """Versions of an uploaded picture: turned upright, without any metadata.

    Raises Invalid for what is no picture that we take or too large, Unavailable on time-out.
    """
    async with turn("images", _AT_ONCE):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server.media.images",
            kind,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                output, _ = await process.communicate(body)
        except TimeoutError as error:
            raise Unavailable("The picture took too long to process") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        raise Invalid(_FAILED, detail=f"image process ended with {process.returncode}")
    if output[:1] == b"!":
        raise Invalid(msgspec.msgpack.decode(output[1:], type=_Refusal).message)
    return msgspec.msgpack.decode(output[1:], type=Processed)


def sniff(body: bytes) -> str | None:
    """Media type of a picture by its first bytes, None for anything that we do not take."""
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if body[4:12] in {b"ftypavif", b"ftypavis", b"ftypheic", b"ftypmif1"}:
        return "image/avif"
    return None


def is_animated(body: bytes) -> bool:
    """Whether a picture has more than one frame, as its first bytes and its marks say."""
    if body.startswith((b"GIF87a", b"GIF89a")):
        return body.count(b"\x21\xf9\x04") > 1  # each frame has a graphic control before it
    if body.startswith(b"\x89PNG"):
        return b"acTL" in body[:1024]
    return body[8:12] == b"avis" or (body[8:12] == b"WEBP" and b"ANIM" in body[:64])


def main() -> None:
    """Read a picture from standard input, write its versions to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (int(_LIMIT_SECONDS), int(_LIMIT_SECONDS)))
    from server.media import convert  # noqa: PLC0415 - the decoders load here, in this process

    body = sys.stdin.buffer.read()
    content_type = sniff(body)
    if content_type is None:
        _answer(b"!", _Refusal(_UNSUPPORTED))
        return
    try:
        versions, meta, blurhash = convert.convert(body, content_type, sys.argv[1])
    except convert.Refused as error:
        _answer(b"!", _Refusal(f"Validation failed: {error}"))
        return
    found = [Version(name, kind, data) for name, kind, data in versions]
    _answer(b"=", Processed(found, meta, blurhash))


def _answer(mark: bytes, value: msgspec.Struct) -> None:
    sys.stdout.buffer.write(mark + msgspec.msgpack.encode(value))


if __name__ == "__main__":
    main()
