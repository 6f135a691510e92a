"""What is told to somebody elsewhere, and what never is."""

from server.actions import block, follow
from server.runtime import Runtime
from server.store import follows
from server.store.profiles import update_profile
from tests.makers import make_member, make_remote, outgoing, take


async def test_each_step_is_told_with_the_ids_of_the_one_before(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await follow.follow_account(
        runtime, anna.id, remy.id, show_boosts=True, notify_posts=False, languages=None
    )
    await follow.unfollow_account(runtime, anna.id, remy.id)
    await follows.insert_follow(runtime.db, remy.id, anna.id, "https://far.example/f")
    await block.block_account(runtime, anna.id, remy.id)
    await block.unblock_account(runtime, anna.id, remy.id)
    sent = await outgoing(runtime)
    assert [
        (a["type"], a["object"] if isinstance(a["object"], str) else a["object"]["type"])
        for a in sent
    ] == [
        ("Follow", remy.uri),
        ("Undo", "Follow"),
        ("Reject", "Follow"),
        ("Block", remy.uri),
        ("Undo", "Block"),
    ]
    assert sent[1]["object"]["id"] == sent[0]["id"]
    assert sent[2]["object"]["id"] == "https://far.example/f"
    assert sent[4]["object"]["id"] == sent[3]["id"]
    assert {a["actor"] for a in sent} == {anna.uri}
    assert {url for a in sent for url in a["to"]} == {remy.uri}


async def test_a_locked_member_s_answers(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    await update_profile(runtime.db, anna.id, {"locked": True})
    for answer, kind in ((follow.reject_request, "Reject"), (follow.accept_request, "Accept")):
        uri = f"{remy.uri}#{kind}"
        await take(runtime, "Follow", remy, anna.uri, id=uri)
        await answer(runtime, anna.id, remy.id)
        last = (await outgoing(runtime))[-1]
        assert (last["type"], last["object"]["id"], last["object"]["actor"]) == (
            kind,
            uri,
            remy.uri,
        )


async def test_between_members_nothing_leaves(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await follow.follow_account(
        runtime, anna.id, ben.id, show_boosts=True, notify_posts=False, languages=None
    )
    await block.block_account(runtime, ben.id, anna.id)
    await block.unblock_account(runtime, ben.id, anna.id)
    assert await outgoing(runtime) == []
