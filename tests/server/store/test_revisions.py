from server.runtime import Runtime
from server.store import bookmarks, favourites, pins, revisions, statuses
from tests.makers import make_member, make_status


async def test_the_marks_are_the_viewer_s_own(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    status = await make_status(runtime, anna)
    await favourites.insert_favourite(runtime.db, ben.id, status, None)
    await bookmarks.insert_bookmark(runtime.db, ben.id, status)
    await pins.insert_pin(runtime.db, anna.id, status)
    marks = await revisions.load_marks(runtime.db, [status], [anna.id, ben.id])
    bens, annas = marks[ben.id, status], marks[anna.id, status]
    assert (bens.favourited, bens.bookmarked, bens.pinned) == (True, True, False)
    assert (annas.favourited, annas.pinned) == (False, True)


async def test_no_reaction_poses_as_another_mark(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    status = await make_status(runtime, anna)
    name = f"x\x1e{ben.id}\x1ffavourited"
    await runtime.db.execute(
        "INSERT INTO reactions (account_id, status_id, name) VALUES ($1, $2, $3)",
        ben.id,
        status,
        name,
    )
    mark = (await revisions.load_marks(runtime.db, [status], [ben.id]))[ben.id, status]
    assert not mark.favourited
    assert mark.reactions == (f"x{ben.id}favourited",)


async def test_a_revision_changes_with_all_that_is_shown(runtime: Runtime) -> None:
    from server.actions.drafts import Draft
    from server.actions.edit_post import edit_status
    from server.actions.profile import ProfileChange, update_profile

    anna = await make_member(runtime)
    status = await make_status(runtime, anna)
    seen: set[str] = set()

    async def changed() -> bool:
        before = len(seen)
        seen.add(
            (await revisions.load_revisions(runtime.db, [status], [])).revisions[status].numbers
        )
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


async def test_only_what_the_viewer_may_see_is_read(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    secret = await make_status(runtime, anna, visibility="private")
    for viewer, sees in ((anna.id, True), (ben.id, False), (None, False)):
        found = await revisions.load_visible_revisions(runtime.db, [secret], viewer)
        assert bool(found.ids) == sees


async def test_an_account_has_new_numbers_when_it_is_shown_otherwise(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    first = await revisions.load_account_revisions(runtime.db, [anna.id, ben.id])
    await make_status(runtime, anna)
    second = await revisions.load_account_revisions(runtime.db, [anna.id, ben.id])
    assert first[anna.id] != second[anna.id]
    assert first[ben.id] == second[ben.id]
