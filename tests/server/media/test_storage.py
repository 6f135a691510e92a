import pytest

from server.errors import NotFound
from server.media.storage import new_name, open_storage
from server.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    return load_settings({}, data=tmp_path)


async def test_what_is_put_comes_back_until_it_is_deleted(settings: Settings) -> None:
    storage = open_storage(settings)
    name = new_name("media", "image/png")
    await storage.put(name, b"bytes" * 1000, "image/png")
    size, chunks = await storage.stream(name)
    assert (size, b"".join([chunk async for chunk in chunks])) == (5000, b"bytes" * 1000)
    await storage.delete([name, "media/never/was.png"])
    with pytest.raises(NotFound):
        await storage.stream(name)


@pytest.mark.parametrize(
    "name", ["../secret.key", "/etc/passwd", "media/../../secret.key", "media"]
)
async def test_nothing_outside_the_folder_is_read(settings: Settings, name: str) -> None:
    storage = open_storage(settings)
    (settings.data / "secret.key").write_text("x")
    with pytest.raises(NotFound):
        await storage.stream(name)


def test_names_cannot_be_guessed() -> None:
    names = {new_name("media", "image/webp") for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith("media/") and name.endswith(".webp") for name in names)
