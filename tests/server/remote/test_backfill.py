from datetime import UTC, datetime, timedelta
from typing import Any

from server.runtime import Runtime
from server.store import follows, statuses
from server.store.pins import list_pinned_uris
from tests.makers import Api, make_member, run_jobs, take
from tests.neighbour import activity, neighbour


async def test_who_is_followed_first_brings_pins_and_latest_posts(
    runtime: Runtime, anna: Api
) -> None:
    with neighbour() as home:
        uri = f"{home.origin}/users/bob"
        bob, eve = home.actor("bob", featured=f"{uri}/featured"), home.actor("eve")
        ago = iter(range(1, 100))

        def note(author: str, name: str, **more: Any) -> dict[str, Any]:
            at = (datetime.now(UTC) - timedelta(hours=next(ago))).isoformat()
            return home.note(author, name, published=at, **more)

        pinned, foreign, post = note(bob, "pin"), note(eve, "e"), note(bob, "1")
        private = note(bob, "2", to=[f"{bob}/followers"], cc=[])
        answer = note(bob, "3", inReplyTo=f"{home.origin}/unknown")
        forged = note(eve, "4")
        home.documents["/users/bob/featured"] = {
            "id": f"{uri}/featured",
            "type": "OrderedCollection",
            "orderedItems": [pinned, foreign["id"]],
        }
        home.documents["/users/bob/page"] = {
            "id": f"{uri}/page",
            "type": "OrderedCollectionPage",
            "orderedItems": [
                activity("Create", bob, one) for one in (post, private, answer, forged)
            ]
            + [activity("Announce", bob, foreign["id"])],
        }
        home.documents["/users/bob/outbox"] = {
            "id": f"{uri}/outbox",
            "type": "OrderedCollection",
            "first": f"{uri}/page",
        }
        from server.remote.actors import find_or_fetch_account

        account = await find_or_fetch_account(runtime, bob)
        await anna.post(f"/api/v1/accounts/{account.id}/follow")
        follow = await runtime.db.fetchval("SELECT uri FROM follow_requests")
        await take(runtime, "Accept", account, follow)
        assert await list_pinned_uris(runtime.db, account.id) == [pinned["id"]]
        kept = [
            one
            for one in (post, private, answer, forged)
            if await statuses.find_by_uri(runtime.db, one["id"])
        ]
        assert kept == [post]
        shown = [one["uri"] for one in await anna.get("/api/v1/timelines/home")]
        assert shown == [pinned["id"], post["id"]]
        assert await anna.get("/api/v1/notifications") == []
        ben = await make_member(runtime, "ben")
        await follows.insert_follow(runtime.db, ben.id, account.id, None)
        assert not await follows.is_only_member(runtime.db, ben.id, account.id)
        await run_jobs(runtime)


async def test_an_outbox_without_id_and_of_posts_alone_is_read_too(
    runtime: Runtime, anna: Api
) -> None:
    from server.remote.actors import find_or_fetch_account

    with neighbour() as home:
        bob, eve = home.actor("bob"), home.actor("eve")
        post, foreign = home.note(bob, "1"), home.note(eve, "2")
        home.documents["/users/bob/outbox"] = {
            "type": "OrderedCollection",
            "orderedItems": [post, foreign],
        }
        account = await find_or_fetch_account(runtime, bob)
        await anna.post(f"/api/v1/accounts/{account.id}/follow")
        follow = await runtime.db.fetchval("SELECT uri FROM follow_requests")
        await take(runtime, "Accept", account, follow)
        assert [one["uri"] for one in await anna.get("/api/v1/timelines/home")] == [post["id"]]
