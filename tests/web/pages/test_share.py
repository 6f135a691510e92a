import httpx
import pytest

from server.runtime import Runtime
from tests.forms import PASSWORD, hidden, sign_in
from tests.makers import make_member


async def post(client: httpx.AsyncClient, **form: str) -> httpx.Response:
    page = await client.get("/share")
    return await client.post("/share", data=hidden(page.text) | form)


async def test_a_text_from_elsewhere_is_posted_once(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await make_member(runtime, password=PASSWORD)
    away = await client.get("/share", params={"text": "a & b", "url": "https://example.org"})
    assert away.headers["location"].startswith("/auth/sign_in?next=%2Fshare%3F")
    await sign_in(client)
    page = await client.get("/share", params={"text": "a & <b>", "url": "https://example.org"})
    assert "a &amp; &lt;b&gt;\nhttps://example.org</textarea>" in page.text
    form = hidden(page.text) | {"text": "a & b", "visibility": "public"}
    first, again = [await client.post("/share", data=form) for _ in range(2)]
    assert first.headers["location"] == again.headers["location"]
    assert "a &amp; b" in (await client.get(first.headers["location"])).text


@pytest.mark.parametrize(
    "form",
    [
        {"text": " "},
        {"text": "x" * 501},
        {"text": "x", "visibility": "everybody"},
    ],
)
async def test_what_cannot_be_posted_comes_back(
    client: httpx.AsyncClient, runtime: Runtime, form: dict[str, str]
) -> None:
    await make_member(runtime, password=PASSWORD)
    await sign_in(client)
    answer = await post(client, **form)
    assert answer.status_code == 422
    assert f"{form['text']}</textarea>" in answer.text
    assert await runtime.db.fetchval("SELECT count(*) FROM statuses") == 0
    assert (await post(client, text="x", csrf="forged")).status_code == 403


async def test_a_post_for_few_is_told_of_and_not_shown(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await make_member(runtime, password=PASSWORD)
    await sign_in(client)
    answer = await post(client, text="for followers", spoiler_text="news", visibility="private")
    assert answer.headers["location"] == "/share?posted=yes"
    assert 'role="status"' in (await client.get("/share?posted=yes")).text
    row = await runtime.db.fetchrow("SELECT visibility, spoiler_text FROM statuses")
    assert tuple(row) == ("private", "news")
