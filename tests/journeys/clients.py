"""A member in a browser without JavaScript, as far as the OAuth code flow needs one."""

import re
from html import unescape

import httpx

from tests.forms import PASSWORD, hidden


def allow(url: str, login: str, password: str = PASSWORD) -> str:
    """Open an authorisation address, sign in, allow; gives the code that the page shows."""
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(url)
        if "/auth/sign_in" in str(page.url):
            form = hidden(page.text) | {"login": login, "password": password}
            page = browser.post(str(page.url.copy_with(query=None)), data=form)
        assert page.status_code == 200, page.text
        answer = browser.post(
            str(page.url.copy_with(query=None)), data=hidden(page.text) | {"allow": "yes"}
        )
        shown = re.search(r'id="code" value="([^"]+)"', answer.text)
        assert shown, answer.text
        return unescape(shown[1])
