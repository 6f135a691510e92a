from datetime import UTC, datetime

import pytest

from server.text.page import decode_page, find_frame, names_me, read_page, read_time, size
from tests.processor import takes_less_than

URL = "https://news.example/2026/tea?x=1"


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_structured_data_goes_before_opengraph_and_that_before_the_title() -> None:
    ld = (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "headline": "no"},'
        '{"@type": ["Thing", "BlogPosting"], "headline": "A &amp; B", "author": [{"name": "N"}],'
        '"publisher": {"name": "P"}, "datePublished": "2026-01-02T03:04:05+01:00"}]}</script>'
    )
    page = read_page(meta("og:title", "og") + "<title>title</title>" + ld, URL)
    assert (page.title, page.author_name, page.provider_name) == ("A & B", "N", "P")
    assert page.published_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert page.provider_url == "https://news.example/"
    assert read_page(meta("og:title", "og") + "<title>title</title>", URL).title == "og"
    assert read_page("<title>\n title </title><title>2</title>", URL).title == "title"


def test_structured_data_is_written_in_many_ways() -> None:
    page = read_page(
        '<script type="application/ld+json">nothing</script><script type="application/ld+json">'
        '\n//<![CDATA[\n[{"@type": "ItemList", "name": "no"}, {"@type": "NewsArticle",'
        '"headline": {"@value": "Tea", "@language": "en"}, "description": {"@value": "Hot"},'
        '"author": [[{"name": ["Ann", "Ben"]}]], "publisher": [[{"name": "P"}]],'
        '"inLanguage": {"name": "English", "alternateName": "en"}}]\n//]]>\n</script>',
        URL,
    )
    assert (page.title, page.description, page.author_name) == ("Tea", "Hot", "Ann, Ben")
    assert (page.provider_name, page.language) == ("P", "en")
    block = '/* <![CDATA[ */\n{"@type": "Article", "headline": "H"}\n/* ]]> */'
    assert read_page(f'<script type="application/ld+json">{block}</script>', URL).title == "H"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://news.example/2026/tea", "https://news.example/2026/tea"),
        ("/tea", "https://news.example/tea"),
        ("https://other.example/tea", ""),
        ("null", ""),
        ("undefined", ""),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("https://[x", ""),
    ],
)
def test_a_page_names_its_own_address(given: str, found: str) -> None:
    assert read_page(f'<link rel="canonical" href="{given}">', URL).canonical_url == found
    assert read_page(meta("og:url", given), URL).canonical_url == found


def test_addresses_are_made_absolute_and_only_web_ones_stay() -> None:
    page = read_page(meta("og:image", "/a.png") + meta("twitter:player", "//t.example/e"), URL)
    assert (page.image_url, page.frame_url) == ("https://news.example/a.png", "https://t.example/e")
    for bad in ("javascript:alert(1)", "data:text/html,x", "https://a@b.example/", "https://[x"):
        page = read_page(meta("og:image", bad) + meta("twitter:player", bad), URL)
        assert (page.image_url, page.frame_url) == ("", "")
    assert read_page(meta("twitter:player", "http://t.example/"), URL).frame_url == ""


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "<title>",
        "<meta>",
        "<meta content=x>",
        "\x00<title>\x00</title>",
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
        '<script type="application/ld+json">{"@type": "Article", "author": 5}</script>',
        '<script type="application/ld+json">[null, 1, {"@type": {}}, {"@graph": {}}]</script>',
        '<script type="application/ld+json">{"@type": "Article", "headline": {"a": 1}}</script>',
        meta("article:published_time", "99999-01-01") + meta("og:image", "https://[::1"),
    ],
)
def test_odd_pages_give_little(html: str) -> None:
    assert read_page(html, URL).title in {"", "\ufffd"}


@pytest.mark.parametrize("odd", [" ", " \n", "//", "]]> ", "\t/*"])
def test_a_strange_script_takes_no_time(odd: str) -> None:
    with takes_less_than(2):
        script = odd * (60_000 // len(odd)) + "x"
        read_page(f'<script type="application/ld+json">{script}</script>', URL)


def test_texts_are_bounded_and_of_one_line() -> None:
    page = read_page(
        meta("og:title", "a\nb\u202e" + "x" * 9999) + meta("og:site_name", "y" * 999), URL
    )
    assert page.title.startswith("a bx")
    assert (len(page.title), len(page.provider_name)) == (500, 200)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "text/html", "é"),
        ("é".encode("latin-1"), "text/html", "é"),
        ("é".encode("latin-1"), "text/html; charset=iso-8859-1", "é"),
        ("“".encode("cp1252"), "text/html; charset=latin1", "“"),
        ("日本".encode("shift_jis"), 'text/html; charset="Shift_JIS"', "日本"),
        ("日本".encode("utf-16"), "text/html", "日本"),
        (b"\xef\xbb\xbfx", "text/html", "\ufeffx"),
        (
            '<meta charset="euc-jp">日本'.encode("euc-jp"),
            "text/html",
            '<meta charset="euc-jp">日本',
        ),
        ("éx".encode() + b"\xc3", "text/html", "éx\ufffd"),
        (b"\xff", "text/html; charset=utf-8", "\ufffd"),
        ("é".encode(), "text/html; charset=unicode_escape", "é"),
        ("é".encode(), "text/html; charset=rot13", "é"),
        (b'<meta charset="utf-16">x', "text/html", '<meta charset="utf-16">x'),
    ],
)
def test_every_page_becomes_text(body: bytes, content_type: str, text: str) -> None:
    assert decode_page(body, content_type.lower()) == text


@pytest.mark.parametrize(
    ("html", "is_mine"),
    [
        ('<a rel="me" href="https://chat.example/@anna">x</a>', True),
        ('<link href="HTTPS://chat.example/@Anna" rel="nofollow ME">', True),
        ('<a rel="mex" href="https://chat.example/@anna">x</a>', False),
        ('<a href="https://chat.example/@anna">x</a>', False),
        ('<a rel="me" href="https://chat.example/@anna2">x</a>', False),
        ('<!-- <a rel="me" href="https://chat.example/@anna"> -->', False),
        ("https://chat.example/@anna", False),
    ],
)
def test_a_page_says_who_it_belongs_to(html: str, is_mine: bool) -> None:
    assert names_me(html, {"https://chat.example/@anna"}) == is_mine


def test_frames_sizes_and_times() -> None:
    frame = find_frame('<p><iframe width="5" src="https://a.example/?b&amp;c">x</iframe>')
    assert frame
    assert frame.get("src") == "https://a.example/?b&c"
    assert find_frame("<p>") is None
    sizes = [size(v) for v in ("300px", 640, "1e9", "-5", None, 99999, "100%", 12.5)]
    assert sizes == [300, 640, 0, 0, 0, 0, 0, 12]
    assert read_time("2026-01-02") == datetime(2026, 1, 2, tzinfo=UTC)
    assert [read_time(t) for t in ("", "yesterday", "0001-01-01T00:00:00+23:59")] == [None] * 3
