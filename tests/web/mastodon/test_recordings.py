"""Uploads of films, sounds and moving pictures: answered at once, converted by the worker."""

import os
import subprocess
import sys
import time
from base64 import b64encode
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from server.embedded import processes
from server.runtime import Runtime
from tests.makers import Api, run_jobs
from tests.pictures import picture


def film(path: Path, codec: str, sound: str | None, pictures: int = 12) -> bytes:
    """A short clip; the place where it was made stands in its metadata."""
    with av.open(str(path), "w") as container:
        container.metadata["location"] = "+52.37+004.89/"
        video: Any = container.add_stream(codec, rate=12)
        video.width, video.height = 64, 48
        video.pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
        audio: Any = container.add_stream(sound, rate=48_000, layout="mono") if sound else None
        for number in range(pictures):
            frame = VideoFrame(64, 48, "rgb24")
            frame.planes[0].update(bytes([number * 20 % 256]) * frame.planes[0].buffer_size)
            for packet in video.encode(frame.reformat(format=video.pix_fmt)):
                container.mux(packet)
        for packet in video.encode(None):
            container.mux(packet)
        if audio:
            _hum(container, audio)
    return path.read_bytes()


def sound(path: Path, codec: str) -> bytes:
    with av.open(str(path), "w") as container:
        audio: Any = container.add_stream(codec, rate=48_000, layout="mono")
        _hum(container, audio)
    return path.read_bytes()


