from datetime import UTC, datetime, timedelta

import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store import instance_texts, rules
from server.worker import schedule
from tests.makers import Api, make_member, make_remote, make_status, served


async def test_both_versions_say_the_same(stranger: Api, runtime: Runtime) -> None:
    owner = await make_member(runtime, "olga", role="owner")
    await make_status(runtime, owner)
    await make_remote(runtime)
    await rules.insert_rule(runtime.db, "Be kind", "Really", {"nl": {"text": "Wees aardig"}})
    old, new = await stranger.get("/api/v1/instance"), await stranger.get("/api/v2/instance")
    assert (new["domain"], old["uri"]) == ("localhost:3000", "localhost:3000")
    assert new["version"] == old["version"]
    assert new["contact"]["account"]["acct"] == old["contact_account"]["acct"] == "olga"
    assert (old["stats"]["user_count"], old["stats"]["status_count"]) == (1, 1)
    assert old["stats"]["domain_count"] == 1
    limits = new["configuration"]["statuses"]
    assert limits["max_characters"] == old["configuration"]["statuses"]["max_characters"] == 500
    assert new["configuration"]["urls"]["streaming"] == old["urls"]["streaming_api"]
    assert new["rules"] == old["rules"] == await stranger.get("/api/v1/instance/rules")
    [rule] = new["rules"]
    assert (rule["text"], rule["hint"]) == ("Be kind", "Really")
    assert rule["translations"] == {"nl": {"text": "Wees aardig"}}
    assert await stranger.get("/api/v1/instance/peers") == ["far.example"]


async def test_every_link_of_the_instance_leads_somewhere(stranger: Api, runtime: Runtime) -> None:
    await instance_texts.put_terms(runtime.db, datetime.now(UTC).date(), "en", "# Terms")
    new = await stranger.get("/api/v2/instance")
    urls = new["configuration"]["urls"]
    assert urls["status"] is None
    pages = [urls[name] for name in ("about", "privacy_policy", "terms_of_service")]
    pages += [new["thumbnail"]["url"], new["icon"][0]["src"]]
    for url in pages:
        assert (await stranger("GET", url)).status_code == 200, url
    assert len(new["thumbnail"]["blurhash"]) == 28
    assert set(new["thumbnail"]["versions"]) == {"@1x", "@2x"}


async def test_what_there_is_none_of(stranger: Api) -> None:
    for path in ("/api/v1/instance/rules", "/api/v1/custom_emojis"):
        assert await stranger.get(path) == []
    blocks = await stranger("GET", "/api/v1/instance/domain_blocks")
    assert blocks.status_code == 404  # for members alone, unless the setting says otherwise
    assert await stranger.get("/api/v1/instance/translation_languages") == {}
    assert (await stranger("GET", "/api/v1/instance/terms_of_service")).status_code == 404
    urls = (await stranger.get("/api/v2/instance"))["configuration"]["urls"]
    assert urls["terms_of_service"] is None
    assert (await stranger("GET", "/terms-of-service")).status_code == 404
    assert (await stranger("GET", "/health")).text == "OK"


async def test_an_instance_without_an_owner_has_no_contact(stranger: Api) -> None:
    assert (await stranger.get("/api/v2/instance"))["contact"]["account"] is None


@pytest.mark.parametrize("kind", ["extended_description", "privacy_policy"])
async def test_texts_are_the_owners_in_the_readers_language(
    stranger: Api, runtime: Runtime, kind: str
) -> None:
    path = f"/api/v1/instance/{kind}"
    html = "/about" if kind == "extended_description" else "/privacy-policy"
    shipped = await stranger("GET", html)
    assert "<h2>" in shipped.text
    english = await stranger("GET", html, headers={"Accept-Language": "en-GB,en"})
    assert english.text != shipped.text  # the instance's own language is Dutch
    assert "%{domain}" not in english.text

    hostile = "# Hi\n\n<script>alert(1)</script> [x](javascript:alert(1)) [y](https://y.example)"
    await instance_texts.put_text(runtime.db, kind, "en", hostile)
    written = await stranger.get(path)
    assert set(written) == {"updated_at", "content"}
    assert written["content"].startswith("<h2>Hi</h2>")
    assert "<script" not in written["content"]
    assert 'href="javascript' not in written["content"]
    assert 'href="https://y.example"' in written["content"]
    page = await stranger("GET", html)
    assert written["content"] in page.text
    await instance_texts.put_text(runtime.db, kind, "nl", "Dag %{domain}")
    assert (await stranger.get(path))["content"] == "<p>Dag localhost:3000</p>"
    assert (await stranger.get(path, lang="en"))["content"] == written["content"]


