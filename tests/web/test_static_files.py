"""Files of our own: kept by browsers, and loaded anew when they have changed."""

import re

import httpx

from web.static_files import static_path


async def test_files_are_kept_under_a_mark_of_what_is_in_them(client: httpx.AsyncClient) -> None:
    page = await client.get("/auth/sign_in", headers={"Accept": "text/html"})
    paths = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert paths == {static_path(name) for name in ("style.css", "passkeys.js", "icon.svg")}
    for path in paths:
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        known = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert known.status_code == 304
    plain = await client.get("/static/style.css")
    assert plain.headers["cache-control"] == "public, max-age=86400"
    assert (await client.get("/static/%2e%2e/app.py")).status_code == 404