def _hum(container: Any, audio: Any) -> None:
    size = audio.codec_context.frame_size or 960
    for number in range(48_000 // size):
        frame = AudioFrame(format=audio.codec_context.format.name, layout="mono", samples=size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.rate, frame.pts, frame.time_base = 48_000, number * size, Fraction(1, 48_000)
        for packet in audio.encode(frame):
            container.mux(packet)
    for packet in audio.encode(None):
        container.mux(packet)


async def upload(api: Api, body: bytes, **more: Any) -> httpx.Response:
    return await api("POST", "/api/v2/media", files={"file": ("clip", body), **more})


async def done(api: Api, runtime: Runtime, body: bytes) -> dict[str, Any]:
    """An upload, processed."""
    answer = await upload(api, body)
    assert (answer.status_code, answer.json()["url"]) == (202, None)
    path = f"/api/v1/media/{answer.json()['id']}"
    assert (await api("GET", path)).status_code == 206
    await run_jobs(runtime)
    return dict(await api.get(path))


@pytest.mark.parametrize(
    ("name", "codec", "voice", "kind", "suffix"),
    [
        ("a.mp4", "libx264", "aac", "video", "mp4"),
        ("a.webm", "libvpx", "libopus", "video", "mp4"),
        ("a.mkv", "mpeg4", "mp3", "video", "mp4"),
        ("a.mov", "mpeg4", None, "video", "mp4"),
        ("a.gif", "gif", None, "gifv", "mp4"),
    ],
)
async def test_films_become_what_clients_play(
    anna: Api,
    runtime: Runtime,
    client: httpx.AsyncClient,
    tmp_path: Path,
    name: str,
    codec: str,
    voice: str | None,
    kind: str,
    suffix: str,
) -> None:
    found = await done(anna, runtime, film(tmp_path / name, codec, voice))
    assert found["type"] == kind
    assert found["url"].endswith(f".{suffix}")
    meta = found["meta"]
    assert (meta["width"], meta["height"], meta["original"]["width"]) == (64, 48, 64)
    assert 0.5 < meta["duration"] < 1.6
    assert ("audio_encode" in meta) == (voice is not None)
    assert meta["small"]["width"] == 64
    assert found["blurhash"]
    file = await client.get(found["url"])
    assert file.headers["content-type"] == f"video/{suffix}"
    assert b"52.37" not in file.content
    kept = tmp_path / f"kept.{suffix}"
    kept.write_bytes(file.content)
    with av.open(str(kept)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert sum(1 for _ in container.decode(video=0)) >= 11
    part = await client.get(found["url"], headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, file.content[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{len(file.content)}"
    assert (await client.get(found["preview_url"])).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "codec", "suffix"),
    [
        ("a.mp3", "mp3", "mp3"),
        ("a.ogg", "libopus", "ogg"),
        ("a.flac", "flac", "mp3"),
        ("a.wav", "pcm_s16le", "mp3"),
    ],
)
async def test_sounds_become_what_clients_play(
    anna: Api, runtime: Runtime, tmp_path: Path, name: str, codec: str, suffix: str
) -> None:
    found = await done(anna, runtime, sound(tmp_path / name, codec))
    assert found["type"] == "audio"
    assert found["url"].endswith(f".{suffix}")
    assert found["meta"]["audio_encode"]
    assert found["meta"]["length"].startswith("0:00:0")


async def test_a_post_waits_for_its_film(anna: Api, runtime: Runtime, tmp_path: Path) -> None:
    answer = await upload(anna, film(tmp_path / "a.mp4", "libx264", None))
    media_id = answer.json()["id"]
    body = {"status": "look", "media_ids": [media_id]}
    early = await anna("POST", "/api/v1/statuses", json=body)
    assert (early.status_code, "not finished" in early.json()["error"]) == (422, True)
    await run_jobs(runtime)
    posted = await anna.post("/api/v1/statuses", **body)
    assert posted["media_attachments"][0]["type"] == "video"
    document = await anna(
        "GET", f"/ap/statuses/{posted['id']}", headers={"Accept": "application/activity+json"}
    )
    assert document.json()["attachment"][0]["mediaType"] == "video/mp4"


async def test_what_cannot_be_processed_is_told(anna: Api, runtime: Runtime) -> None:
    answer = await upload(anna, b"\0\0\0\x18ftypisom" + b"\0" * 100)
    assert answer.status_code == 202
    await run_jobs(runtime)
    failed = await anna("GET", f"/api/v1/media/{answer.json()['id']}")
    assert (failed.status_code, set(failed.json())) == (422, {"error"})
    left = await runtime.db.fetchval("SELECT count(*) FROM media_attachments WHERE raw_file <> ''")
    assert left == 0


async def test_a_thumbnail_of_one_s_own(
    anna: Api, runtime: Runtime, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    clip = sound(tmp_path / "a.mp3", "mp3")
    files = {"file": ("clip", clip), "thumbnail": ("t.png", picture())}
    answer = await anna("POST", "/api/v2/media", files=files, data={"focus": "0.5,-0.5"})
    await run_jobs(runtime)
    path = f"/api/v1/media/{answer.json()['id']}"
    first = await anna.get(path)
    assert first["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    assert (first["meta"]["small"]["width"], first["meta"]["small"]["height"]) == (90, 60)
    assert (await client.get(first["preview_url"])).status_code == 200
    second = await anna("PUT", path, files={"thumbnail": ("t.png", picture())})
    assert second.json()["preview_url"] != first["preview_url"]
    assert (await client.get(first["preview_url"])).status_code == 404
    post = await anna.post("/api/v1/statuses", media_ids=[second.json()["id"]])
    written = f"data:image/png;base64,{b64encode(picture()).decode()}"
    for thumbnail, is_taken in ((written, True), ("data:image/png;base64,!", False), ("x", False)):
        edited = await anna(
            "PUT",
            f"/api/v1/statuses/{post['id']}",
            json={
                "media_ids": [second.json()["id"]],
                "media_attributes": [{"id": second.json()["id"], "thumbnail": thumbnail}],
            },
        )
        assert edited.status_code == (200 if is_taken else 400)
        [shown] = (await anna.get(f"/api/v1/statuses/{post['id']}"))["media_attachments"]
        assert shown["preview_url"] != second.json()["preview_url"]
        assert (await client.get(shown["preview_url"])).status_code == 200
    assert (await client.get(second.json()["preview_url"])).status_code == 404
    still = await upload(anna, picture())
    wrong = await anna(
        "PUT", f"/api/v1/media/{still.json()['id']}", files={"thumbnail": ("t.png", picture())}
    )
    assert wrong.status_code == 422


async def test_a_still_gif_is_a_picture(anna: Api, tmp_path: Path) -> None:
    answer = await upload(anna, film(tmp_path / "a.gif", "gif", None, pictures=1))
    assert (answer.status_code, answer.json()["type"]) == (200, "image")


def test_a_conversion_ends_with_the_worker_that_began_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "source")  # whoever reads it waits for ever
    begin = (
        "import subprocess, sys\n"
        "words = [sys.executable, '-m', 'server.media.recordings', sys.argv[1]]\n"
        "print(subprocess.Popen(words).pid, flush=True)\n"
        "input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", begin, str(tmp_path / "source")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as worker:
        assert worker.stdout
        conversion = int(worker.stdout.readline())
        writing = os.open(tmp_path / "source", os.O_WRONLY)  # opened when somebody reads
        assert processes.start_mark(conversion)
        worker.kill()
    deadline = time.monotonic() + 60
    while processes.start_mark(conversion):
        assert time.monotonic() < deadline, "it runs on"
        time.sleep(0.1)
    os.close(writing)
