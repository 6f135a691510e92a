import pytest

from server.text.compose import compose_html
from server.text.links import card_address, first_link, has_link

OWN = "https://chat.example.org"


QUOTE = '<p class="quote-inline">RE: <a href="https://q.example/1">1</a></p>'


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<p><a href="https://a.example/x?y=1&amp;z=2">x</a></p>', "https://a.example/x?y=1&z=2"),
        ('<a href="https://a.example">1</a><a href="https://b.example">2</a>', "https://a.example"),
        ('<a class="u-url mention" href="https://a.example/@b">@b</a>', None),
        ('<a class="mention hashtag" rel="tag" href="https://a.example/tags/b">#b</a>', None),
        ('<a rel="tag" href="https://a.example/tags/b">#b</a>', None),
        ('<a href="https://known.example/@b">b</a>', None),
        ('<a href="https://chat.example.org/@anna">b</a>', None),
        (
            '<a href="https://chat.example.org.evil.example/">b</a>',
            "https://chat.example.org.evil.example/",
        ),
        ('<a href="javascript:alert(1)">b</a><a href="gemini://a.example">b</a>', None),
        ('<a href="https://[::1">b</a>', None),
        (QUOTE + '<p><a href="https://a.example/">1</a></p>', "https://a.example/"),
        ("no link", None),
    ],
)
def test_the_first_link_that_is_a_page_of_somebody_else(html: str, link: str | None) -> None:
    assert first_link(html, OWN, ["https://known.example/@b"]) == link


def test_mentions_and_hashtags_alone_are_not_worth_a_look() -> None:
    html = compose_html(
        "@anna #tea", {("anna", None): f"{OWN}/@anna"}, lambda name: f"{OWN}/{name}"
    )
    assert html.count("href=") == 2
    assert not has_link(html)
    assert has_link(compose_html("#tea https://a.example", {}, lambda name: f"{OWN}/{name}"))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://A.example", "https://a.example/"),
        ("https://a.example/x?utm_source=b&y=1&UTM_medium=c#part", "https://a.example/x?y=1"),
        ("https://a.example/x?b=&a=%20", "https://a.example/x?b=&a=%20"),
        ("http://a.example:8080/", "http://a.example:8080/"),
        ("ftp://a.example/", None),
        ("https://user@a.example/", None),
        ("https://a.example:99999/", None),
        ("https:///x", None),
        ("https://a.example/ x", None),
        ("https://a.example/" + "x" * 2000, None),
        ("https://a.example/?" + "utm_a=1&" * 5000, "https://a.example/"),
    ],
)
def test_cards_are_kept_by_an_address_without_trackers(url: str, address: str | None) -> None:
    assert card_address(url) == address
