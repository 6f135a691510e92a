from dataclasses import replace
from typing import Any

import httpx
import pytest

from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.worker.schedule import clean_up
from tests.makers import Api
from tests.neighbour import Neighbour, neighbour
from tests.web.mastodon.test_profile import picture


def note_with(home: Neighbour, *paths: str) -> str:
    author = home.actor("remy")
    attachments = [
        {"type": "Document", "mediaType": "image/png", "url": f"{home.origin}{path}"}
        for path in paths
    ]
    return str(home.note(author, "1", attachment=attachments)["id"])


async def shown(runtime: Runtime, api: Api, uri: str) -> list[dict[str, Any]]:
    status = await find_or_fetch_status(runtime, uri)
    found = await api.get(f"/api/v1/statuses/{status.id}")
    return list(found["media_attachments"])


async def test_files_of_others_are_shown_from_a_copy(
    runtime: Runtime, anna: Api, client: httpx.AsyncClient
) -> None:
    with neighbour() as home:
        home.files["/a.png"] = picture()
        [media] = await shown(runtime, anna, note_with(home, "/a.png"))
        assert media["remote_url"] == f"{home.origin}/a.png"
        assert media["url"].startswith("http://localhost:3000/media_proxy/")
        assert home.asked == []
        for _ in range(2):
            answer = await client.get(media["url"])
            assert answer.status_code == 302
            file = await client.get(answer.headers["location"])
            assert (file.headers["content-type"], file.content) == ("image/png", picture())
        assert home.asked == ["/a.png"]
        await runtime.db.execute("UPDATE media_attachments SET cached_at = '2020-01-01'")
        await clean_up({"runtime": runtime})
        assert (await client.get(answer.headers["location"])).status_code == 404
        await client.get(media["url"])
        assert home.asked == ["/a.png"] * 2


@pytest.mark.parametrize(
    "body", [b"<script>alert(1)</script>", b'{"type": "Note"}', b"", b"<svg onload='x'/>"]
)
async def test_what_is_no_medium_is_not_passed_on(
    runtime: Runtime, anna: Api, client: httpx.AsyncClient, body: bytes
) -> None:
    with neighbour() as home:
        home.files["/a.png"] = body
        [media] = await shown(runtime, anna, note_with(home, "/a.png"))
        assert (await client.get(media["url"])).status_code == 404


async def test_only_known_files_of_a_size_are_fetched(
    runtime: Runtime, anna: Api, client: httpx.AsyncClient
) -> None:
    from server.errors import NotFound
    from server.remote.media import copy_of

    with neighbour() as home:
        home.files["/a.png"] = picture()
        [media] = await shown(runtime, anna, note_with(home, "/a.png"))
        key = media["url"].rpartition("/")[2]
        small = replace(runtime, settings=replace(runtime.settings, media_remote_max_bytes=10))
        with pytest.raises(NotFound):
            await copy_of(small, key)
        for unknown in ("x", "https:%2F%2Fexample.org%2Fa.png", media["id"]):
            answer = await client.get(f"/media_proxy/{unknown}")
            assert answer.status_code == 404
