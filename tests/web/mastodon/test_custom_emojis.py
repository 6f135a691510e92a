"""Custom emoji from the owners' command to the posts, names and reactions in which they stand."""

import io
import tarfile
from typing import Any

import pytest
import pyvips

from server.actions import custom_emojis
from server.errors import Invalid, NotFound
from server.runtime import Runtime
from tests.makers import Api, copies_of, outgoing, run_jobs


def picture(suffix: str = ".png", side: int = 32, colour: int = 90) -> bytes:
    image = pyvips.Image.black(side, side, bands=3) + colour
    return bytes(image.cast("uchar").copy(interpretation="srgb").write_to_buffer(suffix))


def animation(suffix: str) -> bytes:
    frames = pyvips.Image.arrayjoin(
        [(pyvips.Image.black(16, 16, bands=3) + n).cast("uchar") for n in (0, 120, 240)], across=1
    )
    frames = frames.copy(interpretation="srgb")
    frames.set_type(pyvips.GValue.gint_type, "page-height", 16)
    return bytes(frames.write_to_buffer(suffix))


async def test_emoji_are_listed_with_pictures_that_open(stranger: Api, runtime: Runtime) -> None:
    await custom_emojis.add_emoji(runtime, "blob", picture(), "Blobs")
    await custom_emojis.add_emoji(runtime, "hid_den", picture(".webp"), visible=False)
    [blob, hidden] = await stranger.get("/api/v1/custom_emojis")
    assert (blob["shortcode"], blob["category"], blob["visible_in_picker"]) == (
        "blob",
        "Blobs",
        True,
    )
    assert (hidden["category"], hidden["visible_in_picker"]) == (None, False)
    for url in (blob["url"], blob["static_url"], hidden["static_url"]):
        assert (await stranger("GET", url)).headers["content-type"] == "image/png"
    assert (await stranger("GET", hidden["url"])).headers["content-type"] == "image/webp"


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
async def test_what_moves_keeps_moving_and_has_a_still(
    stranger: Api, runtime: Runtime, suffix: str
) -> None:
    await custom_emojis.add_emoji(runtime, "moves", animation(suffix))
    [found] = await stranger.get("/api/v1/custom_emojis")
    body = (await stranger("GET", found["url"])).content
    assert pyvips.Image.new_from_buffer(body, "").get("n-pages") == 3
    still = (await stranger("GET", found["static_url"])).content
    assert still.startswith(b"\x89PNG")
    assert pyvips.Image.new_from_buffer(still, "").height == 16


@pytest.mark.parametrize(
    ("shortcode", "body"),
    [
        ("x", picture()),
        ("with space", picture()),
        ("é" * 3, picture()),
        ("x" * 129, picture()),
        ("jpeg", picture(".jpg")),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("broken", picture()[:60]),
        ("large", b"\x89PNG\r\n\x1a\n" + b"x" * 300_000),
        ("wide", picture(side=2000)),
    ],
)
async def test_what_is_no_emoji(runtime: Runtime, shortcode: str, body: bytes) -> None:
    with pytest.raises(Invalid):
        await custom_emojis.add_emoji(runtime, shortcode, body)
    assert await runtime.db.fetchval("SELECT count(*) FROM custom_emojis") == 0


async def test_posts_and_profiles_carry_those_that_stand_in_them(
    anna: Api, runtime: Runtime
) -> None:
    for name in ("blob", "other", "field"):
        await custom_emojis.add_emoji(runtime, name, picture())
    posted = await anna.post(
        "/api/v1/statuses", status="hi :blob: :none: a:other:b", spoiler_text=":other:"
    )
    assert [e["shortcode"] for e in posted["emojis"]] == ["blob", "other"]
    assert posted["emojis"][0]["url"].startswith("http://localhost:3000/media/emojis/")
    edited = await anna("PUT", f"/api/v1/statuses/{posted['id']}", json={"status": ":field: now"})
    assert [e["shortcode"] for e in edited.json()["emojis"]] == ["field"]
    path = "/api/v1/accounts/update_credentials"
    await anna("PATCH", path, json={"display_name": "Anna :blob:"})
    changed = await anna(
        "PATCH", path, json={"fields_attributes": [{"name": ":field:", "value": "x :other:"}]}
    )
    assert {e["shortcode"] for e in changed.json()["emojis"]} == {"blob", "field", "other"}


