"""Whom moderators find, and what they get to hear when something cannot be."""

import httpx
import pytest

from server.identity.permissions import Permission
from server.runtime import Runtime
from server.store.accounts import Account
from tests.makers import Api, make_member, make_remote, make_token

OLD, NEW = "/api/v1/admin/accounts", "/api/v2/admin/accounts"


@pytest.fixture
async def mo(runtime: Runtime, client: httpx.AsyncClient) -> Api:
    moderator = await make_member(runtime, "mo", role="moderator")
    return Api(client, await make_token(runtime, moderator, "admin:read admin:write"))


@pytest.fixture
async def people(runtime: Runtime, mo: Api) -> dict[str, Account]:
    """One in each state, beside the moderator."""
    found = {
        name: await make_member(runtime, name)
        for name in ("disabled", "pending", "sensitized", "silenced", "suspended")
    }
    for table, column, name in (
        ("users", "disabled_at", "disabled"),
        ("accounts", "sensitized_at", "sensitized"),
        ("accounts", "silenced_at", "silenced"),
        ("accounts", "suspended_at", "suspended"),
    ):
        key = "id" if table == "accounts" else "account_id"
        await runtime.db.execute(
            f"UPDATE {table} SET {column} = now() WHERE {key} = $1", found[name].id
        )
    await runtime.db.execute(
        "UPDATE users SET approved_at = NULL WHERE account_id = $1", found["pending"].id
    )
    return {**found, "remy": await make_remote(runtime)}


async def found_by(mo: Api, people: dict[str, Account], path: str, query: str) -> list[str]:
    answer = await mo("GET", f"{path}?{query.format(domain=people['remy'].domain)}")
    return sorted(one["username"] for one in answer.json())


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "disabled mo pending sensitized silenced"),
        ("local=false", "disabled mo pending sensitized silenced"),
        ("remote=true", "remy"),
        ("remote=true&by_domain={domain}", "remy"),
        ("by_domain={domain}", "remy"),
        ("by_domain=other.example", ""),
        ("suspended=1", "suspended"),
        ("active=1&pending=1", "pending"),
        ("disabled=1", "disabled"),
        ("silenced=1", "silenced"),
        ("sensitized=1", "sensitized"),
        ("staff=1", "mo"),
        ("username=@mo", "mo"),
        ("username=o", ""),
        ("email=%20mo@", "mo"),
        ("ip=nowhere", ""),
    ],
)
async def test_the_first_version_finds_by_switches(
    mo: Api, people: dict[str, Account], query: str, names: str
) -> None:
    assert await found_by(mo, people, OLD, query) == names.split()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "disabled mo pending remy sensitized silenced suspended"),
        ("origin=local&status=active&permissions=staff", "mo"),
        ("status=suspended", "suspended"),
        ("status=pending", "pending"),
        ("by_domain={domain}&origin=remote", "remy"),
        ("role_ids[]=1", "mo"),
    ],
)
async def test_the_second_version_finds_by_names(
    mo: Api, people: dict[str, Account], query: str, names: str
) -> None:
    assert await found_by(mo, people, NEW, query) == names.split()


async def test_staff_is_who_may_look_after_reports(
    mo: Api, people: dict[str, Account], runtime: Runtime
) -> None:
    await runtime.db.execute(
        "UPDATE roles SET permissions = $1 WHERE id = 2", Permission.MANAGE_SETTINGS.value
    )
    await make_member(runtime, "sue", role="admin")
    assert [one["username"] for one in await mo.get(OLD, staff="1")] == ["mo"]


async def test_a_word_that_there_is_not(mo: Api) -> None:
    for name in ("origin", "status"):
        answer = await mo("GET", f"{NEW}?{name}=odd")
        assert (answer.status_code, answer.json()) == (400, {"error": f"Unknown {name}: odd"})


async def test_what_cannot_be_done_is_refused(mo: Api, people: dict[str, Account]) -> None:
    path = f"{OLD}/{people['disabled'].id}"
    for act in ("approve", "reject", "unsuspend"):
        answer = await mo("POST", f"{path}/{act}")
        assert (answer.status_code, answer.json()) == (403, {"error": "This action is not allowed"})
        assert (await mo("POST", f"{OLD}/-1/{act}")).status_code == 404
    for body in ({}, {"type": "odd"}, {"type": "delete_statuses"}):
        answer = await mo("POST", f"{path}/action", json=body)
        assert answer.json() == {"error": "Validation failed: Type is not included in the list"}
        assert answer.status_code == 422
