"""Whom we believe about the pages behind links, and where we go for them."""

from dataclasses import replace

import pytest

from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from tests.makers import Api, run_jobs
from tests.neighbour import neighbour
from tests.server.remote.test_cards import TITLE, card_of, site
from tests.website import Website

__all__ = ["site"]  # a fixture


async def test_a_host_that_federation_may_reach_is_none_for_pages(runtime: Runtime) -> None:
    import dataclasses

    from federation.errors import Malformed, NotAllowed
    from federation.transport.fetch import fetch_page
    from server.runtime import open_runtime

    settings = dataclasses.replace(
        runtime.settings,
        origin="https://chat.example.org",
        federation_private_hosts=("localhost=127.0.0.0/8", "10.0.0.1=10.0.0.0/8"),
        secret_key="",
    )
    async with open_runtime(settings) as other:
        assert other.http.policy.private_hosts
        for url in (
            "https://10.0.0.1/",
            "http://10.0.0.1/",
            "http://127.0.0.1/",
            "https://169.254.169.254/",
            "http://localhost/",
            "ftp://a.example/",
        ):
            with pytest.raises((NotAllowed, Malformed)):
                await fetch_page(other.open_web, url)


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_a_preview_that_came_along_is_shown_only_from_trusted_servers(
    site: Website, runtime: Runtime, anna: Api, is_trusted: bool
) -> None:
    settings = replace(
        runtime.settings, federation_trusted_previews=("127.0.0.1",) if is_trusted else ("x.y",)
    )
    trusting = replace(runtime, settings=settings)
    picture, url = site.picture("/cake.png"), site.page("/tea", TITLE)
    with neighbour() as home:
        preview = {
            "type": "Article",
            "name": "As <b>they</b> say\n",
            "summary": "All of it",
            "image": {"type": "Image", "url": picture, "name": "A cup"},
        }
        note = home.note(
            home.actor("bob"),
            "1",
            f'<p><a href="{url}">tea</a></p>',
            attachment=[{"type": "Link", "href": url, "preview": preview}],
        )
        status = await find_or_fetch_status(trusting, note["id"])
        await run_jobs_late(runtime)
    card = await card_of(anna, status.id)
    assert (card["url"], card["title"]) == (
        url,
        "As <b>they</b> say" if is_trusted else "Tea & cake",
    )
    if is_trusted:
        assert card["provider_name"] == "127.0.0.1"
        assert (card["description"], card["image_description"]) == ("All of it", "A cup")
        assert card["image"].startswith(runtime.settings.media_base_url)
    assert ("/tea" in site.asked) is not is_trusted


async def run_jobs_late(runtime: Runtime) -> None:
    """Run what waits, also what was put off for a while."""
    await runtime.db.execute("UPDATE jobs SET run_at = now()")
    await run_jobs(runtime)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("nytimes.com", "127.0.0.1"), ("The Times", "The Times"), ("127.0.0.1", "127.0.0.1")],
)
async def test_a_site_is_not_shown_by_another_host_s_name(
    site: Website, runtime: Runtime, anna: Api, name: str, shown: str
) -> None:
    url = site.page("/tea", f'{TITLE}<meta property="og:site_name" content="{name}">')
    post = await anna.post("/api/v1/statuses", status=f"look {url}")
    await run_jobs(runtime)
    assert (await card_of(anna, post["id"]))["provider_name"] == shown