async def test_others_are_told_of_them(anna: Api, stranger: Api, runtime: Runtime) -> None:
    from tests.makers import make_remote

    await custom_emojis.add_emoji(runtime, "blob", picture())
    remy = await make_remote(runtime)
    anna_id = (await anna.get("/api/v1/accounts/verify_credentials"))["id"]
    await runtime.db.execute(
        "INSERT INTO follows (account_id, target_id) VALUES ($1, $2)", remy.id, int(anna_id)
    )
    posted = await anna.post("/api/v1/statuses", status="hi :blob:")
    await anna("PATCH", "/api/v1/accounts/update_credentials", json={"note": ":blob:"})
    await run_jobs(runtime)
    [create, update] = await outgoing(runtime)
    [tag] = create["object"]["tag"]
    assert (tag["type"], tag["name"]) == ("Emoji", ":blob:")
    assert tag["icon"]["mediaType"] == "image/png"
    assert tag["icon"]["url"] == posted["emojis"][0]["url"]
    assert update["object"]["tag"] == [tag]
    emoji = (await stranger("GET", tag["id"])).json()
    assert {key: emoji[key] for key in tag} == tag
    assert (await stranger("GET", "/ap/emojis/none")).status_code == 404


async def test_a_new_picture_and_none_any_more_change_old_posts(
    anna: Api, runtime: Runtime
) -> None:
    await custom_emojis.add_emoji(runtime, "blob", picture())
    posted = await anna.post("/api/v1/statuses", status="hi :blob:")
    old = posted["emojis"][0]["url"]
    await custom_emojis.add_emoji(runtime, "blob", picture(colour=200))
    path = f"/api/v1/statuses/{posted['id']}"
    new = (await anna.get(path))["emojis"][0]["url"]
    assert new != old
    assert (await anna("GET", old)).status_code == 404
    await custom_emojis.remove_emoji(runtime, None, "blob")
    assert (await anna.get(path))["emojis"] == []
    assert (await anna("GET", new)).status_code == 404
    with pytest.raises(NotFound):
        await custom_emojis.remove_emoji(runtime, None, "blob")


async def test_those_of_others_are_read_from_tags(anna: Api, runtime: Runtime) -> None:
    from tests.makers import make_remote, take

    remy = await make_remote(runtime)
    anna_id = (await anna.get("/api/v1/accounts/verify_credentials"))["id"]
    await runtime.db.execute(
        "INSERT INTO follows (account_id, target_id) VALUES ($1, $2)", int(anna_id), remy.id
    )
    tags: list[Any] = [
        {"type": "Emoji", "name": name, "icon": {"type": "Image", "url": url}}
        for name, url in (
            (":cat:", "https://far.example/cat.png"),
            (":cat:", "https://far.example/cat2.png"),
            (":<b>:", "https://far.example/b.png"),
            (":js:", "javascript:alert(1)"),
        )
    ]
    note = {
        "id": "https://far.example/n/1",
        "type": "Note",
        "attributedTo": remy.uri,
        "content": ":cat:",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "tag": tags,
    }
    assert await take(runtime, "Create", remy, note) is None
    [shown] = await anna.get("/api/v1/timelines/public")
    [emoji] = shown["emojis"]
    assert emoji == {
        "shortcode": "cat",
        **copies_of(runtime, "https://far.example/cat2.png"),
        "visible_in_picker": True,
        "category": None,
    }


def archive(files: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return body.getvalue()


async def test_an_archive_brings_many(stranger: Api, runtime: Runtime) -> None:
    body = archive(
        {
            "pack/one.png": picture(),
            "../../two.png": picture(),
            "readme.txt": b"hello",
            "._one.png": b"mac",
            "bad name.png": picture(),
            "broken.gif": b"GIF89a",
        }
    )
    added, problems = await custom_emojis.import_archive(runtime, body, "Pack")
    assert (added, len(problems)) == (2, 2)
    found = await stranger.get("/api/v1/custom_emojis")
    assert [(e["shortcode"], e["category"]) for e in found] == [("one", "Pack"), ("two", "Pack")]
    with pytest.raises(Invalid):
        await custom_emojis.import_archive(runtime, b"no archive")
