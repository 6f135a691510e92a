"""Messages as a phone reads them, from the deed that set them off."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from server.errors import Unavailable
from server.fanout import severances
from server.fanout.notifications import notify
from server.fanout.push import send_push_job
from server.identity import oauth, vapid
from server.moderation.act import Act, act
from server.runtime import Runtime, open_runtime
from server.store import follows, mutes
from server.store.accounts import Account, find_by_handle
from server.store.local_accounts import set_suspended
from tests.makers import Api, make_member, make_remote, make_status, make_token, run_jobs
from tests.push_service import Phone, PushService, push_service, verified_claims
from tests.queries import count_queries

PATH = "/api/v1/push/subscription"
ALL = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update")


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as found:
        yield found


async def account_of(runtime: Runtime, name: str) -> Account:
    found = await find_by_handle(runtime.db, name, None)
    assert found is not None
    return found


async def subscribe(
    api: Api, service: PushService, *alerts: str, policy: str = "all", standard: bool = True
) -> Phone:
    phone = Phone()
    form = phone.form(f"{service.origin}/phone", *(alerts or ALL), standard=standard)
    form["data"]["policy"] = policy
    await api.post(PATH, **form)
    return phone


@pytest.mark.parametrize("standard", [True, False])
async def test_a_mention_reaches_the_phone_and_nobody_else_reads_it(
    anna: Api, ben: Api, runtime: Runtime, service: PushService, standard: bool
) -> None:
    phone = await subscribe(anna, service, standard=standard)
    writer = await account_of(runtime, "ben")
    await make_status(runtime, writer, "@anna: 1 < 2 & so\n\non", visibility="private")
    (pushed,) = service.pushed
    (told,) = await anna.get("/api/v1/notifications")
    payload = phone.read(pushed)
    assert payload == {
        "access_token": anna._headers["Authorization"].removeprefix("Bearer "),
        "preferred_locale": "en",
        "notification_id": int(told["id"]),
        "notification_type": "mention",
        "icon": told["account"]["avatar_static"],
        "title": "ben mentioned you",
        "body": "@anna: 1 < 2 & so on",
    }
    # JavaScript reads such a number exactly, and it finds the notification.
    assert payload["notification_id"] < 2**53
    assert await anna.get(f"/api/v1/notifications/{payload['notification_id']}") == told
    assert payload["access_token"].encode() not in pushed.body
    assert (pushed.headers["ttl"], pushed.headers["urgency"]) == ("172800", "normal")
    key, word = await vapid.public_key(runtime), pushed.headers["authorization"]
    if standard:
        assert pushed.headers["content-encoding"] == "aes128gcm"
        token = word.removeprefix("vapid t=").removesuffix(f", k={key}")
    else:
        assert pushed.headers["content-encoding"] == "aesgcm"
        assert pushed.headers["crypto-key"].endswith(f";p256ecdsa={key}")
        token = word.removeprefix("WebPush ")
    claims = verified_claims(token, key)
    assert (claims["aud"], claims["sub"]) == (service.origin, runtime.settings.origin)


async def test_in_the_member_s_language(
    client: httpx.AsyncClient, ben: Api, runtime: Runtime, service: PushService
) -> None:
    dora = await make_member(runtime, "dora", locale="nl-BE")
    api = Api(client, await make_token(runtime, dora))
    phone = await subscribe(api, service)
    await ben.post(f"/api/v1/accounts/{dora.id}/follow")
    await run_jobs(runtime)
    payload = phone.read(service.pushed[0])
    assert (payload["title"], payload["preferred_locale"]) == ("ben volgt je", "nl-BE")


async def test_a_warning_hides_the_text_and_long_texts_are_cut(
    anna: Api, ben: Api, runtime: Runtime, service: PushService
) -> None:
    phone = await subscribe(anna, service)
    writer = await account_of(runtime, "ben")
    await make_status(runtime, writer, "@anna the murderer is", spoiler_text="a book")
    await make_status(runtime, writer, "@anna " + "word " * 60)
    bodies = [phone.read(pushed)["body"] for pushed in service.pushed]
    assert bodies[0] == "a book"
    assert (len(bodies[1]) <= 140, bodies[1][-1]) == (True, "…")


@pytest.mark.parametrize(
    ("policy", "anna_follows", "ben_follows", "expected"),
    [
        ("all", False, False, 1),
        ("none", True, True, 0),
        ("followed", True, False, 1),
        ("followed", False, True, 0),
        ("follower", False, True, 1),
        ("follower", True, False, 0),
    ],
)
async def test_policies(
    anna: Api,
    ben: Api,
    runtime: Runtime,
    service: PushService,
    policy: str,
    anna_follows: bool,
    ben_follows: bool,
    expected: int,
) -> None:
    reader, writer = await account_of(runtime, "anna"), await account_of(runtime, "ben")
    for is_so, one, other in ((anna_follows, reader, writer), (ben_follows, writer, reader)):
        if is_so:
            await follows.insert_follow(
                runtime.db, one.id, other.id, None, show_boosts=True, notify=False, languages=None
            )
    await subscribe(anna, service, policy=policy)
    await make_status(runtime, writer, "@anna hi")
    assert len(service.pushed) == expected


async def test_only_alerts_that_are_on(
    anna: Api, ben: Api, runtime: Runtime, service: PushService
) -> None:
    phone = await subscribe(anna, service, "favourite")
    status = await make_status(runtime, await account_of(runtime, "anna"))
    await make_status(runtime, await account_of(runtime, "ben"), "@anna hi")
    for deed in ("reblog", "favourite", "unfavourite"):
        await ben.post(f"/api/v1/statuses/{status}/{deed}")
    await run_jobs(runtime)
    # The favourite was taken back before the worker came to it.
    assert service.pushed == []
    await ben.post(f"/api/v1/statuses/{status}/favourite")
    await run_jobs(runtime)
    assert [phone.read(p)["notification_type"] for p in service.pushed] == ["favourite"]


async def hide(runtime: Runtime, how: str, anna: Api, ben: Api) -> None:
    reader, writer = await account_of(runtime, "anna"), await account_of(runtime, "ben")
    match how:
        case "mute":
            await mutes.insert_mute(
                runtime.db, reader.id, writer.id, hide_notifications=True, duration_seconds=0
            )
        case "block":
            await anna.post(f"/api/v1/accounts/{writer.id}/block")
        case "blocked":
            await ben.post(f"/api/v1/accounts/{reader.id}/block")
        case "suspend":
            await set_suspended(runtime.db, writer.id, is_suspended=True)
        case "delete":
            status = await runtime.db.fetchval("SELECT max(id) FROM statuses")
            await ben("DELETE", f"/api/v1/statuses/{status}")
        case "revoke":
            await runtime.db.execute("DELETE FROM tokens WHERE account_id = $1", reader.id)
        case "suspend the reader":
            await set_suspended(runtime.db, reader.id, is_suspended=True)
        case "late":
            await runtime.db.execute(
                "UPDATE notifications SET created_at = now() - interval '49 hours'"
            )


@pytest.mark.parametrize(
    "how",
    ["mute", "block", "blocked", "suspend", "delete", "revoke", "suspend the reader", "late"],
)
async def test_what_is_hidden_or_gone_meanwhile_is_not_pushed(
    anna: Api, ben: Api, runtime: Runtime, service: PushService, how: str
) -> None:
    """Between the writing of the notification and the sending of the message."""
    await subscribe(anna, service)
    reader, writer = await account_of(runtime, "anna"), await account_of(runtime, "ben")
    status = await make_status(runtime, writer, "psst", visibility="private")
    await runtime.db.execute("INSERT INTO status_mentions VALUES ($1, $2)", status, reader.id)
    async with runtime.transaction() as tx:
        await notify(tx, "mention", [reader.id], writer.id, status)
    assert await runtime.db.fetchval("SELECT count(*) FROM jobs WHERE name = 'send_push'") == 1
    await hide(runtime, how, anna, ben)
    await run_jobs(runtime)
    assert service.pushed == []


async def test_who_is_muted_before_pushes_nothing(
    anna: Api, ben: Api, runtime: Runtime, service: PushService
) -> None:
    await subscribe(anna, service)
    await hide(runtime, "mute", anna, ben)
    await make_status(runtime, await account_of(runtime, "ben"), "@anna hi")
    assert service.pushed == []


async def test_a_revoked_token_takes_its_subscription_along(
    client: httpx.AsyncClient, runtime: Runtime, service: PushService
) -> None:
    member = await make_member(runtime, "anna")
    app, _ = await oauth.register_app(runtime, "App", ["x:y"], "read push", None)
    text = await oauth.new_member_token(runtime, app, member.id)
    await subscribe(Api(client, text), service)
    await oauth.revoke(runtime, app, text)
    assert await runtime.db.fetchval("SELECT count(*) FROM push_subscriptions") == 0


@pytest.mark.parametrize(("answer", "left"), [(404, 0), (410, 0), (201, 1), (400, 1), (403, 1)])
async def test_what_the_service_says_of_the_subscription(
    anna: Api, ben: Api, runtime: Runtime, service: PushService, answer: int, left: int
) -> None:
    service.answers["/phone"] = answer
    await subscribe(anna, service)
    await make_status(runtime, await account_of(runtime, "ben"), "@anna hi")
    assert len(service.pushed) == 1
    assert await runtime.db.fetchval("SELECT count(*) FROM push_subscriptions") == left
    assert await runtime.db.fetchval("SELECT count(*) FROM jobs") == 0


@pytest.mark.parametrize("answer", [429, 500, 503])
async def test_a_service_in_trouble_is_asked_again(
    anna: Api, runtime: Runtime, service: PushService, answer: int
) -> None:
    phone = await subscribe(anna, service)
    remy = await make_remote(runtime, display_name="Remy :smile:", note="<p>I &amp; you</p>")
    async with runtime.transaction() as tx:
        await notify(tx, "follow", [(await account_of(runtime, "anna")).id], remy.id)
    job = await runtime.db.fetchrow("SELECT args FROM jobs WHERE name = 'send_push'")
    service.answers["/phone"] = answer
    with pytest.raises(Unavailable, match=str(answer)):
        await send_push_job(runtime, *job["args"])
    service.answers.clear()
    await send_push_job(runtime, *job["args"])
    payload = phone.read(service.pushed[-1])
    assert (payload["title"], payload["body"]) == ("Remy :smile: follows you", "I & you")


async def test_a_private_host_of_federation_is_none_for_push(
    anna: Api, ben: Api, runtime: Runtime, service: PushService
) -> None:
    """The client that sends is another than the one that knows the private hosts."""
    named = replace(runtime.settings, federation_private_hosts=("127.0.0.1=127.0.0.0/8",))
    async with open_runtime(replace(named, origin="https://wandel.example")) as secure:
        assert not secure.open_web.policy.private_hosts
        await subscribe(anna, service)
        await runtime.db.execute(
            "UPDATE push_subscriptions SET endpoint = replace(endpoint, 'http:', 'https:')"
        )
        await make_status(secure, await account_of(runtime, "ben"), "@anna hi")
    assert service.pushed == []
    assert await runtime.db.fetchval("SELECT count(*) FROM jobs") == 0


async def test_a_notification_costs_the_same_for_any_number_of_members(
    anna: Api, runtime: Runtime, service: PushService
) -> None:
    sender = await make_remote(runtime)
    members = [await make_member(runtime, f"member{n}") for n in range(5)]
    counts: list[Any] = []
    for told in (members[:1], members[1:]):
        with count_queries() as seen:
            async with runtime.transaction() as tx:
                await notify(tx, "follow", [member.id for member in told], sender.id)
        counts.append(len(seen))
    assert counts[0] == counts[1]


async def test_lost_follows_and_reactions_are_told_as_well(
    anna: Api, ben: Api, runtime: Runtime, service: PushService
) -> None:
    phone = await subscribe(anna, service, "severed_relationships", "pleroma:emoji_reaction")
    reader, remy = await account_of(runtime, "anna"), await make_remote(runtime)
    await follows.insert_follow(
        runtime.db, reader.id, remy.id, None, show_boosts=True, notify=False, languages=None
    )
    async with runtime.transaction() as tx:
        await severances.record_suspension(tx, remy)
    status = await make_status(runtime, reader)
    await ben("PUT", f"/api/v1/pleroma/statuses/{status}/reactions/🎉")
    await run_jobs(runtime)
    assert [phone.read(pushed)["title"] for pushed in service.pushed] == [
        "You lost connections",
        "ben reacted to your post",
    ]


async def test_what_waits_in_a_request_wakes_nobody(
    anna: Api, ben: Api, runtime: Runtime, service: PushService
) -> None:
    await subscribe(anna, service)
    await anna("PATCH", "/api/v2/notifications/policy", json={"for_not_following": "filter"})
    await make_status(runtime, await account_of(runtime, "ben"), "@anna hi")
    assert await runtime.db.fetchval("SELECT count(*) FROM notifications WHERE filtered") == 1
    assert service.pushed == []


# Mastodon 4.6's list; annual reports are made for who asks, and nobody is told of them.
OF_MASTODON = (
    *ALL,
    "severed_relationships",
    "moderation_warning",
    "annual_report",
    "admin.sign_up",
    "admin.report",
    "quote",
    "quoted_update",
    "added_to_collection",
    "collection_update",
)


async def test_every_kind_of_mastodon_s_wakes_the_phone(
    anna: Api, ben: Api, runtime: Runtime, service: PushService
) -> None:
    phone = await subscribe(anna, service, *OF_MASTODON)
    alerts = (await anna.get(PATH))["alerts"]
    assert {kind for kind, is_on in alerts.items() if is_on} == set(OF_MASTODON)
    me, them = await account_of(runtime, "anna"), await account_of(runtime, "ben")
    own, theirs = await make_status(runtime, me), await make_status(runtime, them)
    shown = await ben.post("/api/v1/collections", name="people")
    more: dict[str, dict[str, Any]] = {
        **{key: {"status_id": own} for key in ("reblog", "favourite", "poll")},
        **{
            key: {"status_id": theirs}
            for key in ("mention", "status", "update", "quote", "quoted_update")
        },
        **{
            key: {"collection_id": int(shown["collection"]["id"])}
            for key in ("added_to_collection", "collection_update")
        },
    }
    for kind in set(OF_MASTODON) - {"severed_relationships", "moderation_warning", "annual_report"}:
        async with runtime.transaction() as tx:
            await notify(tx, kind, [me.id], them.id, **more.get(kind, {}))
    await act(runtime, None, Act(me.id, "none", "careful"))
    remy = await make_remote(runtime)
    await follows.insert_follow(runtime.db, me.id, remy.id, None)
    async with runtime.transaction() as tx:
        await severances.record_suspension(tx, remy)
    await run_jobs(runtime)
    payloads = [phone.read(pushed) for pushed in service.pushed]
    assert {one["notification_type"] for one in payloads} == {*OF_MASTODON} - {"annual_report"}
    assert all(one["title"] not in {"", "ben"} for one in payloads)
