import httpx

from server.settings import Settings
from tests.makers import served


async def test_programs_are_told_where_they_may_go(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    text = (await client.get("/robots.txt")).text
    assert "Disallow: /media_proxy/\n" in text
    assert "Disallow: /\n" not in text
    async with served(settings, require_sign_in=True) as closed:
        assert (await closed("GET", "/robots.txt")).text == "User-agent: *\nDisallow: /\n"
