"""Feeds that belong to nobody are read by whom the settings let."""

from typing import Any

import pytest

from server.identity.permissions import Permission
from server.runtime import Runtime
from server.secrets import hash_token
from server.settings import Settings
from server.store import tokens
from tests.forms import PASSWORD, sign_in
from tests.makers import (
    Api,
    make_member,
    make_remote,
    make_status,
    make_token,
    served,
    state_of,
    take,
)

MESSAGE = {"error": "This API requires an authenticated user"}


@pytest.fixture
async def token(runtime: Runtime) -> str:
    """A member's; one post of theirs and one of somebody elsewhere have the tag #walk."""
    anna = await make_member(runtime, "anna")
    await make_status(runtime, anna, "homemade #walk")
    remy = await make_remote(runtime)
    await runtime.db.execute(
        "INSERT INTO follows (account_id, target_id) VALUES ($1, $2)", anna.id, remy.id
    )
    note = {
        "id": "https://far.example/n/1",
        "type": "Note",
        "attributedTo": remy.uri,
        "content": "remote",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "tag": [{"type": "Hashtag", "name": "#walk", "href": "https://far.example/tags/walk"}],
    }
    assert await take(runtime, "Create", remy, note) is None
    return await make_token(runtime, anna)


FEEDS = {"live": "/api/v1/timelines/public", "hashtag": "/api/v1/timelines/tag/walk"}


async def seen(api: Api, path: str) -> Any:
    answer = await api("GET", path)
    if answer.status_code == 401:
        assert answer.json() == MESSAGE
        return 401
    assert answer.status_code == 200, answer.text
    return {"remote" if "@" in one["account"]["acct"] else "local" for one in answer.json()}


BOTH, LOCAL, REMOTE = {"local", "remote"}, {"local"}, {"remote"}


@pytest.mark.parametrize("kind", list(FEEDS))
@pytest.mark.parametrize(
    ("local", "remote", "strangers", "members"),
    [
        ("public", "public", (BOTH, LOCAL, REMOTE), (BOTH, LOCAL, REMOTE)),
        ("public", "authenticated", (401, LOCAL, 401), (BOTH, LOCAL, REMOTE)),
        ("authenticated", "public", (401, 401, REMOTE), (BOTH, LOCAL, REMOTE)),
        ("public", "disabled", (401, LOCAL, 401), (LOCAL, LOCAL, set())),
        ("disabled", "authenticated", (401, 401, 401), (REMOTE, set(), REMOTE)),
        ("disabled", "disabled", (401, 401, 401), (set(), set(), set())),
    ],
)
async def test_each_part_has_its_readers(
    settings: Settings,
    token: str,
    kind: str,
    local: str,
    remote: str,
    strangers: tuple[Any, ...],
    members: tuple[Any, ...],
) -> None:
    changes = {f"timelines_{kind}_local": local, f"timelines_{kind}_remote": remote}
    async with served(settings, **changes) as stranger:
        member = Api(stranger._client, token)
        for query, for_strangers, for_members in zip(
            ("", "?local=true", "?remote=true"), strangers, members, strict=True
        ):
            assert await seen(stranger, FEEDS[kind] + query) == for_strangers, query
            assert await seen(member, FEEDS[kind] + query) == for_members, query
        told = (await stranger.get("/api/v2/instance"))["configuration"]["timelines_access"]
        name = {"live": "live_feeds", "hashtag": "hashtag_feeds"}[kind]
        assert told[name] == {"local": local, "remote": remote}
        page = (await stranger("GET", "/" if kind == "live" else "/tags/walk")).text
        assert ("homemade" in page) == (local == "public")


async def test_streams_leave_out_what_is_closed(settings: Settings, token: str) -> None:
    from server.store.status_views import get_status_view
    from web.streaming.channels import Channel

    async with served(settings, timelines_live_local="disabled") as stranger:
        state = state_of(stranger._client)
        member = Api(stranger._client, token)
        post = await member.post("/api/v1/statuses", status="hi #walk")
        stored = await tokens.find_token(state.runtime.db, hash_token(token))
        assert stored
        listener = state.hub.join(stored, state.tokens.changes())
        for channel in (Channel("public"), Channel("public:local"), Channel("hashtag", "walk")):
            state.hub.open(listener, channel)
        view = await get_status_view(state.runtime.db, int(post["id"]))
        told = {channel.name for _, channel in await state.hub._public_channels(view)}
        state.hub.leave(listener)
    assert told == {"hashtag"}


@pytest.mark.parametrize("role", ["member", "moderator", "admin", "owner"])
async def test_a_role_opens_what_is_closed(
    settings: Settings, runtime: Runtime, token: str, role: str
) -> None:
    """Mastodon's permission view_feeds, which its moderators have."""
    person = await make_member(runtime, "mo", role=role, password=PASSWORD)
    text = await make_token(runtime, person)
    closed = {f"timelines_{kind}_{part}": "disabled" for kind in FEEDS for part in BOTH}
    for is_taken in (False, True):
        if is_taken and role != "owner":
            bit = Permission.VIEW_FEEDS.value
            await runtime.db.execute(
                "UPDATE roles SET permissions = permissions & ~$1::bigint", bit
            )
        async with served(settings, **closed) as stranger:
            api = Api(stranger._client, text)
            for path in FEEDS.values():
                is_open = role == "owner" or (role != "member" and not is_taken)
                assert await seen(api, path) == (BOTH if is_open else set())
            await sign_in(stranger._client, login="mo")
            for page in ("/", "/tags/walk"):
                assert ("homemade" in (await stranger("GET", page)).text) == is_open, page
