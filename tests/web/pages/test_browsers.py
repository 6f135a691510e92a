import pytest

from web.pages.browsers import browser_name

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (f"(Windows NT 10.0) {_WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (f"(Linux; Android 16) {_WEBKIT} Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        (f"(iPhone; CPU iPhone OS 19_0 like Mac OS X) {_WEBKIT} Safari/604.1", "Safari, iPhone"),
        ("curl/8.14.1", "curl/8.14.1"),
        ("", "?"),
    ],
)
def test_a_browser_is_told_in_two_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name
