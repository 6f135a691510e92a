import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from server.errors import Invalid, TooMany
from server.runtime import Runtime
from server.store import archives, imports, statuses
from server.store.accounts import Account
from server.transfer import archive, old_posts
from server.transfer import packed as packed_files
from server.transfer.imports import confirm_import
from tests.makers import Api, make_member, make_status, make_token, outgoing, run_jobs
from tests.pictures import picture

ME = "https://old.example/users/anna"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
FOLLOWERS = f"{ME}/followers"


def create(number: int, content: str, **more: Any) -> dict[str, Any]:
    """A Create as Mastodon's archive has it."""
    note = {
        "id": f"{ME}/statuses/{number}",
        "type": "Note",
        "attributedTo": ME,
        "content": f"<p>{content}</p>",
        "to": [PUBLIC],
        "cc": [FOLLOWERS],
        "published": f"2019-03-0{number}T10:00:00Z",
        **more,
    }
    return {"id": f"{note['id']}/activity", "type": "Create", "actor": ME, "object": note}


def packed(folder: Path, items: list[Any], kind: str = "zip", **files: bytes) -> Path:
    """An archive with these activities."""
    documents = {
        "actor.json": {"id": ME, "type": "Person", "followers": FOLLOWERS},
        "outbox.json": {"type": "OrderedCollection", "orderedItems": items},
    }
    contents = {name: orjson.dumps(one) for name, one in documents.items()} | files
    path = folder / f"archive.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as file:
            for name, body in contents.items():
                file.writestr(name, body)
        return path
    with tarfile.open(path, "w:gz") as tar:
        for name, body in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return path


async def bring(runtime: Runtime, member: Account, path: Path) -> imports.Import:
    made = await old_posts.begin_posts_import(runtime, member.id, "archive.zip", path)
    await confirm_import(runtime, member.id, made)
    await run_jobs(runtime)
    return await imports.get_import(runtime.db, made, member.id)


async def shown(runtime: Runtime, client: httpx.AsyncClient, member: Account) -> list[Any]:
    api = Api(client, await make_token(runtime, member))
    return list(await api.get(f"/api/v1/accounts/{member.id}/statuses"))


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
async def test_old_posts_keep_their_dates_and_nobody_is_told(
    runtime: Runtime, client: httpx.AsyncClient, tmp_path: Path, kind: str
) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    attachment = {
        "type": "Document",
        "mediaType": "image/png",
        "name": "tea",
        "focalPoint": [0.5, 0],
        "url": "/media_attachments/a.png",
    }
    items = [
        create(2, "second", inReplyTo=f"{ME}/statuses/1", summary="news", sensitive=True),
        create(
            1,
            "first <script>x</script>@ben",
            attachment=[attachment],
            tag=[
                {"type": "Hashtag", "name": "#Tea", "href": "https://old.example/tags/tea"},
                {"type": "Mention", "href": ben.uri, "name": "@ben@localhost:3000"},
            ],
        ),
        create(3, "for followers", to=[FOLLOWERS], cc=[]),
        create(4, "a secret", to=[ben.uri], cc=[]),
        create(5, "not mine", attributedTo="https://old.example/users/other"),
        {"type": "Announce", "actor": ME, "object": "https://x.example/1"},
        "odd",
    ]
    path = packed(tmp_path, items, kind, **{"media_attachments/a.png": picture()})
    for _ in range(2):  # the same archive once more changes nothing
        found = await bring(runtime, anna, path)
        assert (found.state, found.done, found.failed) == ("finished", 3, 0)
    third, second, first = await shown(runtime, client, anna)
    assert first["content"] == "<p>first @ben</p>"
    assert (first["created_at"], first["visibility"]) == ("2019-03-01T10:00:00.000Z", "public")
    assert [(m["description"], m["meta"]["focus"]["x"]) for m in first["media_attachments"]] == [
        ("tea", 0.5)
    ]
    assert [tag["name"] for tag in first["tags"]] == ["tea"]
    assert (second["in_reply_to_id"], second["spoiler_text"]) == (first["id"], "news")
    assert third["visibility"] == "private"
    assert first["imported_from"] == f"{ME}/statuses/1"
    api = Api(client, await make_token(runtime, ben))
    assert await api.get("/api/v1/notifications") == []
    assert [one["id"] for one in await api.get("/api/v1/timelines/home")] == []
    assert await outgoing(runtime) == []
    assert await api.get("/api/v1/trends/tags") == []
    raw = list((runtime.settings.data / "media" / "archives").rglob("*.bin"))
    assert raw == []


