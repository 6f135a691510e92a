import io
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from server.moderation.suspend import suspend_account, unsuspend_account
from server.remote import actors
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.worker.schedule import clean_up
from tests.makers import Api, make_member, make_token, run_jobs
from tests.neighbour import Neighbour, neighbour
from tests.pictures import picture


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
        await runtime.db.execute("UPDATE media_copies SET used_at = '2020-01-01'")
        await clean_up(runtime)
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


async def test_pictures_of_others_are_shown_from_copies(
    runtime: Runtime, anna: Api, client: httpx.AsyncClient
) -> None:
    with neighbour() as home:
        home.files |= {"/a.png": picture(), "/h.png": picture(), "/e.gif": moving()}
        remy = await actors.find_or_fetch_account(runtime, painted(home))
        shown = await anna.get(f"/api/v1/accounts/{remy.id}")
        [emoji] = shown["emojis"]
        assert home.origin not in dumped(shown, "avatar", "header", "emojis")
        assert home.asked == []
        for url, kind in (
            (shown["avatar"], "image/png"),
            (shown["avatar_static"], "image/png"),
            (shown["header"], "image/png"),
            (emoji["url"], "image/gif"),
            (emoji["static_url"], "image/png"),
        ):
            file = await fetched(client, url)
            assert (file.status_code, file.headers["content-type"]) == (200, kind), url
        assert sorted(home.asked) == ["/a.png", "/e.gif", "/h.png"]


async def test_nobody_makes_us_fetch_what_we_do_not_show(
    runtime: Runtime, client: httpx.AsyncClient
) -> None:
    with neighbour() as home:
        home.files["/a.png"] = picture()
        address = runtime.addresses.remote_picture(f"{home.origin}/a.png", home.domain)
        _, key, name = address.rsplit("/", 2)
        other = runtime.addresses.remote_picture(f"{home.origin}/b.png", home.domain)
        forged = (f"{'0' * 32}/{name}", f"{key}/{other.rsplit('/', 1)[1]}", f"{key}/%00", "é/é")
        for path in forged:
            assert (await client.get(f"/media_proxy/{path}")).status_code == 404
        assert home.asked == []
        assert (await fetched(client, address)).status_code == 200


async def test_a_picture_is_fetched_again_after_days_and_stays_if_that_fails(
    runtime: Runtime, client: httpx.AsyncClient
) -> None:
    with neighbour() as home:
        home.files["/a.gif"] = moving()
        address = runtime.addresses.remote_picture(f"{home.origin}/a.gif", home.domain)
        first = await fetched(client, address)
        for known in (picture(), b"no picture"):
            home.files["/a.gif"] = known
            await runtime.db.execute("UPDATE media_copies SET fetched_at = '2020-01-01'")
            await client.get(address)
            await run_jobs(runtime)
            assert (await fetched(client, address)).content == picture() != first.content
        assert (await fetched(client, f"{address}/still")).content == picture()
        assert len(home.asked) == 3
        assert await stored(runtime) == 1


async def test_what_cannot_be_had_is_asked_for_once_an_hour(
    runtime: Runtime, client: httpx.AsyncClient
) -> None:
    with neighbour() as home:
        home.files["/a.mp4"] = b"\x00\x00\x00\x18ftypmp42"
        address = runtime.addresses.remote_picture(f"{home.origin}/a.mp4", home.domain)
        for times in (1, 1, 2):
            if times == 2:
                await runtime.db.execute(
                    "UPDATE media_copies SET fetched_at = now() - interval '2 hours'"
                )
            assert (await client.get(address)).status_code == 404
            assert len(home.asked) == times


async def test_copies_together_have_a_size(runtime: Runtime, client: httpx.AsyncClient) -> None:
    size = len(picture())
    with neighbour() as home:
        addresses = []
        for name in ("/a.png", "/b.png", "/c.png"):
            home.files[name] = picture()
            addresses.append(runtime.addresses.remote_picture(home.origin + name, home.domain))
            await client.get(addresses[-1])
        await runtime.db.execute(
            "UPDATE media_copies SET used_at = now() - interval '2 days' WHERE key = $1",
            addresses[1].split("/")[-2],
        )
        small = replace(runtime.settings, media_remote_total_bytes=2 * size)
        await clean_up(replace(runtime, settings=small))
        assert await stored(runtime) == 2
        for address in addresses:
            await client.get(address)
        assert home.asked == ["/a.png", "/b.png", "/c.png", "/b.png"]


