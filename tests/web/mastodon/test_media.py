import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from server.remote.actors import fetch_account
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.settings import Settings
from server.worker.schedule import clean_up
from tests.makers import Api, served, take
from tests.neighbour import neighbour
from tests.object_store import object_store
from tests.pictures import picture
from tests.waiting import until_blocked


async def upload(api: Api, **form: str) -> httpx.Response:
    return await api("POST", "/api/v2/media", files={"file": ("p.png", picture())}, data=form)


async def test_a_picture_is_shown_at_its_address(anna: Api, client: httpx.AsyncClient) -> None:
    answer = await upload(anna, description="tea", focus="0.5,-0.25")
    assert answer.status_code == 200
    media = answer.json()
    assert (media["type"], media["description"], media["remote_url"]) == ("image", "tea", None)
    assert media["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert (media["meta"]["original"]["width"], media["meta"]["original"]["height"]) == (90, 60)
    assert media["blurhash"]
    for url in (media["url"], media["preview_url"]):
        file = await client.get(url)
        assert file.status_code == 200
        assert file.headers["content-type"].startswith("image/")
        assert "sandbox" in file.headers["content-security-policy"]
        assert int(file.headers["content-length"]) == len(file.content)


async def test_a_private_bucket_is_as_good_as_a_folder(
    anna: Api, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with object_store() as bucket:
        for name, value in bucket.environment.items():
            monkeypatch.setenv(name, value)
        async with served(settings, media_storage="s3://pictures/of/us") as nobody:
            answer = await nobody(
                "POST", "/api/v2/media", files={"file": ("p.png", picture())}, headers=anna._headers
            )
            media = answer.json()
            for url in (media["url"], media["preview_url"]):
                assert url.startswith(f"{settings.origin}/media/media/")
                key = f"/pictures/of/us{url.removeprefix(f'{settings.origin}/media')}"
                body, headers = bucket.objects[key]
                assert (headers["content-type"], "x-amz-acl" in headers) == ("image/png", False)
                shown = await nobody("GET", url)
                assert (shown.status_code, shown.content) == (200, body)
                part = await nobody("GET", url, headers={"Range": "bytes=1-3"})
                assert (part.status_code, part.content) == (206, body[1:4])
            path = f"/api/v1/media/{media['id']}"
            assert (await nobody("DELETE", path, headers=anna._headers)).status_code == 200
            assert bucket.objects == {}
            assert (await nobody("GET", media["url"])).status_code == 404


async def test_it_can_be_changed_until_it_hangs_on_a_post(anna: Api) -> None:
    media = (await upload(anna)).json()
    path = f"/api/v1/media/{media['id']}"
    changed = await anna("PUT", path, json={"description": "new", "focus": "1,1"})
    assert (changed.json()["description"], changed.json()["meta"]["focus"]["x"]) == ("new", 1)
    assert await anna.get(path) == changed.json()
    post = await anna.post("/api/v1/statuses", media_ids=[media["id"]])
    assert [m["id"] for m in post["media_attachments"]] == [media["id"]]
    assert (await anna("GET", path)).status_code == 404
    used = await anna("DELETE", path)
    assert (used.status_code, used.json()) == (
        422,
        {"error": "Media attachment is currently used by a status"},
    )
    second = await anna("POST", "/api/v1/statuses", json={"media_ids": [media["id"]]})
    assert second.status_code == 422


async def test_an_edit_changes_and_drops_pictures(anna: Api) -> None:
    one, two = (await upload(anna)).json(), (await upload(anna)).json()
    post = await anna.post("/api/v1/statuses", status="x", media_ids=[one["id"], two["id"]])
    path = f"/api/v1/statuses/{post['id']}"
    edited = await anna(
        "PUT",
        path,
        json={
            "status": "x",
            "media_ids": [two["id"]],
            "media_attributes": [{"id": two["id"], "description": "kept"}],
        },
    )
    assert [m["description"] for m in edited.json()["media_attachments"]] == ["kept"]
    shown = await anna.get(path)
    assert [m["id"] for m in shown["media_attachments"]] == [two["id"]]


async def test_those_of_others_are_not_there(anna: Api, ben: Api) -> None:
    media = (await upload(anna)).json()
    for method in ("GET", "PUT", "DELETE"):
        answer = await ben(method, f"/api/v1/media/{media['id']}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})
    post = await ben("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [media["id"]]})
    assert post.status_code == 422


@pytest.mark.parametrize(
    ("form", "body", "status"),
    [
        ({}, b"no picture", 422),
        ({}, b"", 422),
        ({"description": "x" * 1501}, None, 422),
        ({"focus": "5,5"}, None, 422),
        ({"focus": "nan,0"}, None, 422),
        ({"focus": "middle"}, None, 422),
    ],
)
async def test_what_cannot_be_uploaded(
    anna: Api, runtime: Runtime, form: dict[str, str], body: bytes | None, status: int
) -> None:
    content = picture() if body is None else body
    answer = await anna("POST", "/api/v2/media", files={"file": ("p.png", content)}, data=form)
    assert (answer.status_code, set(answer.json())) == (status, {"error"})
    assert await runtime.db.fetchval("SELECT count(*) FROM media_attachments") == 0
    missing = await anna("POST", "/api/v2/media", data={"description": "none"})
    assert missing.status_code == 422


async def test_deleted_and_forgotten_uploads_leave_no_file(
    anna: Api, client: httpx.AsyncClient, runtime: Runtime
) -> None:
    deleted, forgotten, fresh = [(await upload(anna)).json() for _ in range(3)]
    assert (await anna("DELETE", f"/api/v1/media/{deleted['id']}")).json() == {}
    await runtime.db.execute(
        "UPDATE media_attachments SET created_at = now() - interval '2 days' WHERE id = $1",
        int(forgotten["id"]),
    )
    await clean_up(runtime)
    found = [(await client.get(m["url"])).status_code for m in (deleted, forgotten, fresh)]
    assert found == [404, 404, 200]


async def test_a_deleted_post_takes_its_files_along_when_asked(
    anna: Api, client: httpx.AsyncClient
) -> None:
    for delete_media, expected in (("true", 404), ("false", 200)):
        media = (await upload(anna)).json()
        post = await anna.post("/api/v1/statuses", status="x", media_ids=[media["id"]])
        path = f"/api/v1/statuses/{post['id']}?delete_media={delete_media}"
        gone = (await anna("DELETE", path)).json()
        assert [m["id"] for m in gone["media_attachments"]] == [media["id"]]
        assert (await client.get(media["url"])).status_code == expected


async def test_a_film_of_others_shows_its_picture_from_a_copy(
    anna: Api, client: httpx.AsyncClient, runtime: Runtime
) -> None:
    with neighbour() as home:
        bob = await fetch_account(runtime, home.actor("bob"))
        home.files["/1.png"] = picture()
        film = {"type": "Video", "mediaType": "video/mp4", "url": f"{home.origin}/v.mp4"}
        note = home.note(bob.uri, "1", attachment={**film, "icon": f"{home.origin}/1.png"})
        status = await find_or_fetch_status(runtime, note["id"])

        async def shown() -> Any:
            [media] = (await anna.get(f"/api/v1/statuses/{status.id}"))["media_attachments"]
            return media

        media = await shown()
        assert media["preview_remote_url"] == f"{home.origin}/1.png"
        file = await client.get(media["preview_url"], follow_redirects=True)
        assert (file.status_code, file.headers["content-type"][:6]) == (200, "image/")
        later = datetime.now(UTC) + timedelta(minutes=1)
        other = {**note, "attachment": film, "updated": later.isoformat()}
        await take(runtime, "Update", bob, other)
        assert (await shown())["preview_remote_url"] is None


async def test_of_two_posts_at_once_one_gets_the_upload(anna: Api, runtime: Runtime) -> None:
    file = (await upload(anna)).json()["id"]
    first = await anna.post("/api/v1/statuses", status="first")
    taken = "UPDATE media_attachments SET status_id = $1 WHERE id = $2"
    async with runtime.transaction() as tx:
        await tx.db.execute(taken, int(first["id"]), int(file))
        body = {"status": "second", "media_ids": [file]}
        second = asyncio.create_task(anna("POST", "/api/v1/statuses", json=body))
        await until_blocked(runtime.db)
    answer = await second
    assert (answer.status_code, answer.json()) == (
        422,
        {"error": f"Media {file} not found or already attached to another post"},
    )
    assert len(await anna.get("/api/v1/timelines/home")) == 1
