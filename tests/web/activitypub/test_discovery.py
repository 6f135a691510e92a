from dataclasses import replace

import pytest

from server.identity.instance_actor import ensure_instance_actor
from server.runtime import Runtime
from server.settings import Settings
from tests.makers import Api, make_member, served

WEBFINGER = "/.well-known/webfinger"


async def test_members_and_the_instance_are_found_by_handle_and_address(
    stranger: Api, runtime: Runtime
) -> None:
    anna, instance = await make_member(runtime), await ensure_instance_actor(runtime)
    for resource, uri in (
        ("acct:anna@localhost:3000", anna.uri),
        ("acct:ANNA@localhost:3000", anna.uri),
        ("@anna@localhost:3000", anna.uri),
        ("http://localhost:3000/@anna", anna.uri),
        ("http://localhost:3000/@anna/", anna.uri),
        (anna.uri, anna.uri),
        ("acct:localhost@localhost:3000", instance.uri),
        (instance.uri, instance.uri),
    ):
        answer = await stranger("GET", WEBFINGER, params={"resource": resource})
        assert answer.headers["content-type"] == "application/jrd+json; charset=utf-8"
        assert answer.headers["access-control-allow-origin"] == "*"
        links = {link["rel"]: link for link in answer.json()["links"]}
        assert links["self"]["href"] == uri
        profile = links["http://webfinger.net/rel/profile-page"]["href"]
        assert (await stranger("GET", profile)).status_code == 200
        # Nobody follows others as the instance.
        assert ("http://ostatus.org/schema/1.0/subscribe" in links) is (uri == anna.uri)


async def test_a_member_s_server_is_where_one_follows_boosts_and_writes(
    stranger: Api, runtime: Runtime
) -> None:
    await make_member(runtime)
    found = await stranger.get(WEBFINGER, resource="acct:anna@localhost:3000")
    templates = {link["rel"]: link.get("template") for link in found["links"]}
    page = "http://localhost:3000/authorize_interaction?uri="
    assert templates["http://ostatus.org/schema/1.0/subscribe"] == f"{page}{{uri}}"
    for kind in ("Object", "Follow", "Like", "Announce"):
        assert templates[f"https://w3id.org/fep/3b86/{kind}"] == f"{page}{{object}}"
    share = templates["https://w3id.org/fep/3b86/Create"]
    assert share == "http://localhost:3000/share?text={content}"


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ("acct:anna@elsewhere.example", 404),
        ("acct:nobody@localhost:3000", 404),
        ("http://localhost:3000/@nobody", 404),
        ("https://elsewhere.example/@anna", 404),
        ("mailto:anna@elsewhere.example", 404),
        ("nonsense", 400),
        ("acct:", 400),
        ("", 400),
        (None, 400),
    ],
)
async def test_what_is_not_ours_is_not_found(
    stranger: Api, resource: str | None, status: int
) -> None:
    params = {} if resource is None else {"resource": resource}
    assert (await stranger("GET", WEBFINGER, params=params)).status_code == status


async def test_our_handles_may_have_another_domain(settings: Settings, runtime: Runtime) -> None:
    anna = await make_member(runtime)
    there = replace(settings, handle_domain="example.org")
    async with served(there) as stranger:
        for domain in ("example.org", "localhost:3000"):
            found = await stranger.get(WEBFINGER, resource=f"acct:anna@{domain}")
            assert found["subject"] == "acct:anna@example.org"
            assert anna.uri in found["aliases"]
            shown = await stranger.get("/api/v1/accounts/lookup", acct=f"anna@{domain}")
            assert (shown["acct"], shown["uri"]) == ("anna", anna.uri)
        assert (await stranger.get("/api/v2/instance"))["domain"] == "example.org"
        assert (await stranger.get("/api/v1/instance"))["uri"] == "example.org"
        assert "@anna@example.org" in (await stranger("GET", "/@anna")).text


async def test_nodeinfo_and_host_meta(stranger: Api, runtime: Runtime) -> None:
    await make_member(runtime)
    links = await stranger.get("/.well-known/nodeinfo")
    for link in links["links"]:
        answer = await stranger("GET", link["href"].removeprefix("http://localhost:3000"))
        assert f'profile="{link["rel"]}#"' in answer.headers["content-type"]
        document = answer.json()
        assert document["version"] == link["rel"][-3:]
        # Clients read 2.0 and want to know the API; 2.1 tells what runs (decision 5).
        names = {"2.0": "mastodon", "2.1": "wandelgang"}
        assert document["software"]["name"] == names[document["version"]]
        assert document["metadata"]["implementation"]["name"] == "wandelgang"
        assert document["usage"]["users"]["total"] == 1
    assert (await stranger("GET", "/nodeinfo/9.9")).status_code == 404
    meta = await stranger("GET", "/.well-known/host-meta")
    assert meta.headers["content-type"] == "application/xrd+xml; charset=utf-8"
    assert meta.headers["vary"] == "Accept"
    assert "webfinger?resource={uri}" in meta.text
    as_json = {"Accept": "application/json"}
    for answer in (
        await stranger("GET", "/.well-known/host-meta.json"),
        await stranger("GET", "/.well-known/host-meta", headers=as_json),
    ):
        assert answer.json()["links"][0]["template"].endswith("webfinger?resource={uri}")
