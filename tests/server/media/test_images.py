import io
import struct
import zlib

import pytest
from PIL import Image

from server.errors import Invalid
from server.media.images import process_image, sniff


def picture(kind: str, size: tuple[int, int] = (800, 400), **more: object) -> bytes:
    file = io.BytesIO()
    mode = "RGB" if kind == "JPEG" else "RGBA"
    Image.new(mode, size, "teal").save(file, kind, **more)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_versions_and_their_meta(kind: str) -> None:
    processed = await process_image(picture(kind), "attachment")
    assert [v.name for v in processed.versions] == ["original", "small"]
    assert processed.meta["original"] == {
        "width": 800,
        "height": 400,
        "size": "800x400",
        "aspect": 2.0,
    }
    small = processed.meta["small"]
    assert small["width"] * small["height"] <= 230_400
    assert 6 < len(processed.blurhash) < 60


async def test_exif_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010E] = "secret place"
    processed = await process_image(picture("JPEG", exif=exif), "attachment")
    original = processed.versions[0].body
    assert b"secret place" not in original
    assert Image.open(io.BytesIO(original)).size == (400, 800)


@pytest.mark.parametrize(("kind", "size"), [("avatar", (400, 400)), ("header", (1500, 500))])
async def test_portraits_are_cropped(kind: str, size: tuple[int, int]) -> None:
    processed = await process_image(picture("PNG", (900, 700)), kind)  # type: ignore[arg-type]
    assert Image.open(io.BytesIO(processed.versions[0].body)).size == size


def bomb() -> bytes:
    """A PNG that says it has 50,000 × 50,000 pixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"push graphic-context",
        b"%PDF-1.7",
        picture("PNG")[:200],
        b"\xff\xd8\xff" + b"\0" * 100,
        bomb(),
        b"\x00\x00\x00\x18ftypmp42",
    ],
)
async def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="Validation failed"):
        await process_image(body, "attachment")


def test_the_type_is_that_of_the_bytes() -> None:
    assert sniff(picture("PNG")) == "image/png"
    assert sniff(b"GIF89a; but really a script") == "image/gif"
    assert sniff(b"<html>") is None
