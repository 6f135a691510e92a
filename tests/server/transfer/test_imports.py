from typing import Any

import pytest

from server.actions import block, follow, mute
from server.runtime import Runtime
from server.store import (
    blocks,
    bookmarks,
    domain_blocks,
    exports,
    follows,
    imports,
    lists,
    relationships,
)
from server.store.accounts import Account
from server.store.pages import Page
from server.transfer import imports as module
from server.transfer.imports import begin_import, confirm_import
from server.transfer.tables import KINDS, write_table
from server.worker import catalogue
from tests.makers import make_member, make_remote, make_status, run_jobs

OWN = "localhost:3000"


async def bring(
    runtime: Runtime, member: Account, kind: str, text: str, *, overwrite: bool = False
) -> imports.Import:
    """Import a table as a member does, to its end."""
    body = text.encode()
    made = await begin_import(runtime, member.id, kind, "x.csv", body, overwrite=overwrite)
    await run_jobs(runtime)
    assert (await imports.get_import(runtime.db, made, member.id)).state == "unconfirmed"
    await confirm_import(runtime, member.id, made)
    await run_jobs(runtime)
    found = await imports.get_import(runtime.db, made, member.id)
    assert found.state == "finished"
    return found


async def take(runtime: Runtime, member: Account, kind: str) -> str:
    return write_table(kind, await exports.list_rows(runtime.db, kind, member.id, OWN))


async def test_what_one_takes_along_another_can_bring(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    carl, remy = await make_member(runtime, "carl"), await make_remote(runtime)
    dora = await make_member(runtime, "dora")
    await follow.follow_account(
        runtime, anna.id, carl.id, show_boosts=False, notify_posts=True, languages=["nl"]
    )
    work = await lists.insert_list(runtime.db, anna.id, "work", "list", exclusive=False)
    await lists.add_accounts(runtime.db, anna.id, work.id, [carl.id])
    await block.block_account(runtime, anna.id, remy.id)
    await mute.mute_account(runtime, anna.id, dora.id, hide_notifications=False, duration_seconds=0)
    await domain_blocks.insert_block(runtime.db, anna.id, "bad.example")
    post = await make_status(runtime, carl, "keep this")
    await bookmarks.insert_bookmark(runtime.db, anna.id, post)
    for kind in KINDS:
        text = await take(runtime, anna, kind)
        found = await bring(runtime, ben, kind, text)
        assert (found.failed, found.done) == (0, 1), kind
        assert await take(runtime, ben, kind) == text
    assert (await take(runtime, ben, "following")).splitlines()[1] == f"carl@{OWN},false,true,nl"


async def test_what_is_not_named_ends_when_one_says_so(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    carl = await make_member(runtime, "carl")
    for other in (ben, carl):
        await follow.follow_account(
            runtime, anna.id, other.id, show_boosts=True, notify_posts=False, languages=None
        )
    work = await lists.insert_list(runtime.db, anna.id, "work", "list", exclusive=False)
    await lists.add_accounts(runtime.db, anna.id, work.id, [ben.id])
    await bring(runtime, anna, "following", "carl\n")
    assert len(await follows.following_page(runtime.db, anna.id, Page(9))) == 2
    await bring(runtime, anna, "following", f"Carl@{OWN}\n", overwrite=True)
    assert [who for _, who in await follows.following_page(runtime.db, anna.id, Page(9))] == [
        carl.id
    ]
    await bring(runtime, anna, "lists", "friends,carl\n", overwrite=True)
    assert [one.title for one in await lists.list_lists(runtime.db, anna.id)] == ["friends"]
    await domain_blocks.insert_block(runtime.db, anna.id, "old.example")
    await bring(runtime, anna, "domain_blocking", "new.example\n", overwrite=True)
    assert await take(runtime, anna, "domain_blocking") == "new.example\n"


async def test_what_fails_is_kept(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    await block.block_account(runtime, ben.id, anna.id)
    found = await bring(runtime, anna, "following", "ben\nnobody\nanna\nx@127.0.0.1:1\n")
    assert (found.done, found.failed) == (4, 4)
    rows = await imports.list_rows(runtime.db, found.id, failed=True)
    assert [row["acct"] for row in rows] == ["ben", "nobody", "anna", "x@127.0.0.1:1"]


async def test_a_row_that_nobody_foresaw_holds_up_no_other(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    anna, remy = await make_member(runtime, "anna"), await make_remote(runtime)
    block_account = block.block_account

    async def fail_once(*arguments: Any) -> None:
        monkeypatch.setattr(block, "block_account", block_account)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(block, "block_account", fail_once)
    await make_member(runtime, "ben")
    rows = f"ben@{OWN}\n{remy.username}@{remy.domain}\n"
    found = await bring(runtime, anna, "blocking", rows)
    assert (found.done, found.failed) == (2, 1)
    assert await blocks.is_blocked(runtime.db, anna.id, remy.id)
    assert "a fault of ours" in caplog.text


async def test_a_post_that_one_may_not_see_is_not_kept(runtime: Runtime) -> None:
    anna, ben = await make_member(runtime, "anna"), await make_member(runtime, "ben")
    post = await make_status(runtime, ben, "secret", visibility="private")
    uri = runtime.addresses.status_uri(post)
    found = await bring(runtime, anna, "bookmarks", f"{uri}\nhttps://nowhere.example/1\n")
    assert (found.done, found.failed) == (2, 2)
    [seen] = await relationships.load_relationships(runtime.db, anna.id, [ben.id])
    assert not seen.following


async def test_a_turn_that_is_done_again_leaves_one_more_turn(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the worker is killed after it; and a turn on slow servers is a short one."""
    monkeypatch.setattr(module, "_TURN_SECONDS", 0.0)
    anna = await make_member(runtime, "anna")
    body = b"bad.example\nworse.example\nworst.example\n"
    made = await begin_import(runtime, anna.id, "domain_blocking", "x", body, overwrite=False)
    await confirm_import(runtime, anna.id, made)
    for done in (1, 2):
        await module.import_rows_job(runtime, made)
        assert (await imports.get_import(runtime.db, made, anna.id)).done == done
    query = "SELECT count(*) FROM jobs WHERE name = 'import_rows' AND once_key IS NOT NULL"
    assert await runtime.db.fetchval(query) == 1


def test_whoever_moves_in_or_out_holds_up_nobody_else() -> None:
    """An import waits for many servers, an archive takes up to an hour."""
    queue = catalogue.CATALOGUE["import_rows"].queue
    assert set(catalogue.names_of(queue)) == {"import_rows", "make_archive"}
