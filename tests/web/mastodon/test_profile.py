from typing import Any

import httpx
import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store import users
from tests.makers import Api
from tests.pictures import picture

PATH = "/api/v1/accounts/update_credentials"


async def test_a_profile_is_made_html_and_keeps_what_was_typed(anna: Api, ben: Api) -> None:
    form = {
        "display_name": "Anna A.",
        "note": "hi @ben #tea <b>",
        "bot": "true",
        "locked": "1",
        "fields_attributes[0][name]": "Site",
        "fields_attributes[0][value]": "https://anna.example",
        "fields_attributes[1][name]": "",
        "fields_attributes[1][value]": "",
    }
    me = (await anna("PATCH", PATH, data=form)).json()
    assert (me["display_name"], me["bot"], me["locked"]) == ("Anna A.", True, True)
    assert "&lt;b&gt;" in me["note"]
    assert '/@ben"' in me["note"]
    assert '/tags/tea"' in me["note"]
    assert me["source"]["note"] == form["note"]
    [field] = me["fields"]
    assert 'rel="nofollow noopener me"' in field["value"]
    assert me["source"]["fields"][0]["value"] == "https://anna.example"
    unchanged = (await anna("PATCH", PATH, json={"discoverable": False})).json()
    assert (unchanged["note"], unchanged["discoverable"]) == (me["note"], False)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"source": {"privacy": "friends"}}, 422),
        ({"source": {"quote_policy": "friends"}}, 422),
        ({"attribution_domains": ["not a domain"]}, 422),
        ({"attribution_domains": [f"{n}.example" for n in range(101)]}, 422),
        ({"display_name": "a\x00b"}, 400),
        ({"avatar": "no file"}, 400),
    ],
)
async def test_what_a_profile_cannot_be(anna: Api, body: dict[str, Any], status: int) -> None:
    before = await anna.get("/api/v1/accounts/verify_credentials")
    answer = await anna("PATCH", PATH, json=body)
    assert (answer.status_code, set(answer.json())) == (status, {"error"})
    assert await anna.get("/api/v1/accounts/verify_credentials") == before


async def test_nul_deep_inside_is_refused_too(anna: Api) -> None:
    body = {"fields_attributes": [{"name": "a\x00", "value": "b"}]}
    answer = await anna("PATCH", PATH, json=body)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


async def test_what_a_member_wants_to_see_at_once(anna: Api, runtime: Runtime) -> None:
    async def reading() -> list[Any]:
        found = await anna.get("/api/v1/preferences")
        names = ("expand:media", "expand:spoilers", "autoplay:gifs")
        return [found[f"reading:{name}"] for name in names]

    assert await reading() == ["default", False, False]
    me = int((await anna.get("/api/v1/accounts/verify_credentials"))["id"])
    await users.update_preferences(
        runtime.db, me, expand_media="hide_all", expand_spoilers=True, autoplay_gifs=True
    )
    assert await reading() == ["hide_all", True, True]


async def test_defaults_hold_for_the_next_post(anna: Api) -> None:
    source = {"privacy": "unlisted", "sensitive": True, "language": "nl", "quote_policy": "nobody"}
    await anna("PATCH", PATH, json={"source": source})
    preferences = await anna.get("/api/v1/preferences")
    assert preferences["posting:default:visibility"] == "unlisted"
    for name in ("sensitive", "language", "quote_policy"):
        assert preferences[f"posting:default:{name}"] == source[name]
    post = await anna.post("/api/v1/statuses", status="as always")
    assert (post["visibility"], post["sensitive"], post["language"]) == ("unlisted", True, "nl")


async def test_a_post_without_a_language_is_in_that_of_its_author_s_pages(
    anna: Api, runtime: Runtime
) -> None:
    for locale, language in (("nl", "nl"), ("nl-BE", "nl"), ("xx", "en")):
        await runtime.db.execute("UPDATE users SET locale = $1", locale)
        post = await anna.post("/api/v1/statuses", status="as always")
        preferences = await anna.get("/api/v1/preferences")
        assert post["language"] == preferences["posting:default:language"] == language


@pytest.mark.parametrize("kind", ["avatar", "header"])
async def test_pictures_come_and_go(anna: Api, client: httpx.AsyncClient, kind: str) -> None:
    plain = (await anna.get("/api/v1/accounts/verify_credentials"))[kind]
    seen = {plain}
    for _ in range(2):
        answer = await anna("PATCH", PATH, files={kind: ("me.png", picture())})
        url = answer.json()[kind]
        assert url not in seen
        assert (await client.get(url)).status_code == 200
        seen.add(url)
    [old] = seen - {plain, url}
    assert (await client.get(old)).status_code == 404
    answer = await anna("DELETE", f"/api/v1/profile/{kind}")
    assert (answer.status_code, answer.json()[kind]) == (200, plain)
    assert (await client.get(url)).status_code == 404


