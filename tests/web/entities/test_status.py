from server.runtime import Runtime
from server.store.status_views import get_status_view
from tests.makers import Api, make_member, make_status, run_jobs
from web.entities.status import text_of

KEYS = {
    "id",
    "created_at",
    "in_reply_to_id",
    "in_reply_to_account_id",
    "sensitive",
    "spoiler_text",
    "visibility",
    "language",
    "uri",
    "url",
    "replies_count",
    "reblogs_count",
    "favourites_count",
    "edited_at",
    "content",
    "reblog",
    "application",
    "account",
    "media_attachments",
    "mentions",
    "tags",
    "emojis",
    "card",
    "poll",
}
MARKS = {"favourited", "reblogged", "muted", "bookmarked", "filtered"}


async def test_every_field_of_mastodons_status(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    post = await anna.post("/api/v1/statuses", status="@ben #tea")
    path = f"/api/v1/statuses/{post['id']}"
    shown = {
        name: await api.get(path)
        for name, api in (("author", anna), ("other", ben), ("stranger", stranger))
    }
    assert set(shown["stranger"]) >= KEYS
    assert not set(shown["stranger"]) & (MARKS | {"pinned"})
    assert set(shown["other"]) - set(shown["stranger"]) == MARKS
    assert set(shown["author"]) - set(shown["stranger"]) == MARKS | {"pinned"}
    assert isinstance(post["id"], str)
    assert post["created_at"].endswith("Z")
    assert set(post["mentions"][0]) == {"id", "username", "acct", "url"}
    assert post["tags"] == [{"name": "tea", "url": "http://localhost:3000/tags/tea"}]


async def test_filters_look_at_the_beginning_of_a_very_long_post(runtime: Runtime) -> None:
    """Those of each reader are tried at each reading: 200 words took a quarter of a second."""
    account = await make_member(runtime, "anna")
    status_id = await make_status(runtime, account, "tea")
    content = f"<p>tea {'and more ' * 30_000}</p>"
    await runtime.db.execute("UPDATE statuses SET content = $2 WHERE id = $1", status_id, content)
    text = text_of(await get_status_view(runtime.db, status_id))
    assert text.startswith("\ntea and more")
    assert len(text) <= 20_000


async def test_a_boost_holds_the_original_and_shows_its_marks(
    anna: Api, ben: Api, runtime: Runtime
) -> None:
    post = await anna.post("/api/v1/statuses", status="hello")
    boost = await ben.post(f"/api/v1/statuses/{post['id']}/reblog")
    await anna.post(f"/api/v1/statuses/{boost['id']}/favourite")
    await run_jobs(runtime)
    seen = await anna.get(f"/api/v1/statuses/{boost['id']}")
    assert (seen["reblog"]["id"], seen["reblog"]["reblog"]) == (post["id"], None)
    assert seen["favourited"]
    assert seen["reblog"]["favourited"]
    assert seen["favourites_count"] == seen["reblog"]["favourites_count"] == 1
    assert "pinned" not in seen
    assert (await ben.get(f"/api/v1/statuses/{boost['id']}"))["reblogged"]


async def test_kept_copies_show_each_viewer_the_own_marks_and_the_latest(
    anna: Api, ben: Api, stranger: Api, runtime: Runtime
) -> None:
    status = await make_status(runtime, await make_member(runtime, "carl"), "one")
    path = f"/api/v1/statuses/{status}"
    for api in (anna, ben, stranger, anna):
        assert (await api.get(path))["content"] == "<p>one</p>"
    await ben.post(f"{path}/bookmark")
    marked = {
        name: (await api.get(path)).get("bookmarked")
        for name, api in (("anna", anna), ("ben", ben), ("stranger", stranger))
    }
    assert marked == {"anna": False, "ben": True, "stranger": None}
    await anna.post(f"{path}/favourite")
    assert (await stranger.get(path))["favourites_count"] == 1
