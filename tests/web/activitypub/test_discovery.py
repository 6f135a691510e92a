from server.identity.instance_actor import ensure_instance_actor
from server.runtime import Runtime
from tests.makers import Api, make_member


async def test_members_and_the_instance_are_found_by_handle_and_address(
    stranger: Api, runtime: Runtime
) -> None:
    anna, instance = await make_member(runtime), await ensure_instance_actor(runtime)
    for resource, uri in (
        ("acct:anna@localhost:3000", anna.uri),
        ("acct:ANNA@localhost:3000", anna.uri),
        ("http://localhost:3000/@anna", anna.uri),
        (anna.uri, anna.uri),
        ("acct:localhost@localhost:3000", instance.uri),
    ):
        found = await stranger.get("/.well-known/webfinger", resource=resource)
        assert [link["href"] for link in found["links"] if link["rel"] == "self"] == [uri]


async def test_what_is_not_ours_is_not_found(stranger: Api) -> None:
    for resource in (
        "acct:anna@elsewhere.example",
        "acct:nobody@localhost:3000",
        "nonsense",
        "acct:",
    ):
        answer = await stranger("GET", "/.well-known/webfinger", params={"resource": resource})
        assert answer.status_code == 404
    assert (await stranger("GET", "/.well-known/webfinger")).status_code == 400


async def test_nodeinfo_and_host_meta(stranger: Api, runtime: Runtime) -> None:
    await make_member(runtime)
    links = await stranger.get("/.well-known/nodeinfo")
    for link in links["links"]:
        document = await stranger.get(link["href"].removeprefix("http://localhost:3000"))
        assert document["version"] == link["rel"][-3:]
        # Clients read 2.0 and want to know the API; 2.1 tells what runs (decision 5).
        names = {"2.0": "mastodon", "2.1": "wandelgang"}
        assert document["software"]["name"] == names[document["version"]]
        assert document["metadata"]["implementation"]["name"] == "wandelgang"
        assert document["usage"]["users"]["total"] == 1
    assert (await stranger("GET", "/nodeinfo/9.9")).status_code == 404
    meta = await stranger("GET", "/.well-known/host-meta")
    assert "webfinger?resource={uri}" in meta.text
