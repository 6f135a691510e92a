"""What clients of members need: a browser without JavaScript, as far as the OAuth code flow needs
one, and a listener to streams.
"""

import re
import threading
from html import unescape

import httpx
from mastodon import StreamListener

from tests.forms import PASSWORD, hidden


def allow(url: str, login: str, password: str = PASSWORD) -> str:
    """Open an authorisation address, sign in, allow; gives the code that the page shows."""
    with httpx.Client(follow_redirects=True, timeout=60) as browser:
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


class Listener(StreamListener):
    """Knows when its stream is open: a line comes as soon as the server listens, too.

    Mastodon.py calls a stream open before it has begun to connect, and what happens until then is
    told to nobody.
    """

    def __init__(self) -> None:
        self._opened = threading.Event()

    def handle_heartbeat(self) -> None:
        """The first line is one."""
        self._opened.set()

    def wait_until_open(self) -> None:
        """Return when it is."""
        assert self._opened.wait(120), "the stream did not open"
