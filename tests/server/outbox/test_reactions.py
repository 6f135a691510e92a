from datetime import UTC, datetime

from server.actions.react import add_reaction, remove_reaction
from server.runtime import Runtime
from server.store.status_writes import NewStatus, insert_status
from tests.makers import make_member, make_remote, make_status, outgoing, run_jobs, take
from tests.web.mastodon.test_reactions import emoji_tag


async def test_the_author_elsewhere_is_told_and_told_back(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    theirs = await insert_status(
        runtime.db,
        NewStatus(remy.id, f"{remy.uri}/1", False, "public", "<p>hi</p>", datetime.now(UTC)),
    )
    assert theirs
    await take(runtime, "EmojiReact", remy, theirs.uri, content=":blob:", tag=[emoji_tag()])
    for emoji in ("🔥", "blob@far.example"):
        await add_reaction(runtime, anna.id, theirs.id, emoji)
        await add_reaction(runtime, anna.id, theirs.id, emoji)
    await remove_reaction(runtime, anna.id, theirs.id, "🔥")
    await remove_reaction(runtime, anna.id, theirs.id, "🔥")
    fire, blob, undo = await outgoing(runtime)
    assert (fire["type"], fire["content"], fire["object"], fire["to"]) == (
        "EmojiReact",
        "🔥",
        theirs.uri,
        [remy.uri],
    )
    assert (blob["content"], blob["tag"][0]["name"]) == (":blob:", ":blob:")
    assert blob["tag"][0]["icon"]["url"] == "https://far.example/blob.png"
    assert (undo["type"], undo["object"]["id"]) == ("Undo", fire["id"])
    assert "litepub:EmojiReact" in str(fire["@context"])


async def test_nothing_leaves_for_a_post_of_ours(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    status = await make_status(runtime, anna)
    await add_reaction(runtime, ben.id, status, "🔥")
    await run_jobs(runtime)
    assert "EmojiReact" not in [activity["type"] for activity in await outgoing(runtime)]