async def test_what_is_no_picture_changes_nothing(anna: Api) -> None:
    before = await anna.get("/api/v1/accounts/verify_credentials")
    answer = await anna("PATCH", PATH, files={"avatar": ("me.png", b"<svg onload=x>")})
    assert (answer.status_code, set(answer.json())) == (422, {"error"})
    assert await anna.get("/api/v1/accounts/verify_credentials") == before


async def test_hosts_that_may_name_a_member_as_author(anna: Api, stranger: Api) -> None:
    form = [
        ("attribution_domains[]", domain)
        for domain in ("https://Blog.example/about", "*.news.example", "blog.example", "")
    ]
    me = (await anna("PATCH", PATH, files=[(name, (None, value)) for name, value in form])).json()
    assert me["source"]["attribution_domains"] == ["blog.example", "news.example"]
    accept = {"Accept": "application/activity+json"}
    actor = (await stranger("GET", "/@anna", headers=accept)).json()
    assert actor["attributionDomains"] == ["blog.example", "news.example"]
    assert (await anna("PATCH", PATH, json={"bot": True})).json()["source"][
        "attribution_domains"
    ] == ["blog.example", "news.example"]


async def test_the_profile_as_its_owner_edits_it(anna: Api) -> None:
    await anna.post("/api/v1/featured_tags", name="tea")
    body = {
        "display_name": "Anna",
        "note": "likes *tea*",
        "fields_attributes": [{"name": "Site", "value": "https://example.org"}],
        "show_media": False,
        "attribution_domains": ["example.org"],
    }
    changed = (await anna("PATCH", "/api/v1/profile", json=body)).json()
    assert (changed["display_name"], changed["note"]) == ("Anna", "likes *tea*")
    assert changed["fields"][0]["value"] == "https://example.org"
    shown = await anna.get(f"/api/v1/accounts/{changed['id']}")
    assert changed["formatted_note"] == shown["note"] != changed["note"]
    assert changed["formatted_fields"] == shown["fields"]
    assert (changed["avatar"], changed["show_media"], changed["show_featured"]) == (
        None,
        False,
        True,
    )
    assert changed["attribution_domains"] == ["example.org"]
    assert [tag["name"] for tag in changed["featured_tags"]] == ["tea"]
    assert await anna.get("/api/v1/profile") == changed
    again = (await anna("PUT", "/api/v1/profile", json={"show_media": True})).json()
    assert again == {**changed, "show_media": True}
    assert (await anna.get(f"/api/v1/accounts/{changed['id']}"))["show_media"] is True


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        ({"display_name": "x" * 31}, "ERR_TOO_LONG", "(maximum is 30 characters)"),
        ({"note": "x" * 501}, "ERR_TOO_LONG", "(maximum is 500 characters)"),
        ({"avatar_description": "x" * 1501}, "ERR_TOO_LONG", "(maximum is 1500 characters)"),
        ({"fields_attributes": [{"name": "x", "value": "y"}] * 5}, "ERR_TOO_LONG", "is 4"),
        (
            {"fields_attributes": [{"name": " ", "value": "y"}]},
            "ERR_FIELDS_WITH_VALUES_MISSING_LABELS",
            "contains values with missing labels",
        ),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    anna: Api, body: dict[str, Any], code: str, text: str
) -> None:
    answer = await anna("PATCH", PATH, json=body)
    [name] = body
    [problem] = answer.json()["details"][name.removesuffix("_attributes")]
    assert (answer.status_code, problem["error"]) == (422, code)
    assert text in problem["description"]
    assert answer.json()["error"].endswith(problem["description"])


async def test_empty_rows_do_not_count_and_long_ones_are_cut(anna: Api) -> None:
    rows = [{"name": f" {n} ", "value": "y" * 256} for n in range(4)] + [{"name": "", "value": ""}]
    me = (await anna("PATCH", PATH, json={"fields_attributes": rows})).json()
    assert [(f["name"], f["value"]) for f in me["source"]["fields"]] == [
        (str(n), "y" * 255) for n in range(4)
    ]


async def test_no_picture_stays_of_a_change_that_is_refused(anna: Api, settings: Settings) -> None:
    files = {"avatar": ("me.png", picture()), "header": ("me.png", picture())}
    for wrong in ({"display_name": "x" * 31}, {"attribution_domains[]": "no domain"}):
        assert (await anna("PATCH", PATH, data=wrong, files=files)).status_code == 422
    for header in (picture()[:50], b""):
        broken = {**files, "header": ("me.png", header)}
        assert (await anna("PATCH", PATH, files=broken)).status_code == 422
    folder = settings.data / "media" / "accounts"
    assert [file for file in folder.rglob("*") if file.is_file()] == []
    assert (await anna("PATCH", PATH, files=files)).status_code == 200
    assert len([file for file in folder.rglob("*") if file.is_file()]) == 2
