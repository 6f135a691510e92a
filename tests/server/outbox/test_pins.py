import pytest

from server.actions.feature_tag import feature_tag, unfeature_tag
from server.actions.pin import pin_status, unpin_status
from server.errors import Invalid
from server.runtime import Runtime
from server.store import follows
from tests.makers import make_member, make_remote, make_status, outgoing


async def test_public_pins_are_told_to_followers_once(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    public = await make_status(runtime, anna)
    private = await make_status(runtime, anna, visibility="private")
    before = len(await outgoing(runtime))
    for status in (public, private, public):
        await pin_status(runtime, anna.id, status)
    for status in (public, private, public):
        await unpin_status(runtime, anna.id, status)
    sent = (await outgoing(runtime))[before:]
    assert [(a["type"], a["object"]) for a in sent] == [
        ("Add", runtime.addresses.status_uri(public)),
        ("Remove", runtime.addresses.status_uri(public)),
    ]
    assert {a["target"] for a in sent} == {runtime.addresses.collection(anna.id, "featured")}


async def test_hashtags_on_a_profile_are_told_to_followers_once(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    before = len(await outgoing(runtime))
    for name in ("Pilot", "pilot"):
        await feature_tag(runtime, anna.id, name)
    for name in ("pilot", "Pilot"):
        await unfeature_tag(runtime, anna.id, name)
    added, removed = (await outgoing(runtime))[before:]
    assert (added["type"], added["object"]["type"], added["object"]["name"]) == (
        "Add",
        "Hashtag",
        "#Pilot",
    )
    assert (removed["type"], removed["object"]["name"]) == ("Remove", "#pilot")
    assert added["target"] == runtime.addresses.collection(anna.id, "featured")
    assert any("Hashtag" in terms for terms in added["@context"][1:])


async def test_what_cannot_be_pinned(runtime: Runtime) -> None:
    from server.actions.boost import boost_status

    anna = await make_member(runtime)
    direct = await make_status(runtime, anna, visibility="direct")
    boost = await boost_status(runtime, anna.id, await make_status(runtime, anna))
    for status in (direct, boost):
        with pytest.raises(Invalid, match="cannot be pinned"):
            await pin_status(runtime, anna.id, status)
