from typing import Any

import pytest

from server.fanout.reactions import MOST_OF_A_PERSON
from server.runtime import Runtime
from server.store.accounts import Account
from server.store.status_views import get_status_view
from tests.makers import make_member, make_remote, make_status, take
from tests.web.mastodon.test_reactions import emoji_tag


async def shown(runtime: Runtime, status: int) -> dict[str, int]:
    view = await get_status_view(runtime.db, status)
    assert view.favourites_count == 0
    return {reaction.emoji.full_name: reaction.count for reaction in view.reactions}


def reaction(sender: Account, uri: str, content: str, number: int = 1) -> dict[str, Any]:
    return {
        "type": "EmojiReact",
        "id": f"{sender.uri}#react/{number}",
        "actor": sender.uri,
        "object": uri,
        "content": content,
    }


async def test_reactions_come_go_and_do_not_come_again(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    first, second = reaction(remy, uri, "🔥"), reaction(remy, uri, "☕", 2)
    for document in (first, first, second):
        await take(runtime, "EmojiReact", remy, uri, id=document["id"], content=document["content"])
    assert await shown(runtime, status) == {"🔥": 1, "☕": 1}
    await take(runtime, "Undo", remy, first)
    assert await shown(runtime, status) == {"☕": 1}
    await take(runtime, "EmojiReact", remy, uri, id=first["id"], content="🔥")
    assert await shown(runtime, status) == {"☕": 1}
    await take(runtime, "Undo", remy, second["id"])
    assert await shown(runtime, status) == {}


async def test_a_like_with_content_is_a_favourite(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    await take(runtime, "Like", remy, uri, content="🔥", _misskey_reaction="🔥")
    view = await get_status_view(runtime.db, status)
    assert (view.favourites_count, view.reactions) == (1, [])


async def test_the_undo_of_a_reaction_leaves_the_favourite(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    await take(runtime, "Like", remy, uri)
    # The id is not the one that came: emoji and post say which it is.
    await take(runtime, "EmojiReact", remy, uri, content="🔥")
    await take(runtime, "Undo", remy, reaction(remy, uri, "🔥", 9))
    view = await get_status_view(runtime.db, status)
    assert (view.favourites_count, view.reactions) == (1, [])


async def test_nobody_undoes_another_s(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    eve = await make_remote(runtime, "eve")
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    document = reaction(remy, uri, "🔥")
    await take(runtime, "EmojiReact", remy, uri, id=document["id"], content="🔥")
    await take(runtime, "Undo", eve, document)
    await take(runtime, "Undo", eve, document["id"])
    assert await shown(runtime, status) == {"🔥": 1}


async def test_custom_emoji_keep_their_picture_and_home(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    other = await make_remote(runtime, "olga", "other.example")
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    await take(runtime, "EmojiReact", remy, uri, content=":blob:", tag=[emoji_tag()])
    # The same picture is the same emoji, whoever sends it; another picture is another one.
    await take(runtime, "EmojiReact", other, uri, content=":blob:", tag=[emoji_tag()])
    await take(
        runtime, "EmojiReact", other, uri, content=":blob:", tag=[emoji_tag(host="other.example")]
    )
    assert await shown(runtime, status) == {"blob@far.example": 2, "blob@other.example": 1}


@pytest.mark.parametrize(
    ("content", "tags"),
    [
        ("no emoji", []),
        ("", []),
        (None, []),
        (":blob:", []),
        (["🔥"], []),
        ({"a": 1}, []),
        (":blob:", [{"type": "Emoji", "name": ":blob:", "icon": {"url": "javascript:alert(1)"}}]),
        (":" + "x" * 300 + ":", [emoji_tag("x" * 300)]),
    ],
)
async def test_what_is_no_emoji_has_no_effect(runtime: Runtime, content: Any, tags: Any) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    status = await make_status(runtime, anna)
    uri = runtime.addresses.status_uri(status)
    await take(runtime, "EmojiReact", remy, uri, content=content, tag=tags)
    found = await shown(runtime, status)
    assert found in ({}, {"🔥": 1} if content == ["🔥"] else {})


async def test_one_may_not_react_to_what_one_may_not_see_nor_without_end(runtime: Runtime) -> None:
    anna, remy = await make_member(runtime), await make_remote(runtime)
    private = await make_status(runtime, anna, visibility="private")
    await take(runtime, "EmojiReact", remy, runtime.addresses.status_uri(private), content="🔥")
    assert await shown(runtime, private) == {}
    status = await make_status(runtime, anna)
    for number in range(MOST_OF_A_PERSON + 3):
        await take(
            runtime,
            "EmojiReact",
            remy,
            runtime.addresses.status_uri(status),
            content=chr(0x1F600 + number),
        )
    assert len(await shown(runtime, status)) == MOST_OF_A_PERSON
