import io
import zipfile

import httpx

from server.runtime import Runtime
from server.store import archives, domain_blocks, follows, imports
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import make_member, make_status, run_jobs

EXPORT, IMPORTS = "/settings/export", "/settings/imports"


async def upload(client: httpx.AsyncClient, kind: str, body: bytes, **more: str) -> httpx.Response:
    """Choose a file on the page and send it."""
    form = hidden((await client.get(IMPORTS)).text)
    file = {"data": ("x.csv", body, "text/csv")}
    return await client.post(IMPORTS, data={**form, "kind": kind, **more}, files=file)


async def press(client: httpx.AsyncClient, path: str, button: str) -> httpx.Response:
    form = hidden((await client.get(path)).text)
    return await client.post(f"{path}{button}", data={"csrf": form["csrf"]})


async def begin(client: httpx.AsyncClient, runtime: Runtime) -> tuple[Account, str]:
    """Anna has an import that waits for her."""
    anna = await make_member(runtime, "anna", password=PASSWORD)
    await make_member(runtime, "ben", password=PASSWORD)
    await sign_in(client)
    made = await upload(client, "following", b"ben\nnobody\n=evil\n")
    assert made.status_code == 303, made.text
    return anna, made.headers["location"]


async def test_a_member_brings_a_list(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna, place = await begin(client, runtime)
    page = await client.get(place, headers={"Accept-Language": "nl"})
    assert "worden toegevoegd aan wat je hebt: 3." in page.text
    assert await follows.following_page(runtime.db, anna.id, Page(9)) == []
    assert (await client.post(f"{place}/confirm")).status_code == 403
    assert (await press(client, place, "/confirm")).status_code == 303
    await run_jobs(runtime)
    assert len(await follows.following_page(runtime.db, anna.id, Page(9))) == 1
    assert "3 of 3" in (await client.get(place)).text
    failed = await client.get(f"{place}/failures.csv")
    assert failed.text.splitlines()[1:] == ["nobody,true,false,", "'=evil,true,false,"]
    assert 'filename="following_accounts_failures.csv"' in failed.headers["content-disposition"]
    wrong = await upload(client, "muting", b"\xff\xfe")
    assert (wrong.status_code, "does not hold" in wrong.text) == (422, True)
    assert (await upload(client, "secrets", b"x")).status_code == 422
    long = await upload(client, "following", b"ben\n" * 20_001)
    assert (long.status_code, "20,000 rows" in long.text) == (422, True)


async def test_another_s_import_is_not_there(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna, place = await begin(client, runtime)
    await sign_in(client, login="ben")
    csrf = {"csrf": hidden((await client.get(IMPORTS)).text)["csrf"]}
    for path in (place, f"{place}/failures.csv", f"{IMPORTS}/1", f"{IMPORTS}/x"):
        assert (await client.get(path)).status_code == 404
    for button in ("confirm", "cancel"):
        assert (await client.post(f"{place}/{button}", data=csrf)).status_code == 404
    [found] = await imports.list_imports(runtime.db, anna.id)
    assert found.state == "unconfirmed"
    await sign_in(client)
    await press(client, place, "/cancel")
    assert await imports.list_imports(runtime.db, anna.id) == []


async def test_lists_can_be_taken_along(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna", password=PASSWORD)
    await domain_blocks.insert_block(runtime.db, anna.id, "bad.example")
    assert (await client.get("/settings/exports/lists.csv")).status_code == 302
    await sign_in(client)
    page = (await client.get(EXPORT)).text
    assert "/settings/exports/blocked_domains.csv" in page
    answer = await client.get("/settings/exports/blocked_domains.csv")
    assert (answer.text, answer.headers["content-type"]) == (
        "bad.example\n",
        "text/csv; charset=utf-8",
    )
    assert (await client.get("/settings/exports/secrets.csv")).status_code == 404


async def test_an_archive_is_its_owner_s_alone(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna", password=PASSWORD)
    await make_member(runtime, "ben", password=PASSWORD)
    await make_status(runtime, anna, "hello")
    await sign_in(client)
    assert (await press(client, EXPORT, "")).status_code == 303
    assert "is being made" in (await client.get(EXPORT)).text
    await run_jobs(runtime)
    [made] = await archives.list_archives(runtime.db, anna.id)
    place = f"{EXPORT}/archives/{made.id}"
    assert place in (await client.get(EXPORT)).text
    assert (await press(client, EXPORT, "")).status_code == 422  # once a week
    fetched = await client.get(place)
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as file:
        assert {"actor.json", "outbox.json"} <= set(file.namelist())
    assert (await client.get(f"/media/{made.file}")).status_code == 404
    await sign_in(client, login="ben")
    assert (await client.get(place)).status_code == 404
    client.cookies.clear()
    assert (await client.get(place)).status_code == 302
    # After a week it is gone.
    await runtime.db.execute("UPDATE archives SET created_at = now() - interval '8 days'")
    await runtime.media.delete(await archives.delete_old(runtime.db))
    await sign_in(client)
    assert (await client.get(place)).status_code == 404
    assert (await press(client, EXPORT, "")).status_code == 303
