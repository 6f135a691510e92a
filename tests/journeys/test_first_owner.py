"""The first person opens the link that `up` printed, becomes owner and signs in an app."""

from urllib.parse import urlencode

import httpx
import pytest

from tests.journeys.conftest import OpenPage
from tests.servers import Instance

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
PASSWORD = "the corridor is open"


@pytest.mark.browser
def test_the_first_person_becomes_owner_and_lets_an_app_in(open_page: OpenPage) -> None:
    with Instance() as instance:
        link = instance.wait_for_output(rf"{instance.url}/\S+")
        page = open_page(False)
        page.goto(link)
        page.fill("[name=username]", "olga")
        page.fill("[name=email]", "olga@example.org")
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("main button")
        assert instance.command("user", "list").split() == [
            "olga",
            "olga@example.org",
            "owner",
        ]
        assert httpx.get(link, timeout=60).status_code == 410, "it works once"
        assert instance.command("owner-link") == ""

        app = httpx.post(
            f"{instance.url}/api/v1/apps",
            json={"client_name": "Corridor", "redirect_uris": OUT_OF_BAND, "scopes": "read"},
            timeout=60,
        ).json()
        wish = {
            "client_id": app["client_id"],
            "redirect_uri": OUT_OF_BAND,
            "response_type": "code",
            "scope": "read",
        }
        page.context.clear_cookies()
        page.goto(f"{instance.url}/oauth/authorize?{urlencode(wish)}")
        page.fill("[name=login]", "olga@example.org")
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("main button")
        assert "Corridor" in page.inner_text("main")
        page.click("button[name=allow][value=yes]")
        code = page.input_value("#code")
        token = httpx.post(
            f"{instance.url}/oauth/token",
            json={
                **wish,
                "grant_type": "authorization_code",
                "code": code,
                "client_secret": app["client_secret"],
            },
            timeout=60,
        ).json()
        me = httpx.get(
            f"{instance.url}/api/v1/accounts/verify_credentials",
            headers={"Authorization": f"Bearer {token['access_token']}"},
            timeout=60,
        ).json()
        assert me["username"] == "olga"
