import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text.compose import (
    compose_html,
    count_characters,
    handles_in,
    hashtags_in,
    link_html,
)
from server.text.entities import find_entities
from server.text.sanitize import sanitize_html
from server.text.typed import link_entities, markdown_html
from tests.processor import takes_less_than

URLS = {("anna", None): "https://h/@anna", ("ben", "b.example"): "https://b.example/@ben"}


def html(text: str) -> str:
    return compose_html(text, URLS, lambda name: f"https://h/tags/{name}")


def test_mentions_hashtags_and_links_as_mastodon_makes_them() -> None:
    assert html("@anna") == (
        '<p><span class="h-card" translate="no"><a href="https://h/@anna" class="u-url mention">'
        "@<span>anna</span></a></span></p>"
    )
    assert html("#Tést") == (
        '<p><a href="https://h/tags/test" class="mention hashtag" rel="tag">'
        "#<span>Tést</span></a></p>"
    )
    assert html("https://www.example.org/a/very/long/path/that/goes/on") == (
        '<p><a href="https://www.example.org/a/very/long/path/that/goes/on" target="_blank" '
        'rel="nofollow noopener" translate="no"><span class="invisible">https://www.'
        '</span><span class="ellipsis">example.org/a/very/long/path/t</span>'
        '<span class="invisible">hat/goes/on</span></a></p>'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "<p>a<br />b</p>"),
        ("a\n\n\nb", "<p>a</p><p>b</p>"),
        ('<b> & "c"', "<p>&lt;b&gt; &amp; &quot;c&quot;</p>"),
        ("it's", "<p>it&#39;s</p>"),
        ("@nobody", "<p>@nobody</p>"),
        ("   ", ""),
    ],
)
def test_paragraphs_and_escapes(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@Anna, @ben@b.example!", [("anna", None), ("ben", "b.example")]),
        ("mail me@example.org", []),
        ("https://a.example/@anna", []),
        (
            "@ben@localhost:3001 @ben@127.0.0.2:80",
            [("ben", "localhost:3001"), ("ben", "127.0.0.2:80")],
        ),
        ("(@anna)", [("anna", None)]),
        ("@anna日本 @anna@", [("anna", None)]),
        ("@anna://x @ännä", []),
        ("@ben@hæresiar.example.", [("ben", "hæresiar.example")]),
    ],
)
def test_who_is_named(text: str, handles: list[tuple[str, str | None]]) -> None:
    assert handles_in(text) == handles


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#one #Two #one", ["one", "Two"]),
        ("#123 ## #", []),
        ("https://a.example/#x a#b", []),
        ("＃wide #a・b #a·", ["wide", "a・b", "a"]),
        ("#a1 #1a #under_score #日本", ["a1", "1a", "under_score", "日本"]),
        ("#हिन्दी, #தமிழ் #မြန်မာ.", ["हिन्दी", "தமிழ்", "မြန်မာ"]),
        ("#עִבְרִית #العَرَبِيَّة #ภาษาไทย", ["עִבְרִית", "العَرَبِيَّة", "ภาษาไทย"]),
        ("#e\u0301te\u0301 #été #\u0301a #·a #heart❤️", ["e\u0301te\u0301", "heart"]),
        ("#hashtaghttps://a.example #ahttp #https://", ["hashtag", "ahttp", "https"]),
    ],
)
def test_hashtags(text: str, tags: list[str]) -> None:
    assert hashtags_in(text) == tags


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (
            "(https://a.example/) https://a.example/x!",
            ["https://a.example/", "https://a.example/x"],
        ),
        ("https://a.example/b_(c)_d).", ["https://a.example/b_(c)_d"]),
        ("https://a.example/(b", ["https://a.example/"]),
        ("「[https://a.example/」", ["https://a.example/"]),
        ("見てhttps://a.example/日本", ["https://a.example/日本"]),
        ("https://a.example/\u3000b", ["https://a.example/"]),
        ("https://a.example/TW@ x", ["https://a.example/TW@"]),
        ("https://a.example?q=✓&b=%E2%9C%93, x", ["https://a.example?q=✓&b=%E2%9C%93"]),
        ('https://a.example/?q="b"', ["https://a.example/?q="]),
        ("http://a.example: x", ["http://a.example"]),
        ("http://www\\.a\\.example https://me@a.example/", []),
        ("http://wiki:8080/page", ["http://wiki:8080/page"]),
        ("xmpp:muc@a.example?join now", ["xmpp:muc@a.example?join"]),
        ("a magnet:?xt=urn:btih:c12f", ["magnet:?xt=urn:btih:c12f"]),
        ('magnet:? magnet:?. magnet:?"x"', []),
    ],
)
def test_links(text: str, links: list[str]) -> None:
    assert [e.value for e in find_entities(text) if e.kind == "link"] == links


def test_one_character_more_is_shown_instead_of_dots() -> None:
    path = "x" * 19
    assert f'<span class="">example.org/{path}</span>' in link_html(f"https://example.org/{path}")
    assert '<span class="ellipsis">' in link_html(f"https://example.org/{path}x")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("abc", 3),
        ("https://example.org/" + "x" * 200, 23),
        ("@ben@very.long.example hi", 7),
        ("é👩‍👩‍👧🇳🇱", 3),
        ("🏳️‍⚧️✨", 2),
        (f"@ben@{'b' * 249}.com", 4),
        (f"@ben@{'b' * 250}.com", 259),
        ("magnet:?xt=urn:btih:c12f", 24),
        ("(https://a.org/x_(y)).", 26),
    ],
)
def test_characters_are_counted_as_mastodon_counts(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize("odd", ["http://a/(", "http://a/?", "xmpp:", "xmpp://", "magnet:?", "@a."])
def test_to_count_a_long_text_takes_not_for_ever(odd: str) -> None:
    with takes_less_than(3):
        assert count_characters(odd * (1_000_000 // len(odd))) > 100_000
        count_characters(odd * (100_000 // len(odd)))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r")))
def test_what_we_make_is_clean_already(text: str) -> None:
    made = html(text)
    assert "<script" not in made
    assert sanitize_html(sanitize_html(made)) == sanitize_html(made)


def test_markdown_is_as_safe() -> None:
    typed = "**b** #tag @anna <script>x</script> ![i](https://a/x.png) [l](javascript:x)"
    made = link_entities(markdown_html(typed), URLS, lambda name: f"https://h/tags/{name}")
    assert "<strong>b</strong>" in made
    assert 'class="mention hashtag"' in made
    assert 'class="u-url mention"' in made
    for bad in ("<script", "<img", 'href="javascript'):
        assert bad not in made
