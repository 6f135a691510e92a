from server.runtime import Runtime
from tests.makers import Api, make_member, make_remote, make_status


async def test_both_versions_say_the_same(stranger: Api, runtime: Runtime) -> None:
    owner = await make_member(runtime, "olga", role="owner")
    await make_status(runtime, owner)
    await make_remote(runtime)
    old, new = await stranger.get("/api/v1/instance"), await stranger.get("/api/v2/instance")
    assert (new["domain"], old["uri"]) == ("localhost:3000", "localhost:3000")
    assert new["version"] == old["version"]
    assert new["contact"]["account"]["acct"] == old["contact_account"]["acct"] == "olga"
    assert (old["stats"]["user_count"], old["stats"]["status_count"]) == (1, 1)
    assert old["stats"]["domain_count"] == 1
    limits = new["configuration"]["statuses"]
    assert limits["max_characters"] == old["configuration"]["statuses"]["max_characters"] == 500
    assert new["configuration"]["urls"]["streaming"] == old["urls"]["streaming_api"]
    assert await stranger.get("/api/v1/instance/peers") == ["far.example"]


async def test_what_there_is_none_of(stranger: Api) -> None:
    for path in ("/api/v1/instance/rules", "/api/v1/custom_emojis"):
        assert await stranger.get(path) == []
    assert (await stranger("GET", "/health")).text == "OK"


async def test_an_instance_without_an_owner_has_no_contact(stranger: Api) -> None:
    assert (await stranger.get("/api/v2/instance"))["contact"]["account"] is None
