"""Players and pictures that pages name for their links: nothing of theirs runs here."""

from typing import Any

from server.runtime import Runtime
from tests.makers import Api, run_jobs
from tests.server.remote.test_cards import TITLE, card_of, site
from tests.website import Website

__all__ = ["site"]  # a fixture


async def test_of_a_video_only_the_address_of_its_player_is_taken(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    link = '<link rel="alternate" type="application/json+oembed" href="/o{}.json">'
    answers: list[tuple[dict[str, Any], str, str]] = [
        (
            {
                "type": "video",
                "title": "T",
                "width": 640,
                "height": "360",
                "html": '<script>alert(1)</script><iframe src="https://tube.example/e?a=1&amp;b=&quot;&gt;<x>"'
                ' onload="alert(1)" srcdoc="<script>"></iframe>',
            },
            "video",
            "tube.example",
        ),
        ({"type": "video", "html": '<iframe src="javascript:alert(1)"></iframe>'}, "link", ""),
        ({"type": "video", "html": '<iframe src="http://plain.example/"></iframe>'}, "link", ""),
        ({"type": "video", "html": "<script src='https://a.example/'></script>"}, "link", ""),
        ({"type": "rich", "html": '<iframe src="https://a.example/"></iframe>'}, "link", ""),
        ({"type": "photo", "url": "javascript:alert(1)"}, "link", ""),
        (
            {"type": "photo", "url": "https://127.0.0.1:1/p.png", "width": 9, "height": 8},
            "photo",
            "",
        ),
    ]
    for n, (answer, kind, host) in enumerate(answers):
        site.json(f"/o{n}.json", answer)
        url = site.page(f"/{n}", TITLE + link.format(n))
        post = await anna.post("/api/v1/statuses", status=url)
        await run_jobs(runtime)
        card = await card_of(anna, post["id"])
        assert card["type"] == kind, n
        assert host in card["html"]
        assert bool(card["html"]) == (kind == "video")
        for part in ("script>", "onload", "srcdoc", "javascript", "<x>"):
            assert part not in card["html"]
            assert part not in card["embed_url"]
    assert (card["embed_url"], card["width"]) == ("https://127.0.0.1:1/p.png", 9)


async def test_a_player_of_twitter_s_card_is_framed_by_us(
    site: Website, runtime: Runtime, anna: Api
) -> None:
    url = site.page(
        "/a",
        TITLE + '<meta name="twitter:player" content="https://tube.example/e">'
        '<meta name="twitter:player:width" content="300">',
    )
    post = await anna.post("/api/v1/statuses", status=url)
    await run_jobs(runtime)
    card = await card_of(anna, post["id"])
    assert (card["type"], card["width"]) == ("video", 300)
    assert card["html"].startswith('<iframe src="https://tube.example/e" width="300"')
