"""Who finds which posts by which words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.actions.profile import ProfileChange, update_profile
from server.runtime import Runtime
from server.search.find import find_accounts, find_statuses, tag_beginning
from server.search.index import index_statuses
from server.store import accounts, blocks, domain_blocks, follows, mutes, status_writes
from server.store.accounts import Account
from server.store.local_accounts import set_suspended
from tests.makers import Api, make_member, make_remote, make_status


async def texts(runtime: Runtime, viewer: Account, query: str, **more: Any) -> list[str]:
    """What is found, as it was typed or came."""
    ids = await find_statuses(runtime.db, runtime.addresses, viewer.id, query, 20, **more)
    rows = await runtime.db.fetch(
        "SELECT id, coalesce(text, content) AS text FROM statuses WHERE id = ANY($1)", ids
    )
    by_id = {row["id"]: row["text"] for row in rows}
    return [by_id[found] for found in ids]


async def handles(runtime: Runtime, viewer_id: int | None, query: str, **more: Any) -> list[str]:
    ids = await find_accounts(runtime.db, runtime.addresses, viewer_id, query, 20, **more)
    by_id = {account.id: account.acct for account in await accounts.list_accounts(runtime.db, ids)}
    return [by_id[found] for found in ids]


async def put_remote(runtime: Runtime, author: Account, content: str, **more: Any) -> int:
    new = status_writes.NewStatus(
        account_id=author.id,
        uri=f"{author.uri}/{content}",
        local=False,
        **{"visibility": "public", "content": content, "created_at": datetime.now(UTC), **more},
    )
    status = await status_writes.insert_status(runtime.db, new)
    assert status
    await index_statuses(runtime.db, [status.id])
    return status.id


@pytest.fixture
async def reader(runtime: Runtime) -> Account:
    return await make_member(runtime, "reader")


@pytest.fixture
async def writer(runtime: Runtime) -> Account:
    return await make_member(runtime, "writer")


async def test_words_in_any_form(runtime: Runtime, reader: Account) -> None:
    await make_status(runtime, reader, "Crème brûlée, and/or Ijs. See https://food.example/recipe")
    for query in (
        "creme",
        "BRÛLÉE",
        "brul",
        "and/or",
        "ijs creme",
        '"creme brulee"',
        "food.example",
        "creme -soup",
        "https://food.example/recipe ",
        "«crème brûlée»",
    ):
        assert len(await texts(runtime, reader, query)) == 1, query
    for query in ("crem ijs", '"brulee creme"', '"brul"', "creme -ijs", "soup", "🎉", ""):
        assert await texts(runtime, reader, query) == [], query


async def test_scripts_without_spaces_and_emoji(runtime: Runtime, reader: Account) -> None:
    await make_status(runtime, reader, "今日は日本語で🎉")
    assert len(await texts(runtime, reader, "日本語")) == 1
    assert len(await texts(runtime, reader, "🎉")) == 1
    assert await texts(runtime, reader, "語日") == []


async def test_all_texts_of_a_post_are_searched(runtime: Runtime, reader: Account) -> None:
    picture = status_writes.RemoteMedia(
        "image", "image/png", "https://far.example/1.png", "A heron by the water", None, {}
    )
    far = await make_remote(runtime, indexable=True)
    await put_remote(
        runtime,
        far,
        "<p>Look <b>he</b>re &amp; there</p><p>now</p>",
        spoiler_text="Birds",
        tags=[("wadden", "Wadden")],
        remote_media=[picture],
    )
    for query in ("heron", "birds", "#wadden", "here", "there", "now"):
        assert len(await texts(runtime, reader, query)) == 1, query
    for query in ("amp", "<p>", "#wad", "#heron", "-#Wadden", '"here now"', '"birds look"'):
        assert await texts(runtime, reader, query) == [], query


async def test_what_is_one_s_own_to_remember(
    runtime: Runtime, reader: Account, writer: Account, anna: Api, ben: Api
) -> None:
    for act in ("favourite", "bookmark", "reblog"):
        post = await make_status(runtime, writer, f"soup {act}")
        await anna.post(f"/api/v1/statuses/{post}/{act}")
    await make_status(runtime, writer, "@anna soup mentioned", visibility="direct")
    await make_status(runtime, writer, "soup not theirs")
    voted = await make_status(runtime, writer, "soup voted")
    own = await anna.post("/api/v1/statuses", status="soup own", visibility="private")
    account = await accounts.get_account(runtime.db, int(own["account"]["id"]))
    await runtime.db.execute(
        "INSERT INTO polls (status_id, account_id, options, votes) VALUES ($1, $2, $3, $4)",
        voted,
        writer.id,
        ["barley", "rice"],
        [1, 0],
    )
    await runtime.db.execute(
        "INSERT INTO poll_votes (status_id, account_id, choice) VALUES ($1, $2, 0)",
        voted,
        account.id,
    )
    await index_statuses(runtime.db, [voted])
    everything = [
        "soup own",
        "soup voted",
        "@anna soup mentioned",
        "soup reblog",
        "soup bookmark",
        "soup favourite",
    ]
    for query in ("soup", "soup in:library", "in:library", "soup in:all"):
        assert await texts(runtime, account, query) == everything, query
    assert await texts(runtime, account, "soup in:public") == []
    assert await texts(runtime, account, "barley has:poll") == ["soup voted"]
    assert await texts(runtime, reader, "soup") == []


async def test_authors_who_say_that_they_may_be_searched(
    runtime: Runtime, reader: Account, writer: Account
) -> None:
    for visibility in ("public", "unlisted", "private", "direct"):
        await make_status(runtime, writer, f"soup {visibility}", visibility=visibility)
    assert await texts(runtime, reader, "soup") == []
    await update_profile(runtime, writer.id, ProfileChange(indexable=True))
    assert await texts(runtime, reader, "soup") == ["soup public"]
    assert await texts(runtime, reader, "soup in:public") == ["soup public"]
    assert await texts(runtime, reader, "soup in:library") == []
    await update_profile(runtime, writer.id, ProfileChange(indexable=False))
    assert await texts(runtime, reader, "soup") == []


async def test_what_an_actor_elsewhere_does_not_say_is_no(
    runtime: Runtime, reader: Account
) -> None:
    for name, indexable in (("yes", True), ("no", False)):
        await put_remote(runtime, await make_remote(runtime, name, indexable=indexable), name)
    assert await texts(runtime, reader, "yes") == ["yes"]
    assert await texts(runtime, reader, "no") == []


async def test_who_is_hidden_is_not_found(runtime: Runtime, reader: Account) -> None:
    far = await make_remote(runtime, indexable=True)
    await put_remote(runtime, far, "soup")
    assert await texts(runtime, reader, "soup") == ["soup"]
    await mutes.insert_mute(
        runtime.db, reader.id, far.id, hide_notifications=True, duration_seconds=0
    )
    assert await texts(runtime, reader, "soup") == []
    await mutes.delete_mute(runtime.db, reader.id, far.id)
    for blocker, blocked in ((reader, far), (far, reader)):
        await blocks.insert_block(runtime.db, blocker.id, blocked.id, None)
        assert await texts(runtime, reader, "soup") == []
        await blocks.delete_block(runtime.db, blocker.id, blocked.id)
    await domain_blocks.insert_block(runtime.db, reader.id, "far.example")
    assert await texts(runtime, reader, "soup") == []
    await domain_blocks.delete_block(runtime.db, reader.id, "far.example")
    await set_suspended(runtime.db, far.id, is_suspended=True)
    assert await texts(runtime, reader, "soup") == []
    await set_suspended(runtime.db, far.id, is_suspended=False)
    await runtime.db.execute("UPDATE accounts SET silenced_at = now() WHERE id = $1", far.id)
    assert await texts(runtime, reader, "soup") == []
    await follows.insert_follow(runtime.db, reader.id, far.id, None)
    assert await texts(runtime, reader, "soup") == ["soup"]


async def test_operators(runtime: Runtime, reader: Account) -> None:
    far = await make_remote(runtime, "remy", indexable=True)
    robot = await make_remote(runtime, "robo", indexable=True, bot=True)
    media = [
        status_writes.RemoteMedia(kind, "", f"https://far.example/{kind}", None, None, {})
        for kind in ("image", "video", "audio")
    ]
    await put_remote(runtime, far, "image", remote_media=media[:1])
    await put_remote(runtime, far, "video", remote_media=media[1:2])
    await put_remote(runtime, far, "audio", remote_media=media[2:], sensitive=True)
    named = '<a class="mention hashtag" href="https://x.example">named</a>'
    link = '<a href="https://x.example/mention">link</a>'
    await put_remote(runtime, robot, link, language="zh-TW")
    await put_remote(
        runtime, robot, named, language="nl", in_reply_to_uri="https://x.example/statuses/1"
    )
    for query, expected in {
        "has:image": ["image"],
        "has:video": ["video"],
        "has:audio": ["audio"],
        "has:media": ["audio", "video", "image"],
        "has:media -has:image": ["audio", "video"],
        "is:sensitive": ["audio"],
        "has:link": [link],
        "is:reply": [named],
        "is:bot": [named, link],
        "-is:bot": ["audio", "video", "image"],
        "language:nl": [named],
        "language:zh": [link],
        "language:zh-TW": [link],
        "has:poll": [],
        "has:embed": [],
        "from:@robo@far.example": [named, link],
        "from:robo@far.example -is:reply": [link],
        "from:remy@far.example from:robo@far.example has:image": ["image"],
        "-from:remy@far.example": [named, link],
        "from:robo": [],
        "from:nobody@far.example": [],
        "from:me": [],
        "in:public": [named, link, "audio", "video", "image"],
        "-language:en -video": [named, link, "audio", "image"],
    }.items():
        assert await texts(runtime, reader, query) == expected, query


async def test_one_s_own_handle_with_and_without_domain(runtime: Runtime, reader: Account) -> None:
    await make_status(runtime, reader, "mine")
    for query in ("from:me", "from:reader", "from:@Reader@LOCALHOST:3000"):
        assert await texts(runtime, reader, query) == ["mine"], query


async def test_times(runtime: Runtime, reader: Account) -> None:
    far = await make_remote(runtime, indexable=True)
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for days, name in ((-1, "before"), (0, "that day"), (1, "after")):
        await put_remote(runtime, far, name, created_at=noon + timedelta(days=days))
    for query, expected in {
        "before:2026-03-01": ["before"],
        "after:2026-03-01": ["after"],
        "during:2026-03-01": ["that day"],
        "during:2026-03": ["after", "that day"],
        "-before:2026-03-01 -after:2026-03-01": ["that day"],
        "during:2025": [],
    }.items():
        assert await texts(runtime, reader, query) == expected, query


async def test_accounts_by_handle_and_name(runtime: Runtime, reader: Account) -> None:
    await make_remote(runtime, "jose_garcia", display_name="José García Núñez")
    await make_remote(runtime, "josephine", "near.example", display_name="Jo")
    for query in ("jose_g", "@jose_garcia", "garcia", "nunez jose", "GARCÍA NÚ", "jose_garcia@far"):
        assert await handles(runtime, reader.id, query) == ["jose_garcia@far.example"], query
    assert await handles(runtime, reader.id, "jose") == [
        "jose_garcia@far.example",
        "josephine@near.example",
    ]
    assert await handles(runtime, None, "near.example") == ["josephine@near.example"]
    assert await handles(runtime, reader.id, "jose@localhost:3000") == []
    assert await handles(runtime, reader.id, "reader@localhost:3000") == ["reader"]
    assert await handles(runtime, reader.id, "reader far") == []


async def test_the_very_handle_then_the_followed_then_the_nearest(
    runtime: Runtime, reader: Account
) -> None:
    for name, domain in (("kim", "a.example"), ("kimberly", "a.example"), ("kimono", "b.example")):
        await make_remote(runtime, name, domain)
    whole = await make_remote(runtime, "x", display_name="Kim Jansen")
    followed = await make_remote(runtime, "z", "b.example", display_name="Kimmy")
    await follows.insert_follow(runtime.db, reader.id, followed.id, None)
    await make_member(runtime, "kim")
    assert await handles(runtime, reader.id, "kim") == [
        "kim",
        "kim@a.example",
        "z@b.example",
        whole.acct,
        "kimberly@a.example",
        "kimono@b.example",
    ]
    assert (await handles(runtime, reader.id, "kim@a.example"))[0] == "kim@a.example"
    assert await handles(runtime, reader.id, "kim", following=True) == ["z@b.example"]


async def test_notes_of_those_who_may_be_discovered(runtime: Runtime, reader: Account) -> None:
    told: dict[str, Any] = {
        "note": "<p>Baker in Utrecht</p>",
        "fields": [{"name": "Sings", "value": "alto"}],
    }
    hidden = await make_remote(runtime, "hidden", discoverable=False, **told)
    await make_remote(runtime, "shown", discoverable=True, **told)
    for query in ("baker", "utrecht baker", "alto"):
        assert await handles(runtime, reader.id, query) == ["shown@far.example"], query
    assert await handles(runtime, reader.id, "bake") == []
    assert await handles(runtime, reader.id, "hidd") == ["hidden@far.example"]
    await follows.insert_follow(runtime.db, reader.id, hidden.id, None)
    assert await handles(runtime, reader.id, "baker") == ["hidden@far.example", "shown@far.example"]


async def test_limited_and_moved_accounts_by_their_handle_alone(
    runtime: Runtime, reader: Account
) -> None:
    limited = await make_remote(runtime, "limited")
    moved = await make_remote(runtime, "moved")
    await runtime.db.execute("UPDATE accounts SET silenced_at = now() WHERE id = $1", limited.id)
    await runtime.db.execute(
        "UPDATE accounts SET moved_to_id = $2 WHERE id = $1", moved.id, reader.id
    )
    for account in (limited, moved):
        assert await handles(runtime, reader.id, account.username[:4]) == []
        assert await handles(runtime, reader.id, account.acct) == [account.acct]
        await follows.insert_follow(runtime.db, reader.id, account.id, None)
        assert await handles(runtime, reader.id, account.username[:4]) == [account.acct]


async def test_a_new_name_is_found_and_the_old_one_is_not(
    runtime: Runtime, reader: Account
) -> None:
    await update_profile(runtime, reader.id, ProfileChange(display_name="Noor"))
    assert await handles(runtime, None, "noor") == ["reader"]
    await update_profile(runtime, reader.id, ProfileChange(display_name="Nora"))
    assert await handles(runtime, None, "noor") == []


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("#Soup", "soup"),
        (" soup ", "soup"),
        ("#", None),
        ("a b", None),
        ("@soup", None),
        ("from:me", None),
        ("", None),
    ],
)
def test_beginnings_of_hashtags(text: str, beginning: str | None) -> None:
    assert tag_beginning(text) == beginning
