"""Moderators see whose invitations there are, and end them."""

import httpx

from server.identity import invites as made
from server.runtime import Runtime
from server.store import audit_log, invites
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/invites"


async def good(runtime: Runtime) -> list[int]:
    return [one.id for one in await invites.invite_page(runtime.db, Page(9), only_good=True)]


async def test_invitations_are_seen_and_ended(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    anna, ben = [await make_member(runtime, name) for name in ("anna", "ben")]
    await made.invite(runtime, anna.id, "for my sister", 5, 86400, autofollow=False)
    await made.invite(runtime, ben.id, "", None, None, autofollow=False)
    await made.invite(runtime, ben.id, "", None, None, autofollow=False)
    [link] = await made.list_links(runtime, anna.id)
    page = await text_of(client, PATH)
    assert f'<a href="/desk/accounts/{anna.id}">@anna</a>' in page
    assert "Used: 0/5" in page
    assert link.url.rpartition("/")[2] not in page, "the link is its maker's"
    assert "for my sister" not in page, "and so is the note"
    await press(client, PATH, end_id=link.invite.id)
    assert not await made.find_inviter(runtime, link.url.rpartition("/")[2], "192.0.2.1")
    assert "@anna" not in await text_of(client, PATH)
    assert "@anna" in await text_of(client, f"{PATH}?all=1")
    assert len(await good(runtime)) == 2
    await press(client, PATH, do="end_all")
    assert await good(runtime) == []
    assert "None." in await text_of(client, PATH)
    again = {"csrf": proof(client), "end_id": str(link.invite.id)}
    assert (await client.post(PATH, data=again)).status_code == 404
    log = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    told = [(entry.action, entry.target_kind, entry.target_name) for entry in log]
    assert sorted(told) == [("destroy", "invite", name) for name in ("anna", "ben", "ben")]


async def test_it_takes_the_permission_and_a_form_from_here(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await made.invite(runtime, boss.id, "", None, None, autofollow=False)
    form = {"do": "end_all"}
    assert (await client.post(PATH, data=form)).status_code == 403
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    assert (await client.get(PATH)).status_code == 403
    assert (await client.post(PATH, data=form | {"csrf": proof(client)})).status_code == 403
    assert len(await good(runtime)) == 1
