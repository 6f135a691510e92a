from server.runtime import Runtime
from server.store import featured_tags, pins
from tests.makers import make_member, make_remote, make_status, take
from tests.neighbour import neighbour


async def test_a_post_is_pinned_and_taken_off(runtime: Runtime) -> None:
    with neighbour() as home:
        uri = home.actor("bob", featured=f"{home.origin}/users/bob/featured")
        note = home.note(uri, "1")
        from server.remote.actors import fetch_account

        bob = await fetch_account(runtime, uri)
        featured = f"{home.origin}/users/bob/featured"
        assert await take(runtime, "Add", bob, note["id"], target=f"{uri}/other") is None
        assert await pins.count_pins(runtime.db, bob.id) == 0
        for _ in range(2):
            await take(runtime, "Add", bob, note["id"], target=featured)
            assert await pins.list_pinned_uris(runtime.db, bob.id) == [note["id"]]
        await take(runtime, "Remove", bob, note["id"], target=f"{uri}/other")
        assert await pins.count_pins(runtime.db, bob.id) == 1
        await take(runtime, "Remove", bob, note["id"], target=featured)
        assert await pins.count_pins(runtime.db, bob.id) == 0


async def test_nobody_pins_what_another_wrote(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    status = await make_status(runtime, anna)
    featured = "https://far.example/users/remy/featured"
    remy = await make_remote(runtime, featured_url=featured)
    await take(runtime, "Add", remy, runtime.addresses.status_uri(status), target=featured)
    assert await pins.count_pins(runtime.db, remy.id) == 0
    await pins.insert_pin(runtime.db, anna.id, status)
    await take(runtime, "Remove", remy, runtime.addresses.status_uri(status), target=featured)
    assert await pins.count_pins(runtime.db, anna.id) == 1


async def test_hashtags_are_shown_and_taken_off(runtime: Runtime) -> None:
    featured = "https://far.example/users/remy/featured"
    remy = await make_remote(runtime, featured_url=featured)

    async def shown() -> list[str]:
        return [tag.name for tag in await featured_tags.list_featured(runtime.db, remy.id)]

    for number in range(12):
        tag = {"type": "Hashtag", "name": f"#Pilot{number}", "href": "https://far.example/t"}
        assert await take(runtime, "Add", remy, tag, target=featured) is None
    assert len(await shown()) == featured_tags.MOST_FEATURED
    tag = {"type": "Hashtag", "name": "#pilot0"}
    await take(runtime, "Remove", remy, tag, target="https://far.example/other")
    assert "Pilot0" in await shown()
    await take(runtime, "Remove", remy, tag, target=featured)
    assert "Pilot0" not in await shown()
