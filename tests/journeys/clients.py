"""A member in a browser without JavaScript, as far as the OAuth code flow needs one."""

import re
from html import unescape

import httpx

PASSWORD = "correct horse battery"


def allow(url: str, login: str, password: str = PASSWORD) -> str:
    """Open an authorisation address, sign in, allow; gives the code that the page shows."""
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(url)
        if "/auth/sign_in" in str(page.url):
            form = hidden_fields(page.text) | {"login": login, "password": password}
            page = browser.post(str(page.url.copy_with(query=None)), data=form)
        assert page.status_code == 200, page.text
        answer = browser.post(
            str(page.url.copy_with(query=None)), data=hidden_fields(page.text) | {"allow": "yes"}
        )
        shown = re.search(r'id="code" value="([^"]+)"', answer.text)
        assert shown, answer.text
        return unescape(shown[1])


def hidden_fields(html: str) -> dict[str, str]:
    """Names and values of a page's hidden inputs, without those of its header."""
    main = html.partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: unescape(value) for name, value in found}
