import pytest

from server.runtime import Runtime
from server.store.local_accounts import set_suspended
from tests.makers import Api, make_member, make_remote, make_status

PATH = "/api/oembed"
HTML = {"Accept": "text/html"}


async def test_a_public_post_can_be_shown_elsewhere(runtime: Runtime, stranger: Api) -> None:
    anna = await make_member(runtime)
    status = await make_status(runtime, anna, "hello <b>")
    url = f"http://localhost:3000/@anna/{status}"
    found = await stranger.get(PATH, url=url)
    html = found.pop("html")
    assert html.startswith(f'<iframe src="{url}/embed" width="400" style=')
    assert found == {
        "type": "rich",
        "version": "1.0",
        "title": "Post by anna",
        "author_name": "anna",
        "author_url": "http://localhost:3000/@anna",
        "provider_name": "localhost:3000",
        "provider_url": "http://localhost:3000/",
        "cache_age": 86400,
        "width": 400,
        "height": None,
    }
    sized = await stranger.get(PATH, url=url, maxwidth="300", maxheight="200")
    assert (sized["width"], sized["height"]) == (300, 200)
    for wide in ("1", "99999999", "-5"):
        assert 220 <= (await stranger.get(PATH, url=url, maxwidth=wide))["width"] <= 1200
    page = (await stranger("GET", f"/@anna/{status}", headers=HTML)).text
    link = f"/api/oembed?url=http%3A%2F%2Flocalhost%3A3000%2F%40anna%2F{status}"
    assert f'type="application/json+oembed" href="http://localhost:3000{link}"' in page
    assert (await stranger("GET", link)).status_code == 200


async def test_the_frame_is_small_runs_nothing_and_alone_may_be_framed(
    runtime: Runtime, stranger: Api
) -> None:
    status = await make_status(runtime, await make_member(runtime), "hello <b>")
    page = await stranger("GET", f"/@anna/{status}", headers=HTML)
    frame = await stranger("GET", f"/@anna/{status}/embed", headers=HTML)
    assert "hello &lt;b&gt;" in frame.text
    assert "<script" not in frame.text
    assert "default-src 'none'" in frame.headers["content-security-policy"]
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert "x-frame-options" not in frame.headers
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "http://localhost:3000/",
        "http://localhost:3000/@anna",
        "http://localhost:3000/@anna/1",
        "http://localhost:3000/@anna/99999999999999999999",
        "https://far.example/@remy/1",
        "http://localhost:3000.evil.example/@anna/1",
    ],
)
async def test_what_is_no_post_of_ours_is_404(runtime: Runtime, stranger: Api, url: str) -> None:
    await make_member(runtime)
    await make_remote(runtime)
    answer = await stranger("GET", PATH, params={"url": url})
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


async def test_suspended_authors_and_others_names_show_nothing(
    runtime: Runtime, stranger: Api
) -> None:
    anna = await make_member(runtime)
    await make_member(runtime, "ben")
    status = await make_status(runtime, anna, "hello")
    assert (await stranger("GET", f"/@ben/{status}/embed")).status_code == 404
    for is_suspended in (True, False):
        await set_suspended(runtime.db, anna.id, is_suspended=is_suspended)
        expected = 404 if is_suspended else 200
        url = f"http://localhost:3000/@anna/{status}"
        assert (await stranger("GET", PATH, params={"url": url})).status_code == expected
        assert (await stranger("GET", f"/@anna/{status}/embed")).status_code == expected