async def test_what_is_no_archive_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    anna = await make_member(runtime, "anna")
    odd = tmp_path / "odd"
    for body in (b"", b"hello", b"PK\x03\x04" + b"x" * 99):
        odd.write_bytes(body)
        with pytest.raises(Invalid):
            await old_posts.begin_posts_import(runtime, anna.id, "x", odd)
    for items in ([], ["x"], [{"type": "Create", "object": {"id": 5}}]):
        with pytest.raises(Invalid):
            await old_posts.begin_posts_import(runtime, anna.id, "x", packed(tmp_path, items))
    future = create(1, "soon", published="2999-01-01T00:00:00Z")
    found = await bring(runtime, anna, packed(tmp_path, [future]))
    [status] = await statuses.list_oldest(runtime.db, anna.id, 9)
    assert status.created_at < found.finished_at  # type: ignore[operator]


async def test_an_archive_of_here_is_read_here(
    runtime: Runtime, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    api = Api(client, await make_token(runtime, anna))
    media = (await api("POST", "/api/v2/media", files={"file": ("p.png", picture())})).json()
    await api.post("/api/v1/statuses", status="look #tea", media_ids=[media["id"]])
    theirs = await make_status(runtime, ben, "hello")
    await api.post(f"/api/v1/statuses/{theirs}/favourite")
    await api.post(f"/api/v1/statuses/{theirs}/reblog")
    await archive.request_archive(runtime, anna.id)
    with pytest.raises(TooMany):
        await archive.request_archive(runtime, anna.id)
    await run_jobs(runtime)
    [made] = await archives.list_archives(runtime.db, anna.id)
    path = tmp_path / "made.zip"
    path.write_bytes(await runtime.media.read(made.file))
    with zipfile.ZipFile(path) as file:
        outbox = orjson.loads(file.read("outbox.json"))
        assert [one["type"] for one in outbox["orderedItems"]] == ["Create", "Announce"]
        assert outbox["totalItems"] == 2
        [attachment] = outbox["orderedItems"][0]["object"]["attachment"]
        assert len(file.read(attachment["url"])) > 100
        likes = orjson.loads(file.read("likes.json"))
        assert likes["orderedItems"] == [runtime.addresses.status_uri(theirs)]
        assert orjson.loads(file.read("actor.json"))["id"] == anna.uri
    await bring(runtime, ben, path)
    copy = (await shown(runtime, client, ben))[-1]
    assert len(copy["media_attachments"]) == 1
    assert "look" in copy["content"]


@pytest.mark.parametrize("ended", ["2019-03-02T10:00:00Z", "2999-01-01T00:00:00Z", None])
async def test_a_poll_comes_along_with_its_counts_and_is_over(
    runtime: Runtime, client: httpx.AsyncClient, tmp_path: Path, ended: str | None
) -> None:
    anna = await make_member(runtime, "anna")
    choices = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}
        for name, votes in (("Tea", 3), ("Coffee", 1))
    ]
    question = {"type": "Question", "oneOf": choices, "votersCount": 4}
    item = create(1, "What to drink?", **question, **({"endTime": ended} if ended else {}))
    await bring(runtime, anna, packed(tmp_path, [item]))
    [post] = await shown(runtime, client, anna)
    poll = post["poll"]
    assert [(o["title"], o["votes_count"]) for o in poll["options"]] == [("Tea", 3), ("Coffee", 1)]
    assert (poll["expired"], poll["multiple"], poll["voters_count"]) == (True, False, 4)
    assert ended != "2019-03-02T10:00:00Z" or poll["expires_at"].startswith("2019-03-02T10:00")
    ben = await make_member(runtime, "ben")
    voter = Api(client, await make_token(runtime, ben))
    answer = await voter("POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": [0]})
    assert answer.status_code == 422
    await run_jobs(runtime)
    assert await voter.get("/api/v1/notifications") == []


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
async def test_a_damaged_archive_is_refused_not_tried_again(
    runtime: Runtime, tmp_path: Path, kind: str
) -> None:
    anna = await make_member(runtime)
    path = packed(tmp_path, [create(1, "word " * number) for number in range(1, 9)], kind)
    body = bytearray(path.read_bytes())
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("actor.json", b"{}")
            file.writestr("outbox.json", bytes(range(256)) * 40)
        body = bytearray(path.read_bytes())
        start = body.index(b"outbox.json") + len(b"outbox.json")
        body[start : start + 8] = b"\xff" * 8
    else:
        del body[len(body) // 2 :]
    path.write_bytes(bytes(body))
    with pytest.raises(Invalid):
        await old_posts.begin_posts_import(runtime, anna.id, f"archive.{kind}", path)


def with_files(*places: str) -> list[dict[str, Any]]:
    attached = [{"type": "Document", "url": f"/{place}"} for place in places]
    return [create(number, "look", attachment=attached) for number in range(1, 5)]


def kept_files(runtime: Runtime) -> list[int]:
    """Sizes of the files that wait for an import."""
    folder = runtime.settings.data / "media" / "archives"
    return [file.stat().st_size for file in folder.rglob("*.bin")]


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
async def test_a_file_is_kept_once_however_often_it_is_named(
    runtime: Runtime, tmp_path: Path, kind: str
) -> None:
    anna = await make_member(runtime, "anna")
    path = packed(tmp_path, with_files("a.png", "./a.png", "b.png"), kind, **{"a.png": picture()})
    await old_posts.begin_posts_import(runtime, anna.id, "a", path)
    assert kept_files(runtime) == [len(picture())]


async def test_what_unpacks_to_very_much_is_left_out(runtime: Runtime, tmp_path: Path) -> None:
    anna = await make_member(runtime, "anna")
    path = packed(tmp_path, with_files(*(f"{number}.png" for number in range(9))))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("0.png", picture())
        for number in range(1, 9):
            file.writestr(f"{number}.png", bytes(20 * 1024**2))
    await old_posts.begin_posts_import(runtime, anna.id, "a", path)
    assert kept_files(runtime) == [len(picture())]


async def test_archives_of_nothing_but_size_are_refused(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await make_member(runtime, "anna")
    monkeypatch.setattr(packed_files, "LARGEST_DOCUMENT", 1024**2)
    monkeypatch.setattr(packed_files, "_LARGEST_DIRECTORY", 1000)
    monkeypatch.setattr(packed_files, "_MOST_MEMBERS", 50)
    monkeypatch.setattr(old_posts, "_MOST_PARTS", 1000)
    items, many = [create(1, "tea")], {f"{number}.txt": b"" for number in range(100)}
    for kind, posts, files in (
        ("tar.gz", items, {"zeros": bytes(5 * 1024**2)}),
        ("zip", items, many),
        ("tar.gz", items, many),
        ("zip", [*items, *[{}] * 2000], {}),
        ("zip", [create(1, "tea" * 1024**2)], {}),
    ):
        path = packed(tmp_path, posts, kind, **files)
        with pytest.raises(Invalid):
            await old_posts.begin_posts_import(runtime, anna.id, "a", path)