async def test_without_texts_the_policy_is_the_shipped_one_and_the_description_empty(
    stranger: Api,
) -> None:
    policy = await stranger.get("/api/v1/instance/privacy_policy")
    assert policy["content"].startswith("<h2>")
    description = await stranger.get("/api/v1/instance/extended_description")
    assert description == {"updated_at": None, "content": ""}


async def test_terms_hold_from_a_day_on(stranger: Api, runtime: Runtime) -> None:
    path, today = "/api/v1/instance/terms_of_service", datetime.now(UTC).date()
    next_week, last_week = today + timedelta(7), today - timedelta(7)
    await instance_texts.put_terms(runtime.db, next_week, "en", "Later")
    only = await stranger.get(path)  # none hold yet: the first to come are told
    assert (only["effective"], only["content"]) == (False, "<p>Later</p>")
    await instance_texts.put_terms(runtime.db, last_week, "en", "Now")
    assert await stranger.get(path) == {
        "effective_date": last_week.isoformat(),
        "effective": True,
        "content": "<p>Now</p>",
        "succeeded_by": next_week.isoformat(),
    }
    later = await stranger.get(f"{path}/{next_week.isoformat()}")
    assert (later["effective"], later["succeeded_by"]) == (False, None)
    assert "Later" in (await stranger("GET", f"/terms-of-service/{next_week}")).text
    for odd in (today.isoformat(), "yesterday", "2026-13-45"):
        assert (await stranger("GET", f"{path}/{odd}")).status_code == 404


@pytest.mark.usefixtures("one_day")
async def test_activity_counts_weeks_as_strings(stranger: Api, anna: Api, runtime: Runtime) -> None:
    await anna.post("/api/v1/statuses", status="hello")
    await schedule.count_activity(runtime)
    weeks = await stranger.get("/api/v1/instance/activity")
    assert len(weeks) == 12
    now = weeks[0]
    assert (now["statuses"], now["logins"], now["registrations"]) == ("1", "1", "1")
    assert int(now["week"]) - int(weeks[1]["week"]) == 7 * 24 * 3600
    assert weeks[5]["statuses"] == "0"
    # A deleted post was posted all the same.
    await runtime.db.execute("DELETE FROM statuses")
    await schedule.count_activity(runtime)
    assert (await stranger.get("/api/v1/instance/activity"))[0]["statuses"] == "1"


async def test_languages_have_codes_and_names(stranger: Api) -> None:
    found = await stranger.get("/api/v1/instance/languages")
    assert {"code": "nl", "name": "Dutch"} in found
    assert len(found) > 180


async def test_peers_are_told_only_if_the_owners_want(settings: Settings) -> None:
    async with served(settings, instance_show_peers=False) as stranger:
        assert (await stranger("GET", "/api/v1/instance/peers")).status_code == 404


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_pages_link_to_each_other_in_both_languages(
    stranger: Api, runtime: Runtime, language: str
) -> None:
    owner = await make_member(runtime, "olga", role="owner")
    await rules.insert_rule(
        runtime.db, "Be <b>kind</b>", "", {"nl": {"text": "Wees aardig", "hint": "Altijd"}}
    )
    headers = {"Accept-Language": language, "Accept": "text/html"}
    home = (await stranger("GET", "/", headers=headers)).text
    assert 'href="/about"' in home
    assert 'href="/privacy-policy"' in home
    assert "/terms-of-service" not in home
    about = (await stranger("GET", "/about", headers=headers)).text
    assert f'<html lang="{language}">' in about
    assert ("Wees aardig" if language == "nl" else "Be &lt;b&gt;kind&lt;/b&gt;") in about
    assert f"/@{owner.username}" in about
