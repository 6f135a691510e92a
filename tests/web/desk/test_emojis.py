"""Custom emoji are added, looked after and copied from others at the desk."""

import re
from html import unescape

import httpx
import pytest

from server.actions.custom_emojis import add_emoji
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store import audit_log, custom_emojis
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import Api, make_member
from tests.neighbour import Neighbour, neighbour
from tests.queries import count_queries
from tests.web.desk.test_desk import enter, press, text_of
from tests.web.mastodon.test_custom_emojis import picture

PATH = "/desk/emojis"
OTHERS = f"{PATH}/others"


async def upload(
    client: httpx.AsyncClient, body: bytes, language: str = "en", **form: str
) -> httpx.Response:
    return await client.post(
        PATH,
        data={"csrf": proof(client), **form},
        files={"file": ("blob.png", body, "image/png")},
        headers={"Accept-Language": language},
    )


async def test_an_emoji_from_its_upload_to_its_end(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, anna: Api
) -> None:
    assert (
        await upload(client, picture(), shortcode=":blob:", category="Blobs")
    ).status_code == 303
    await add_emoji(runtime, "wave", picture())
    page = await text_of(client, PATH)
    assert ":blob: <small>Blobs" in page
    for image in re.findall(r'<img class="emoji" src="http://localhost:3000([^"]+)', page):
        assert (await client.get(image)).status_code == 200
    found = await text_of(client, f"{PATH}?name=LO")
    assert (":blob:" in found, ":wave:" in found) == (True, False)
    found = await text_of(client, f"{PATH}?category=Blobs")
    assert (":blob:" in found, ":wave:" in found) == (True, False)
    posted = await anna.post("/api/v1/statuses", status=":blob:")

    async def press_with(do: str, **more: str) -> dict[str, tuple[str | None, bool]]:
        await press(client, PATH, do=do, **{"chosen[]": ["blob", "none"]}, **more)
        listed = await anna.get("/api/v1/custom_emojis")
        return {one["shortcode"]: (one["category"], one["visible_in_picker"]) for one in listed}

    wave = {"wave": (None, True)}
    assert await press_with("unlist") == {"blob": ("Blobs", False)} | wave
    assert await press_with("list") == {"blob": ("Blobs", True)} | wave
    assert await press_with("categorize", category="Round") == {"blob": ("Round", True)} | wave
    assert await press_with("categorize") == {"blob": (None, True)} | wave
    # Out of use it stands in what was written before alone, and others can still look it up.
    assert await press_with("disable") == wave
    assert (await anna.get(f"/api/v1/statuses/{posted['id']}"))["emojis"] != []
    assert (await anna.post("/api/v1/statuses", status="again :blob:"))["emojis"] == []
    assert (await client.get("/ap/emojis/blob")).status_code == 200
    assert "out of use" in await text_of(client, PATH)
    assert await press_with("enable") == {"blob": (None, True)} | wave
    assert await press_with("delete") == wave
    assert (await anna.get(f"/api/v1/statuses/{posted['id']}"))["emojis"] == []
    log = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    assert [entry.action for entry in log] == [
        "destroy", "enable", "disable", "update", "update", "update", "update", "create",
    ]  # fmt: skip
    assert {(entry.target_kind, entry.target_name) for entry in log} == {("custom_emoji", "blob")}


@pytest.mark.parametrize(
    ("body", "form", "problem"),
    [
        (picture(), {"shortcode": "x"}, "twee of meer letters"),
        (picture(), {"shortcode": "wave"}, "al een met die naam"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 300_000, {"shortcode": "blob"}, "groter dan 256 KB"),
        (b"<svg/>", {"shortcode": "blob"}, "geen PNG"),
        (b"", {"shortcode": "blob"}, "geen PNG"),
        (picture()[:60], {"shortcode": "blob"}, "Het bestand kon niet gelezen worden"),
    ],
)
async def test_what_is_no_emoji_is_told(
    client: httpx.AsyncClient,
    runtime: Runtime,
    boss: Account,
    body: bytes,
    form: dict[str, str],
    problem: str,
) -> None:
    await add_emoji(runtime, "wave", picture())
    answer = await upload(client, body, "nl", **form)
    assert answer.status_code == 422
    assert problem in answer.text
    assert f'value="{form["shortcode"]}"' in answer.text
    assert [one.shortcode for one in await custom_emojis.list_emojis(runtime.db)] == ["wave"]


async def wave(
    runtime: Runtime, home: Neighbour, name: str, count: int = 1, **note: object
) -> None:
    """Posts of another server with an emoji that has a picture there."""
    icon = {"type": "Image", "mediaType": "image/png", "url": f"{home.origin}/{name}.png"}
    tag = {"type": "Emoji", "id": icon["url"], "name": f":{name}:", "icon": icon}
    for number in range(count):
        made = home.note(home.actor("remy"), f"{name}-{number}", tag=[tag])
        await find_or_fetch_status(runtime, str(made["id"]))


async def test_one_of_others_is_found_and_copied(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    with neighbour() as home:
        await wave(runtime, home, "often", 2)
        await wave(runtime, home, "wave")
        home.files["/often.png"] = home.files["/wave.png"] = picture()
        page = await text_of(client, OTHERS)
        values = [unescape(one) for one in re.findall(r'name="chosen\[\]" value="([^"]+)"', page)]
        assert [one.split()[0] for one in values] == ["often", "wave"]
        assert "in posts: 2" in page
        assert "often" not in await text_of(client, f"{OTHERS}?name=wav")
        assert "None." in await text_of(client, f"{OTHERS}?domain=far.example")
        await add_emoji(runtime, "often", picture())
        assert "we have this shortcode" in await text_of(client, OTHERS)
        form = {"csrf": proof(client), "chosen[]": [*values, "forged KEY/NAME", "none"]}
        answer = await client.post(OTHERS, data=form, headers={"Accept-Language": "nl"})
        assert answer.status_code == 422
        assert ":often: Er is er al een met die naam." in answer.text
        assert ":forged: Het plaatje kon niet van de server" in answer.text
        assert home.asked.count("/wave.png") == 1
    assert [one.shortcode for one in await custom_emojis.list_emojis(runtime.db)] == [
        "often", "wave",
    ]  # fmt: skip
    [copied] = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    assert (copied.action, copied.target_name) == ("create", "wave")


async def test_however_many_there_are_it_costs_the_same(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    counts = []
    for number in (1, 60):
        for n in range(number):
            await runtime.db.execute(
                "INSERT INTO custom_emojis VALUES ($1, 'emojis/a.png', 'emojis/a.png')",
                f"e{number}_{n:02}",
            )
        await text_of(client, PATH)
        with count_queries() as seen:
            page = await text_of(client, PATH)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert page.count('name="chosen[]"') == 50
    more = re.search(r'href="(\?offset=50[^"]*)" rel="next"', page)
    assert more
    last = await text_of(client, PATH + unescape(more[1]))
    assert last.count('name="chosen[]"') == 11


async def test_it_takes_the_permission_and_a_form_from_here(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await add_emoji(runtime, "blob", picture())
    form = {"do": "delete", "chosen[]": "blob"}
    for path in (PATH, OTHERS):
        assert (await client.post(path, data=form)).status_code == 403
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    for path in (PATH, OTHERS):
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=form | {"csrf": proof(client)})).status_code == 403
    assert len(await custom_emojis.list_emojis(runtime.db)) == 1
