from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.errors import NotFound, Unavailable
from server.media.storage import Storage, new_name, open_storage
from server.settings import Settings, load_settings
from tests.object_store import object_store


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    return load_settings({}, data=tmp_path)


@pytest.fixture(params=["folder", "bucket"])
def storage(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Storage]:
    if request.param == "folder":
        yield open_storage(settings)
        return
    with object_store() as bucket:
        for name, value in bucket.environment.items():
            monkeypatch.setenv(name, value)
        yield open_storage(replace(settings, media_storage="s3://pictures/of/us"))


async def test_what_is_put_comes_back_until_it_is_deleted(storage: Storage) -> None:
    name = new_name("media", "image/png")
    await storage.put(name, b"bytes" * 1000, "image/png")
    size, chunks = await storage.stream(name)
    assert (size, b"".join([chunk async for chunk in chunks])) == (5000, b"bytes" * 1000)
    assert await storage.read_range(name, 3, 7) == b"esby"
    await storage.delete([name, "media/never/was.png"])
    with pytest.raises(NotFound):
        await storage.stream(name)


async def test_large_files_go_in_parts_and_come_out_whole(storage: Storage, tmp_path: Path) -> None:
    body = bytes(range(256)) * (48 * 1024)  # 12 MiB: more than one part of 5
    path = tmp_path / "film"
    path.write_bytes(body)
    names = [new_name("media", "video/mp4") for _ in range(2)]
    await storage.put(names[0], body, "video/mp4")
    await storage.put_file(names[1], path, "video/mp4")
    for name in names:
        assert await storage.read(name) == body
        assert await storage.read_range(name, len(body) - 5, len(body)) == body[-5:]
    await storage.delete(names)
    for name in names:
        with pytest.raises(NotFound):
            await storage.read(name)


@pytest.mark.parametrize(
    "name", ["../secret.key", "/etc/passwd", "media/../../secret.key", "media"]
)
async def test_nothing_outside_the_folder_is_read(settings: Settings, name: str) -> None:
    storage = open_storage(settings)
    (settings.data / "secret.key").write_text("x")
    with pytest.raises(NotFound):
        await storage.stream(name)


async def test_a_bucket_that_does_not_let_us_in_is_away(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with object_store() as bucket:
        for name, value in {**bucket.environment, "AWS_ACCESS_KEY_ID": "other"}.items():
            monkeypatch.setenv(name, value)
        storage = open_storage(replace(settings, media_storage="s3://pictures"))
        with pytest.raises(Unavailable):
            await storage.put("media/a.png", b"x", "image/png")
        with pytest.raises(Unavailable):
            await storage.read("media/a.png")


def test_names_cannot_be_guessed() -> None:
    names = {new_name("media", "image/webp") for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith("media/") and name.endswith(".webp") for name in names)
