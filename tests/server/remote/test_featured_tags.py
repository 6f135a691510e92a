"""Hashtags that others show on their profiles."""

from server.remote.actors import fetch_account
from server.runtime import Runtime
from server.store import follows
from tests.makers import Api, make_member, run_jobs
from tests.neighbour import neighbour


async def test_they_are_read_for_whom_somebody_follows(runtime: Runtime, anna: Api) -> None:
    with neighbour() as home, neighbour() as away:
        place = f"{home.origin}/users/bob/tags"
        bob = await fetch_account(runtime, home.actor("bob", featuredTags=place))

        async def shown() -> list[str]:
            await fetch_account(runtime, bob.uri)
            await run_jobs(runtime)
            found = await anna.get(f"/api/v1/accounts/{bob.id}/featured_tags")
            return [tag["name"] for tag in found]

        def say(*names: str) -> None:
            tags = [{"type": "Hashtag", "name": name, "href": "x"} for name in names]
            home.documents["/users/bob/tags"] = {"id": place, "type": "Collection", "items": tags}

        say("#Tea", "#tea", "Walking", "#<b>", "#" * 9, *(f"#t{n}" for n in range(20)))
        assert await shown() == []
        reader = await make_member(runtime, "reader")
        await follows.insert_follow(runtime.db, reader.id, bob.id, None)
        names = await shown()
        assert {name.lower() for name in names} >= {"tea", "walking", "b"}
        assert len(names) <= 10
        say("#Coffee")
        assert await shown() == ["Coffee"]
        [tag] = await anna.get(f"/api/v1/accounts/{bob.id}/featured_tags")
        assert tag["url"] == f"http://localhost:3000/@bob@{home.domain}/tagged/Coffee"
        home.documents["/users/bob"]["featuredTags"] = f"{away.origin}/tags"
        away.documents["/tags"] = {**home.documents["/users/bob/tags"], "id": f"{away.origin}/tags"}
        assert await shown() == ["Coffee"]
        home.documents["/users/bob"]["featuredTags"] = place
        del home.documents["/users/bob/tags"]
        assert await shown() == ["Coffee"]
