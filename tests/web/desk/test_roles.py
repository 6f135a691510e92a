"""Roles are made, changed and given at the desk, by nobody beyond what they have themselves."""

import re

import httpx
import pytest

from server.identity.permissions import Permission
from server.runtime import Runtime
from server.store import audit_log, roles
from server.store.accounts import Account
from server.store.pages import Page
from server.store.roles import ADMIN, EVERYONE, MODERATOR, OWNER, Role
from tests.forms import PASSWORD, proof
from tests.makers import Api, make_member
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/roles"
ME = "/api/v1/accounts/verify_credentials"
REPORTS = Permission.MANAGE_REPORTS


@pytest.fixture
def member(anna: Api) -> Api:
    return anna


async def by_name(runtime: Runtime) -> dict[str, Role]:
    return {role.name: role for role in await roles.list_roles(runtime.db)}


async def test_a_role_is_made_given_changed_and_taken_away(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, member: Api
) -> None:
    anna = int((await member.get(ME))["id"])
    lead = {"name": "Team lead", "color": "#17527a", "position": 5, "highlighted": "1"}
    await press(client, PATH, **lead, **{"permissions[]": ["MANAGE_REPORTS", "MANAGE_INVITES"]})
    role = (await by_name(runtime))["Team lead"]
    assert role.permissions == REPORTS | Permission.MANAGE_INVITES
    page = f"/desk/accounts/{anna}"
    await press(client, page, do="role", role_id=role.id)
    assert "<dd>Team lead</dd>" in await text_of(client, page)
    me = await member.get(ME)
    assert me["roles"] == [{"id": str(role.id), "name": "Team lead", "color": "#17527a"}]
    form = await text_of(client, f"{PATH}/{role.id}")
    ticked = re.findall(r'value="(\w+)" checked', form)
    assert {"MANAGE_REPORTS", "MANAGE_INVITES"} <= {*ticked}
    lead |= {"name": "Lead", "require_2fa": "1", "permissions[]": "MANAGE_REPORTS"}
    await press(client, f"{PATH}/{role.id}", **lead)
    changed = (await by_name(runtime))["Lead"]
    assert (changed.id, changed.permissions, changed.require_2fa) == (role.id, REPORTS, True)
    assert "members: 1" in await text_of(client, PATH)
    await press(client, f"{PATH}/{role.id}", do="delete")
    assert "Lead" not in await by_name(runtime)
    left = await roles.role_of(runtime.db, anna)
    assert left
    assert left.id == EVERYONE
    log = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    assert [f"{entry.action} {entry.target_kind}" for entry in log] == [
        "destroy user_role", "update user_role", "change_role user", "create user_role",
    ]  # fmt: skip


