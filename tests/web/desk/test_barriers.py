"""Networks, domains of mail and addresses are kept out at the desk."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.runtime import Runtime
from server.store import audit_log, canonical_email_blocks, email_domain_blocks, ip_blocks
from server.store.accounts import Account
from server.store.canonical_email_blocks import canonical_hash
from server.store.pages import Page
from tests.forms import PASSWORD, proof
from tests.makers import make_member
from tests.web.desk.test_desk import enter, press, text_of

PATH = "/desk/barriers"
NETWORKS, DOMAINS, ADDRESSES = (
    f"{PATH}?list={one}" for one in ("networks", "domains", "addresses")
)


async def test_a_network_is_kept_out_for_a_while(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    month = 30 * 24 * 3600
    form = {"what": " 192.0.2.7/24 ", "severity": "no_access", "comment": "<b>spam</b>"}
    await press(client, NETWORKS, **form, seconds=month)
    [block] = await ip_blocks.block_page(runtime.db, Page(9))
    assert (str(block.ip), block.severity, block.comment) == (
        "192.0.2.0/24", "no_access", "<b>spam</b>",
    )  # fmt: skip
    assert block.expires_at
    assert abs(block.expires_at - datetime.now(UTC) - timedelta(seconds=month)) < timedelta(hours=1)
    page = await text_of(client, PATH)
    assert "192.0.2.0/24" in page
    assert "&lt;b&gt;spam" in page
    await press(client, NETWORKS, delete_id=block.id)
    assert await ip_blocks.block_page(runtime.db, Page(9)) == []
    await press(client, NETWORKS, what="2001:db8::1", seconds=5)
    [block] = await ip_blocks.block_page(runtime.db, Page(9))
    assert (block.severity, block.expires_at) == ("sign_up_requires_approval", None)


async def test_a_domain_and_an_address_are_kept_out(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    await press(client, DOMAINS, what="Throw.Example", allow_with_approval="1")
    [domain] = await email_domain_blocks.block_page(runtime.db, Page(9))
    assert (domain.domain, domain.allow_with_approval) == ("throw.example", True)
    assert "throw.example" in await text_of(client, DOMAINS)
    await press(client, ADDRESSES, what="E.ve+x@far.example")
    [address] = await canonical_email_blocks.block_page(runtime.db, Page(9))
    assert address.hash == canonical_hash("eve@far.example")
    assert address.hash[:16] in await text_of(client, ADDRESSES)
    await press(client, DOMAINS, delete_id=domain.id)
    await press(client, ADDRESSES, delete_id=address.id)
    assert await email_domain_blocks.block_page(runtime.db, Page(9)) == []
    assert await canonical_email_blocks.block_page(runtime.db, Page(9)) == []
    log = await audit_log.entry_page(runtime.db, Page(9), account_id=boss.id)
    assert [f"{entry.action} {entry.target_kind}" for entry in log] == [
        "destroy canonical_email_block", "destroy email_domain_block",
        "create canonical_email_block", "create email_domain_block",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "form", "problem"),
    [
        (NETWORKS, {"what": "here"}, "geen adres en geen netwerk"),
        (
            NETWORKS,
            {"what": "127.0.0.0/8", "severity": "no_access"},
            "Je komt zelf van dit netwerk",
        ),
        (NETWORKS, {"what": "192.0.2.1", "severity": "kill"}, "keuze is er niet"),
        (NETWORKS, {"what": "192.0.2.1", "comment": "x" * 256}, "langer dan 255 tekens"),
        (NETWORKS, {"what": "198.51.100.0/24"}, "geldt al iets"),
        (DOMAINS, {"what": "no domain"}, "geen domein"),
        (DOMAINS, {"what": "bad.example"}, "staat hier al"),
        (ADDRESSES, {"what": "eve"}, "geen mailadres"),
        (ADDRESSES, {"what": "eve@bad.example"}, "staat hier al"),
    ],
)
async def test_what_cannot_be_comes_back_as_it_was_typed(
    client: httpx.AsyncClient,
    runtime: Runtime,
    boss: Account,
    path: str,
    form: dict[str, str],
    problem: str,
) -> None:
    await press(client, NETWORKS, what="198.51.100.0/24")
    await press(client, DOMAINS, what="bad.example")
    await press(client, ADDRESSES, what="eve@bad.example")
    form["csrf"] = proof(client)
    answer = await client.post(path, data=form, headers={"Accept-Language": "nl"})
    assert answer.status_code == 422
    assert problem in answer.text
    assert f'value="{form["what"]}"' in answer.text
    assert len(await ip_blocks.block_page(runtime.db, Page(9))) == 1


async def test_it_takes_the_permission_a_form_from_here_and_a_list(
    client: httpx.AsyncClient, runtime: Runtime, boss: Account
) -> None:
    assert (await client.get(f"{PATH}?list=people")).status_code == 404
    assert (await client.post(PATH, data={"what": "192.0.2.1"})).status_code == 403
    missing = {"csrf": proof(client), "delete_id": "9"}
    for path in (NETWORKS, DOMAINS, ADDRESSES):
        assert (await client.post(path, data=missing)).status_code == 404
    await enter(client, await make_member(runtime, "mo", role="moderator", password=PASSWORD))
    for path in (NETWORKS, DOMAINS, ADDRESSES):
        assert (await client.get(path)).status_code == 403
        form = {"csrf": proof(client), "what": "192.0.2.1"}
        assert (await client.post(path, data=form)).status_code == 403
    assert await ip_blocks.block_page(runtime.db, Page(9)) == []
