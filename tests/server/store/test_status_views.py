from server.runtime import Runtime
from server.store import bookmarks, cards, favourites, pins, status_views, statuses
from tests.makers import make_member, make_status
from tests.queries import count_queries


async def test_the_marks_are_the_viewer_s_own(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    status = await make_status(runtime, anna)
    await favourites.insert_favourite(runtime.db, ben.id, status, None)
    await bookmarks.insert_bookmark(runtime.db, ben.id, status)
    await pins.insert_pin(runtime.db, anna.id, status)
    marks = await status_views.load_marks(runtime.db, [status], [anna.id, ben.id])
    bens, annas = marks[ben.id, status], marks[anna.id, status]
    assert (bens.favourited, bens.bookmarked, bens.pinned) == (True, True, False)
    assert (annas.favourited, annas.pinned) == (False, True)


async def test_many_cost_as_many_queries_as_one(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    ids = [await make_status(runtime, anna, f"{n} #tag @anna") for n in range(6)]
    for n, status_id in enumerate(ids):
        url = f"https://{n}.example/"
        card_id = await cards.attach(runtime.db, status_id, url, url)
        assert card_id
        found = cards.Found(url, f"{n}.example", "link", "title", "", "", "", "", "")
        await cards.save_found(runtime.db, card_id, found)
    with count_queries() as one:
        await status_views.load_status_views(runtime.db, ids[:1])
    with count_queries() as many:
        views = await status_views.load_status_views(runtime.db, ids)
    assert [view.status.id for view in views] == ids
    assert all(view.card for view in views)
    assert len(many) == len(one)


async def test_a_revision_changes_with_all_that_is_shown(runtime: Runtime) -> None:
    from server.actions.drafts import Draft
    from server.actions.edit_post import edit_status
    from server.actions.profile import ProfileChange, update_profile

    anna = await make_member(runtime)
    status = await make_status(runtime, anna)
    seen: set[tuple[int, ...]] = set()

    async def changed() -> bool:
        before = len(seen)
        seen.add((await status_views.load_revisions(runtime.db, [status]))[status].numbers)
        return len(seen) > before

    assert await changed()
    assert not await changed()
    await favourites.insert_favourite(runtime.db, anna.id, status, None)
    assert await changed()
    await edit_status(runtime, anna.id, status, Draft("edited"))
    assert await changed()
    await update_profile(runtime, anna.id, ProfileChange(display_name="A."))
    assert await changed()
    await make_status(runtime, anna, "answer", in_reply_to_id=status)
    assert await changed()
    assert await statuses.find_status(runtime.db, status) is not None
