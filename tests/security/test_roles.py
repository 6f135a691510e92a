"""Who may do what to whom: every role at every call of the Admin API and of the desk, with
somebody else's ids; and nobody acts upon an equal or a higher role.
"""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from server.actions.report import report_account
from server.identity.permissions import Permission
from server.moderation import suspend
from server.runtime import Runtime
from server.store.accounts import Account
from server.store.reports import NewReport
from tests.forms import PASSWORD, proof
from tests.makers import Api, make_member, make_token
from tests.web.desk.test_desk import enter
from web.mastodon.admin_routes import ADMIN_ROUTES
from web.routing import Row
from web.site import SITE

ROLES = ("member", "moderator", "admin", "owner")
EVERYTHING = "admin:read admin:write"
# What a moderator may, by the word that follows /api/v1/admin/; an admin may all, a member nothing.
OF_MODERATORS = {"accounts", "reports", "trends", "tags", "measures", "dimensions", "retention"}
# Of these calls a moderator's role lacks one: data is deleted by admins.
OF_ADMINS = {("DELETE", "/api/v1/admin/accounts/{id}")}
# Whom these are about; else whom a report is about.
SPECIAL = {
    ("DELETE", "/api/v1/admin/accounts/{id}"): "suspended",
    ("POST", "/api/v1/admin/accounts/{id}/unsuspend"): "to be brought back",
    ("POST", "/api/v1/admin/accounts/{id}/approve"): "waiting",
    ("POST", "/api/v1/admin/accounts/{id}/reject"): "to be rejected",
}
# Pages of the desk that a moderator's role opens; all others are for admins.
DESK_OF_MODERATORS = {
    "/desk",
    "/desk/reports/{id}",
    "/desk/accounts",
    "/desk/accounts/{id}",
    "/desk/presets",
    "/desk/log",
    "/desk/trends",
    "/desk/trends/tags/{id}",
}


@dataclass
class House:
    """People of every role, somebody who was reported, is suspended, or waits."""

    people: dict[str, Account]
    apis: dict[str, Api]
    ids: dict[str, int]


@pytest.fixture
async def house(runtime: Runtime, client: httpx.AsyncClient) -> House:
    people = {
        role: await make_member(runtime, f"one_{role}", role=role, password=PASSWORD)
        for role in ROLES
    }
    apis = {
        role: Api(client, await make_token(runtime, one, EVERYTHING))
        for role, one in people.items()
    }
    ben = await make_member(runtime, "ben")
    carl, cora = [await make_member(runtime, name) for name in ("carl", "cora")]
    for one in (carl, cora):
        await suspend.suspend_account(runtime, one.id)
    report = await report_account(
        runtime, people["member"].id, NewReport(ben.id, "", "spam", [], [], [])
    )
    waiting = [await make_member(runtime, name) for name in ("nora", "noor")]
    await runtime.db.execute(
        "UPDATE users SET approved_at = NULL WHERE account_id = ANY($1)", [w.id for w in waiting]
    )
    ids = {
        "accounts": ben.id,
        "suspended": carl.id,
        "reports": report.id,
        "waiting": waiting[0].id,
        "to be rejected": waiting[1].id,
        "to be brought back": cora.id,
    }
    return House(people, apis, ids)


def may(role: str, row: Row) -> bool:
    """What this table says, in words of its own."""
    word = row.path.split("/")[4]
    if role in {"admin", "owner"}:
        return True
    return role == "moderator" and word in OF_MODERATORS and (row.method, row.path) not in OF_ADMINS


@pytest.mark.parametrize("role", ROLES)
async def test_every_call_of_the_admin_api(house: House, stranger: Api, role: str) -> None:
    wrong = []
    for row in ADMIN_ROUTES:
        word = row.path.split("/")[4]
        number = house.ids.get(SPECIAL.get((row.method, row.path), word), 1)
        path = row.path.replace("{id}", str(number))
        answer = await house.apis[role](row.method, path, json={})
        is_refused = answer.status_code == 403
        if is_refused == may(role, row) or answer.status_code >= 500:
            wrong.append((role, row.method, path, answer.status_code, answer.text))
        if (await stranger(row.method, path, json={})).status_code != 403:
            wrong.append(("nobody", row.method, path, 0, ""))
    assert wrong == []


async def test_nobody_acts_upon_an_equal_or_a_higher_role(house: House, runtime: Runtime) -> None:
    wrong = []
    for place, role in enumerate(ROLES):
        for other, target in enumerate(ROLES):
            victim = await make_member(runtime, f"v_{role}_{target}", role=target)
            path = f"/api/v1/admin/accounts/{victim.id}"
            for act, body in (
                ("action", {"type": "silence"}),
                ("unsilence", {}),
                ("action", {"type": "suspend"}),
                ("unsuspend", {}),
            ):
                answer = await house.apis[role]("POST", f"{path}/{act}", json=body)
                expected = 200 if place > other and role != "member" else 403
                if answer.status_code != expected:
                    wrong.append((role, target, act, body, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
async def test_every_page_and_form_of_the_desk(
    house: House, client: httpx.AsyncClient, role: str
) -> None:
    await enter(client, house.people[role])
    wrong: list[Any] = []
    for row in (row for row in SITE if row.path.startswith("/desk")):
        number = house.ids["reports" if "reports" in row.path else "accounts"]
        path = row.path.replace("{id}", str(number))
        form = {"csrf": proof(client), "do": "none", "act": "none"}
        answer = await client.request(row.method, path, data=form if row.method == "POST" else None)
        is_open = role in {"admin", "owner"} or (
            role == "moderator" and row.path in DESK_OF_MODERATORS
        )
        if (answer.status_code == 403) == is_open or answer.status_code >= 500:
            wrong.append((row.method, path, answer.status_code))
        if row.method == "POST":
            forged = await client.post(path, data={**form, "csrf": "forged"})
            if forged.status_code != 403:
                wrong.append(("forged", path, forged.status_code))
    assert wrong == []


# What each permission opens of the Admin API, by the word that follows /api/v1/admin/, as the
# policies of Mastodon say; the others open nothing of it.
OPENED = {
    Permission.VIEW_DASHBOARD: {"measures", "dimensions", "retention"},
    Permission.MANAGE_REPORTS: {"reports"},
    Permission.MANAGE_FEDERATION: {"domain_blocks", "domain_allows"},
    Permission.MANAGE_BLOCKS: {"ip_blocks", "email_domain_blocks", "canonical_email_blocks"},
    Permission.MANAGE_TAXONOMIES: {"trends", "tags"},
    Permission.MANAGE_USERS: {"accounts"},
    Permission.DELETE_USER_DATA: {"accounts: DELETE"},
}


@pytest.mark.parametrize("permission", Permission)
async def test_each_permission_opens_its_calls_and_no_others(
    house: House, runtime: Runtime, permission: Permission
) -> None:
    await runtime.db.execute("UPDATE roles SET permissions = $1 WHERE id = 2", permission.value)
    verdicts: dict[str, set[bool]] = {}
    for row in ADMIN_ROUTES:
        word = row.path.split("/")[4]
        word = "accounts: DELETE" if (row.method, row.path) in OF_ADMINS else word
        number = house.ids.get(SPECIAL.get((row.method, row.path), word), 1)
        answer = await house.apis["admin"](
            row.method, row.path.replace("{id}", str(number)), json={}
        )
        verdicts.setdefault(word, set()).add(answer.status_code != 403)
    is_all = permission is Permission.ADMINISTRATOR
    opened = verdicts.keys() if is_all else OPENED.get(permission, set())
    assert verdicts == {word: {word in opened} for word in verdicts}