def painted(home: Neighbour) -> str:
    """An actor with pictures and an emoji in the name."""
    icon = {"type": "Image", "url": f"{home.origin}/e.gif"}
    tag = {"type": "Emoji", "name": ":dance:", "icon": icon}
    return home.actor(
        "remy",
        icon={"type": "Image", "url": f"{home.origin}/a.png"},
        image={"type": "Image", "url": f"{home.origin}/h.png"},
        tag=[tag],
    )


def moving() -> bytes:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("teal", "red")]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def dumped(shown: dict[str, Any], *names: str) -> str:
    return " ".join(str(shown[name]) for name in names)


async def fetched(client: httpx.AsyncClient, url: str) -> httpx.Response:
    answer = await client.get(url)
    assert answer.status_code == 302
    return await client.get(answer.headers["location"])


async def stored(runtime: Runtime) -> int:
    """How many files of others stand in our storage."""
    folder = runtime.settings.data / "media" / "cache"
    return len([path for path in folder.rglob("*") if path.is_file()])


@pytest.mark.parametrize("how", ["account", "suspend", "noop"])
async def test_nothing_is_shown_of_the_suspended_until_they_are_back(
    runtime: Runtime, anna: Api, client: httpx.AsyncClient, how: str
) -> None:
    """Neither by the address of the file elsewhere, nor by that of our copy."""
    owner = Api(
        client,
        await make_token(
            runtime, await make_member(runtime, "olga", role="owner"), "admin:read admin:write"
        ),
    )
    rules = "/api/v1/admin/domain_blocks"
    with neighbour() as home:
        home.files |= {"/a.png": picture(), "/h.png": picture(), "/e.gif": moving()}
        home.files["/b.png"] = picture()
        author = painted(home)
        attached = {"type": "Document", "mediaType": "image/png", "url": f"{home.origin}/b.png"}
        status = await find_or_fetch_status(
            runtime, home.note(author, "1", attachment=[attached])["id"]
        )
        found = await anna.get(f"/api/v1/statuses/{status.id}")
        account, [media] = found["account"], found["media_attachments"]
        urls = [media["url"], account["avatar"], account["header"]]
        if how != "account":  # emoji are of a server, not of an account
            urls.append(account["emojis"][0]["static_url"])
        copies = [(await client.get(url)).headers["location"] for url in urls]

        async def answers() -> list[int]:
            return [(await client.get(url)).status_code for url in (*urls, *copies)]

        before = await answers()
        assert set(before) == {200, 302}
        if how == "account":
            await suspend_account(runtime, status.account_id)
        else:
            domain = urlsplit(author).netloc
            rule = await owner.post(rules, domain=domain, severity=how, reject_media=how == "noop")
        assert set(await answers()) == {404}
        if how == "account":
            await unsuspend_account(runtime, status.account_id)
        else:
            await owner("DELETE", f"{rules}/{rule['id']}")
        assert await answers() == before


async def test_a_picture_that_others_show_too_is_shown(
    runtime: Runtime, anna: Api, client: httpx.AsyncClient
) -> None:
    """Such as the one of all who have none."""
    with neighbour() as home:
        home.files["/none.png"] = picture()
        icon = {"type": "Image", "url": f"{home.origin}/none.png"}
        people = [
            await actors.fetch_account(runtime, home.actor(name, icon=icon))
            for name in ("remy", "rosa")
        ]
        [avatar, _] = [(await anna.get(f"/api/v1/accounts/{one.id}"))["avatar"] for one in people]
        for person, status in zip(people, (302, 404), strict=True):
            await suspend_account(runtime, person.id)
            assert (await client.get(avatar)).status_code == status


async def test_of_half_an_address_that_is_kept_there_is_nothing(
    runtime: Runtime, client: httpx.AsyncClient
) -> None:
    kept = runtime.addresses.remote_picture("http://[half/a.png", "far.example")
    assert (await client.get(kept)).status_code == 404
