"""Posts that are written as plain text, Markdown or HTML."""

from typing import Any

import pytest

from server.runtime import Runtime
from tests.makers import Api, make_remote, outgoing, run_jobs

HTML, MARKDOWN, PLAIN = "text/html", "text/markdown", "text/plain"


async def posted(api: Api, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = await api.post("/api/v1/statuses", status=text, **more)
    return found


async def test_html_is_taken_as_far_as_it_is_safe(anna: Api, ben: Api, runtime: Runtime) -> None:
    typed = (
        '<p onclick="x()">Hi <b>@ben</b> &amp; #Tea https://example.org/a</p>\n'
        '<script>alert(1)</script><img src="https://far.example/x.png">'
        '<a href="javascript:x()">no</a> <a href="https://a.example/@carl#x">yes</a> &lt;i&gt;'
    )
    post = await posted(anna, typed, content_type=HTML)
    content = post["content"]
    for bad in ("onclick", "script", "<img", "javascript", "<i>"):
        assert bad not in content, bad
    assert '<b><span class="h-card"' in content
    assert 'class="mention hashtag"' in content
    assert '<span class="">example.org/a</span>' in content
    assert "&amp;" in content
    assert "&lt;i&gt;" in content
    assert [m["acct"] for m in post["mentions"]] == ["ben"]
    assert [t["name"] for t in post["tags"]] == ["tea"]
    source = await anna.get(f"/api/v1/statuses/{post['id']}/source")
    assert (source["text"], source["content_type"]) == (typed, HTML)
    await run_jobs(runtime)
    assert len(await ben.get("/api/v1/notifications", **{"types[]": "mention"})) == 1


async def test_markdown_names_nobody_in_code(anna: Api, ben: Api) -> None:
    post = await posted(
        anna, "# Title\n`@ben #code` **#bold**\n\n- one\n- two", content_type=MARKDOWN
    )
    assert post["mentions"] == []
    assert [t["name"] for t in post["tags"]] == ["bold"]
    assert "<code>@ben #code</code>" in post["content"]
    assert "<ul><li>one</li><li>two</li></ul>" in post["content"]
    assert post["content"].startswith("<p><strong>Title</strong></p>")


async def test_plain_text_stays_as_it_was_typed(anna: Api) -> None:
    post = await posted(anna, "**b** <b>x</b>\nnext", content_type=PLAIN)
    assert post["content"] == "<p>**b** &lt;b&gt;x&lt;/b&gt;<br />next</p>"
    answer = await anna("POST", "/api/v1/statuses", json={"status": "x", "content_type": "a/b"})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["content_type", "status_content_type"])
async def test_the_default_is_a_preference(anna: Api, name: str) -> None:
    assert (await anna.get("/api/v1/preferences"))["posting:default:content_type"] == PLAIN
    answer = await anna(
        "PATCH", "/api/v1/accounts/update_credentials", data={f"source[{name}]": MARKDOWN}
    )
    assert answer.json()["source"]["status_content_type"] == MARKDOWN
    assert (await anna.get("/api/v1/preferences"))["posting:default:content_type"] == MARKDOWN
    post = await posted(anna, "**b**")
    assert "<strong>b</strong>" in post["content"]
    assert "**b**" in (await posted(anna, "**b**", content_type=PLAIN))["content"]
    wrong = await anna(
        "PATCH", "/api/v1/accounts/update_credentials", json={"source": {name: "image/png"}}
    )
    assert wrong.status_code == 422


async def test_an_edit_keeps_the_kind_and_others_hear_of_it(anna: Api, runtime: Runtime) -> None:
    remy = await make_remote(runtime)
    post = await posted(anna, f"**b** @{remy.acct}", content_type=MARKDOWN)
    edited = await anna("PUT", f"/api/v1/statuses/{post['id']}", json={"status": "*i*"})
    assert "<em>i</em>" in edited.json()["content"]
    plain = await anna(
        "PUT", f"/api/v1/statuses/{post['id']}", json={"status": "*i*", "content_type": PLAIN}
    )
    assert plain.json()["content"] == "<p>*i*</p>"
    await run_jobs(runtime)
    create = next(a for a in await outgoing(runtime) if a["type"] in {"Create", "Update"})
    assert create["object"]["source"]["mediaType"] == PLAIN


async def test_a_post_for_later_keeps_its_kind(anna: Api, runtime: Runtime) -> None:
    kept = await posted(anna, "**later**", content_type=MARKDOWN, draft=True)
    assert kept["params"]["content_type"] == MARKDOWN


async def test_the_instance_says_what_it_takes(stranger: Api) -> None:
    for version in ("v1", "v2"):
        found = (await stranger.get(f"/api/{version}/instance"))["configuration"]
        assert found["statuses"]["supported_mime_types"] == [PLAIN, MARKDOWN, HTML]
        assert found["reactions"] == {"max_reactions": 16}