async def test_who_has_a_role_may_no_longer_what_it_loses(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    mo = await make_member(runtime, "mo", role="moderator", password=PASSWORD)
    kept = {"name": "Moderator", "position": 10, "permissions[]": "MANAGE_APPEALS"}
    await press(client, f"{PATH}/{MODERATOR}", **kept)
    await enter(client, mo)
    assert (await client.get("/desk/presets")).status_code == 403
    assert (await client.get("/desk")).headers["location"] == "/desk/accounts"
    assert (await client.get("/desk/accounts")).status_code == 200


async def test_nobody_goes_beyond_their_own_role(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    before = await roles.list_roles(runtime.db)
    page = await text_of(client, PATH)
    assert {*re.findall(rf'{PATH}/(\w+)"', page)} == {str(ADMIN), str(MODERATOR), "everyone"}
    assert 'value="ADMINISTRATOR" disabled' in page
    assert (await client.get(f"{PATH}/{OWNER}")).status_code == 403
    token = {"csrf": proof(client)}
    for number, form, status in (
        (OWNER, {"name": "Owner", "position": 1000}, 403),
        (MODERATOR, {"name": "Moderator", "position": 101}, 422),
        (MODERATOR, {"do": "delete"}, 403),  # it comes with the program
        (ADMIN, {"do": "delete"}, 403),
        ("", {"name": "x", "position": 101}, 422),
        ("", {"name": " "}, 422),
        ("", {"name": "x", "color": "red"}, 422),
        ("", {"name": "MODERATOR"}, 422),
        ("", {"name": "x", "position": 10**12}, 422),
    ):
        path = f"{PATH}/{number}" if number else PATH
        answer = await client.post(path, data=token | form)
        assert answer.status_code == status, (number, form)
    assert await roles.list_roles(runtime.db) == before
    # What somebody above gave stays, although a form cannot say so; nothing else is granted.
    await runtime.db.execute("UPDATE roles SET permissions = 1 WHERE id = 1")
    await runtime.db.execute("UPDATE roles SET permissions = 131088 WHERE id = 2")  # no users
    asked = ["ADMINISTRATOR", "MANAGE_USERS", "MANAGE_REPORTS", "nonsense", "name"]
    await press(client, PATH, name="Little", **{"permissions[]": asked})
    assert (await by_name(runtime))["Little"].permissions == REPORTS
    await press(client, f"{PATH}/{MODERATOR}", name="Mod", position=10)
    assert (await by_name(runtime))["Mod"].permissions == 1


async def test_of_the_own_role_only_its_looks_are_changed(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    before = (await by_name(runtime))["Admin"]
    await press(
        client, f"{PATH}/{ADMIN}", name="Chief", position=1, **{"permissions[]": "MANAGE_REPORTS"}
    )
    after = (await by_name(runtime))["Chief"]
    assert (after.permissions, after.position) == (before.permissions, before.position)
    assert not after.highlighted


async def test_everyone_gets_nothing_that_is_about_others(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    asked = ["INVITE_USERS", "MANAGE_EMAIL_SUBSCRIPTIONS", "MANAGE_REPORTS"]
    await press(client, f"{PATH}/everyone", **{"permissions[]": asked})
    everyone = await roles.get_role(runtime.db, EVERYONE)
    safe = Permission.INVITE_USERS | Permission.MANAGE_EMAIL_SUBSCRIPTIONS
    assert (everyone.permissions, everyone.position, everyone.name) == (safe, -1, "")
    assert (await client.get(f"{PATH}/99999")).status_code == 404


async def test_a_role_is_given_to_whom_is_below_and_not_above_ones_own(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, member: Api
) -> None:
    anna = int((await member.get(ME))["id"])
    olga = await make_member(runtime, "olga", role="owner")
    peer = await make_member(runtime, "peer", role="admin")
    page = await text_of(client, f"/desk/accounts/{anna}")
    form = page[page.index('id="role_id"') :]
    offered = re.findall(r'<option value="(-?\d+)"', form[: form.index("</select>")])
    assert {*offered} == {str(EVERYONE), str(MODERATOR), str(ADMIN)}
    token = {"csrf": proof(client), "do": "role"}
    for who, role_id, status in (
        (anna, OWNER, 403), (olga.id, EVERYONE, 403), (peer.id, EVERYONE, 403),
        (boss.id, EVERYONE, 403), (anna, 77, 404),
    ):  # fmt: skip
        answer = await client.post(f"/desk/accounts/{who}", data=token | {"role_id": role_id})
        assert answer.status_code == status, (who, role_id)
        assert who == anna or 'id="role_id"' not in await text_of(client, f"/desk/accounts/{who}")
    # A lower role that may more is not theirs to give.
    await runtime.db.execute("UPDATE roles SET permissions = 1 WHERE id = 1")
    answer = await client.post(f"/desk/accounts/{anna}", data=token | {"role_id": MODERATOR})
    assert answer.status_code == 403
    assert (await roles.count_members(runtime.db))[EVERYONE] == 1


@pytest.mark.parametrize("path", [PATH, f"{PATH}/everyone", f"{PATH}/{MODERATOR}"])
async def test_it_takes_the_permission_and_a_form_from_here(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account, path: str
) -> None:
    before = await roles.list_roles(runtime.db)
    form = {"name": "x", "permissions[]": "MANAGE_REPORTS"}
    assert (await client.post(path, data=form)).status_code == 403
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    assert (await client.get(path)).status_code == 403
    assert (await client.post(path, data=form | {"csrf": proof(client)})).status_code == 403
    assert await roles.list_roles(runtime.db) == before
