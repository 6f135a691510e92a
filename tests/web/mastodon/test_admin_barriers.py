"""Networks and e-mail addresses that are kept out, by the Admin API."""

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log
from server.store.pages import Page
from tests.makers import Api, make_member, make_token

PATH = "/api/v1/admin"


@pytest.fixture
async def olga(runtime: Runtime, client: httpx.AsyncClient) -> Api:
    owner = await make_member(runtime, "olga", role="owner")
    return Api(client, await make_token(runtime, owner, "read admin:read admin:write"))


async def test_networks(olga: Api, runtime: Runtime) -> None:
    path = f"{PATH}/ip_blocks"
    made = await olga.post(
        path, ip="192.0.2.7", severity="sign_up_block", comment="spam", expires_in=3600
    )
    assert (made["ip"], made["severity"]) == ("192.0.2.7/32", "sign_up_block")
    changed = await olga("PUT", f"{path}/{made['id']}", json={"severity": "no_access"})
    assert changed.json() == {**made, "severity": "no_access"}
    forever = await olga("PUT", f"{path}/{made['id']}", json={"expires_in": 0})
    assert forever.json()["expires_at"] is None
    for wrong in (
        {"ip": "192.0.2.7", "severity": "no_access"},
        {"ip": "here", "severity": "no_access"},
        {"severity": "no_access"},
        {"ip": "10.0.0.1"},
        {"ip": "10.0.0.1", "severity": "kill"},
    ):
        assert (await olga("POST", path, json=wrong)).status_code == 422
    assert await olga.get(path) == [forever.json()]
    assert (await olga("DELETE", f"{path}/{made['id']}")).json() == {}
    assert (await olga("GET", f"{path}/{made['id']}")).status_code == 404
    acts = await audit_log.entry_page(runtime.db, Page(10), target_kind="ip_block")
    assert [act.action for act in acts] == ["destroy", "update", "update", "create"]


@pytest.mark.usefixtures("one_day")
async def test_e_mail_domains(olga: Api) -> None:
    path = f"{PATH}/email_domain_blocks"
    made = await olga.post(path, domain="Bad.example")
    assert (made["domain"], len(made["history"])) == ("bad.example", 7)
    again = await olga("POST", path, json={"domain": "bad.example"})
    assert again.json() == {"error": "Validation failed: Domain has already been taken"}
    assert await olga.get(path) == [made]
    assert (await olga("DELETE", f"{path}/{made['id']}")).json() == {}
    assert (await olga("DELETE", f"{path}/{made['id']}")).status_code == 404


async def test_single_addresses(olga: Api) -> None:
    path = f"{PATH}/canonical_email_blocks"
    made = await olga.post(path, email="Some.One+x@mail.example")
    again = await olga("POST", path, json={"canonical_email_hash": made["canonical_email_hash"]})
    error = "Validation failed: Canonical email hash has already been taken"
    assert (again.status_code, again.json()) == (422, {"error": error})
    assert (await olga("POST", f"{path}/test", json={})).status_code == 400
    assert await olga.post(f"{path}/test", email="someone@mail.example") == [made]
    assert await olga.post(f"{path}/test", email="other@mail.example") == []
    assert (await olga("POST", path, json={"canonical_email_hash": "x"})).status_code == 422
    assert (await olga("DELETE", f"{path}/{made['id']}")).json() == {}
    assert await olga.get(path) == []
