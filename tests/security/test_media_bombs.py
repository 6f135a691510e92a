"""Files that are small and become very much, or are two things at once (TootRoot, CVE-2023-36460).

Whatever is decoded is so in a process with little memory and time; what others send is passed on as
it is, up to a size, and never decoded here.
"""

import io
import struct
import time
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from av.video.frame import VideoFrame
from PIL import Image

from server.errors import Invalid
from server.media.images import process_image
from server.media.recordings import converted
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store.accounts import Account
from tests.makers import Api, make_token
from tests.scripted import Scripted

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
QUICK_SECONDS = 20  # on a busy machine


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes, rows: int | None = None) -> bytes:
    """Grey and mostly nothing; `rows` that are there of those that it says it has."""
    squeezer = zlib.compressobj(9)
    row = b"\0" * (width + 1)
    body = b"".join(squeezer.compress(row) for _ in range(height if rows is None else rows))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", body + squeezer.flush())]
    return _SIGNATURE + b"".join(parts) + chunk(b"IEND", b"")


def much_in_little(megabytes: int) -> bytes:
    squeezer = zlib.compressobj(9)
    block = b"\0" * 1024**2
    return b"".join(squeezer.compress(block) for _ in range(megabytes)) + squeezer.flush()


def gif(width: int, height: int, frames: int) -> bytes:
    """Frames that say that they have that size, each of one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    size = struct.pack("<HHHHB", 0, 0, width, height, 0)
    frame = b"!\xf9\x04\0\x01\0\0\0," + size + b"\x02\x02D\x01\0"
    return head + frame * frames + b";"


def webp(size: tuple[int, int], frames: int) -> bytes:
    file = io.BytesIO()
    first, *rest = (Image.new("RGB", size, (n % 255, n // 255, 0)) for n in range(frames))
    first.save(file, "WEBP", save_all=True, append_images=rest, duration=1, method=0, lossless=True)
    return file.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        png(50_000, 50_000, rows=10),
        png(2**31 - 1, 1, rows=0),
        png(1, 2**31 - 1, rows=0),
        png(6_000, 6_000),
        gif(65_535, 65_535, 1),
        png(0, 0, rows=0),
    ],
    ids=["huge", "wide", "high", "36 megapixels", "gif", "nothing"],
)
async def test_pictures_of_huge_size(body: bytes) -> None:
    assert len(body) < 100_000
    start = time.monotonic()
    with pytest.raises(Invalid, match="Validation failed"):
        await process_image(body, "attachment")
    assert time.monotonic() - start < QUICK_SECONDS


@pytest.mark.parametrize(
    "part",
    [
        chunk(b"zTXt", b"Comment\0\0" + much_in_little(800)),
        chunk(b"iTXt", b"Comment\0\x01\0\0\0" + much_in_little(800)),
        chunk(b"iCCP", b"profile\0\0" + much_in_little(800)),
        b"".join(chunk(b"tEXt", b"Comment\0" + b"x" * 100) for _ in range(20_000)),
    ],
    ids=["zTXt", "iTXt", "iCCP", "tEXt"],
)
async def test_a_picture_with_very_much_text(part: bytes) -> None:
    """The text is not unpacked, or with little harm; none of it is kept."""
    start = time.monotonic()
    try:
        found = await process_image(png(10, 10, part), "attachment")
    except Invalid:
        pass
    else:
        assert max(len(version.body) for version in found.versions) < 10_000
    assert time.monotonic() - start < QUICK_SECONDS


async def test_a_picture_that_is_an_archive_too() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("x.html", "<script>alert(1)</script>")
    found = await process_image(png(10, 10) + archive.getvalue(), "attachment")
    assert all(b"PK\x03\x04" not in version.body for version in found.versions)


@pytest.mark.parametrize(
    "body", [webp((1024, 1024), 50), gif(1000, 1000, 100_000)], ids=["webp", "gif"]
)
async def test_an_emoji_that_moves_without_end(body: bytes) -> None:
    start = time.monotonic()
    with pytest.raises(Invalid, match="too many frames"):
        await process_image(body, "emoji")
    assert time.monotonic() - start < QUICK_SECONDS


async def test_an_emoji_that_moves_a_little() -> None:
    found = await process_image(webp((32, 32), 5), "emoji")
    assert [version.name for version in found.versions] == ["original", "static"]


def film(path: Path, size: tuple[int, int], rate: Fraction, pictures: int) -> bytes:
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("mpeg4", rate=rate)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        for _ in range(pictures):
            frame = VideoFrame(*size, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            for packet in video.encode(frame):
                container.mux(packet)
        for packet in video.encode(None):
            container.mux(packet)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("size", "rate", "pictures"),
    [
        ((7_680, 4_320), Fraction(1), 1),
        ((64, 48), Fraction(1, 5_000), 3),
        ((64, 48), Fraction(1_000), 3),
    ],
    ids=["huge", "five hours", "a thousand pictures a second"],
)
async def test_films_that_are_too_much(
    tmp_path: Path, size: tuple[int, int], rate: Fraction, pictures: int
) -> None:
    body = film(tmp_path / "a.mkv", size, rate, pictures)
    start = time.monotonic()
    with pytest.raises(Invalid, match="Validation failed"):
        async with converted(body):
            pass
    assert time.monotonic() - start < QUICK_SECONDS


@pytest.mark.parametrize(
    "body",
    [
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ID3\n#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"OggS" + b"\0" * 500,
        b"fLaC" + b"\xff" * 500,
        b"\x1a\x45\xdf\xa3" + b"\xff" * 500,
        b"\0\0\0\x18ftypmp42" + b"\xff" * 500,
    ],
    ids=["playlist", "playlist in disguise", "concat", "ogg", "flac", "matroska", "mp4"],
)
async def test_lists_that_lead_to_other_files(body: bytes) -> None:
    with pytest.raises(Invalid):
        async with converted(body):
            pass


async def test_only_containers_that_are_taken_are_opened(tmp_path: Path) -> None:
    """FFmpeg skips an ID3 tag, and tries two hundred formats on what follows."""
    body = film(tmp_path / "a.mpg", (64, 48), Fraction(25), 25)
    with pytest.raises(Invalid):
        async with converted(b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 10 + body):
            pass


async def test_files_of_others_are_passed_on_up_to_a_size(
    far: Scripted, runtime: Runtime, client: httpx.AsyncClient, ann: Account
) -> None:
    """Not decoded here, and only as what they are."""
    origin = far.origin("media")
    bob = far.actor(origin, "bob")
    huge = png(50_000, 50_000, rows=10)
    far.serve(f"{origin}/huge.png", huge, kind="text/html")
    far.serve(f"{origin}/endless.png", huge[:100] * 100, kind="image/png", endless=True)
    far.serve(f"{origin}/page.png", b"<script>alert(1)</script>", kind="image/png")
    note: dict[str, Any] = {
        "id": f"{bob}/1",
        "type": "Note",
        "attributedTo": bob,
        "content": "x",
        "to": ["as:Public"],
        "attachment": [
            {"type": "Image", "url": f"{origin}/{name}.png"} for name in ("huge", "endless", "page")
        ],
    }
    far.serve(note["id"], note)
    status = await find_or_fetch_status(runtime, note["id"])
    api = Api(client, await make_token(runtime, ann))
    shown = (await api.get(f"/api/v1/statuses/{status.id}"))["media_attachments"]
    answers = [await client.get(media["url"]) for media in shown]
    assert [answer.status_code for answer in answers] == [302, 404, 404]
    file = await client.get(answers[0].headers["location"])
    assert (file.content, file.headers["content-type"]) == (huge, "image/png")
    assert file.headers["x-content-type-options"] == "nosniff"
