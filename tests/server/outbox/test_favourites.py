from datetime import UTC, datetime

from server.actions.favourite import favourite_status, undo_favourite
from server.runtime import Runtime
from server.store.status_writes import NewStatus, insert_status
from tests.makers import make_member, make_remote, make_status, outgoing


async def test_each_like_has_an_id_of_its_own_and_its_undo_names_it(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    theirs = await insert_status(
        runtime.db,
        NewStatus(remy.id, f"{remy.uri}/1", False, "public", "<p>hi</p>", datetime.now(UTC)),
    )
    assert theirs
    for _ in range(2):
        await favourite_status(runtime, anna.id, theirs.id)
        await favourite_status(runtime, anna.id, theirs.id)
        await undo_favourite(runtime, anna.id, theirs.id)
        await undo_favourite(runtime, anna.id, theirs.id)
    sent = await outgoing(runtime)
    assert [activity["type"] for activity in sent] == ["Like", "Undo", "Like", "Undo"]
    assert [sent[1]["object"]["id"], sent[3]["object"]["id"]] == [sent[0]["id"], sent[2]["id"]]
    # One that was undone is not taken again by its id.
    assert len({activity["id"] for activity in sent}) == 4
    assert {activity["to"][0] for activity in sent} == {remy.uri}


async def test_nothing_leaves_for_a_post_of_ours(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await make_remote(runtime)
    await favourite_status(runtime, ben.id, await make_status(runtime, anna))
    assert [a["type"] for a in await outgoing(runtime) if a["type"] == "Like"] == []
