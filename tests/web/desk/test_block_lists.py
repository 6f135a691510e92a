import httpx

from server.runtime import Runtime
from server.store.domain_rules import list_rules
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import make_member, run_jobs
from tests.website import website

PATH = "/desk/block-lists"


async def test_a_moderator_reads_a_list_and_decides(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await make_member(runtime, password=PASSWORD, role="owner")
    assert (await client.get(PATH)).headers["location"].startswith("/auth/sign_in")
    await sign_in(client)
    with website() as site:
        url = site.put("/l.csv", b"#domain,#severity\nbad.example,suspend\nok.example,silence\n")
        csrf = {"csrf": hidden((await client.get(PATH)).text)["csrf"]}
        added = await client.post(PATH, data=csrf | {"act": "add", "url": url})
        assert added.status_code == 303
        await run_jobs(runtime)
    page = await client.get(PATH)
    assert "bad.example" in page.text
    ids = {
        row["domain"]: row["id"]
        for row in await runtime.db.fetch("SELECT id, domain FROM block_list_drafts")
    }
    for act, domain in (("accept", "bad.example"), ("decline", "ok.example")):
        form = csrf | {"act": act, "ids[]": str(ids[domain])}
        assert (await client.post(PATH, data=form)).status_code == 303
    assert [rule.domain for rule in await list_rules(runtime.db)] == ["bad.example"]
    assert "There is nothing to decide" in (await client.get(PATH)).text
    for wrong in ({"csrf": "x"}, {"act": "all"}, {"act": "add", "url": "nonsense"}):
        answer = await client.post(PATH, data=csrf | {"act": "add", "url": ""} | wrong)
        assert answer.status_code in {403, 422}
    nonsense = csrf | {"act": "add", "url": "nonsense"}
    told = await client.post(PATH, data=nonsense, headers={"Accept-Language": "nl"})
    assert "Een lijst heeft een adres" in told.text
    gone = csrf | {"act": "remove", "list_id": "1"}
    assert (await client.post(PATH, data=gone)).status_code == 303
    assert url not in (await client.get(PATH)).text


async def test_only_who_may_decide_about_other_servers(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await make_member(runtime, password=PASSWORD)
    await sign_in(client)
    assert (await client.get(PATH)).status_code == 403
    assert (await client.post(PATH, data={"act": "accept"})).status_code == 403
