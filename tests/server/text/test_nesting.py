import pytest

from server.text.nesting import well_nested
from server.text.sanitize import plain_text, sanitize_html
from tests.processor import takes_less_than

_WANTED = {name: {"href"} if name == "a" else () for name in ("p", "b", "i", "a", "ul", "li", "br")}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("<p><b>a<p>b</b>", "<p><b>a</b></p><p>b</p>"),
        ("<b><p>a</b>b</p>", "<b><p>ab</p></b>"),
        ("<ul><li><ul><li>b</ul><li>c", "<ul><li><ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<p>a<ul><li>b</ul>c</p>", "<p>a</p><ul><li>b</li></ul>c<p></p>"),
        ("<p>a<div>b</div>c", "<p>a</p>bc"),
        ("<div><p>a</div>b", "<p>a</p>b"),
        ("<a href=x>a<a href='y\"'>b", '<a href="x">a</a><a href="y&quot;">b</a>'),
        ("<A title='>' HREF=\"x\" href=y>a</A>", '<a href="x">a</a>'),
        ("<a href=it's>a</a> isn't", '<a href="it\'s">a</a> isn\'t'),
        ('<a href="x>a</a>', '<a href="">a</a>'),
        ("a<br/>b</br>c", "a<br>b<br>c"),
        ("a < b <3 &lt; &amp;", "a &lt; b &lt;3 &lt; &amp;"),
        ("a<!-- <p> -->b<!-->c<!x>d<?y?>e</>f<!-- g", "abcdef"),
        ("<script>'<p>'</SCRIPT >a<svg/>b<svg><p></svg>c<style>d", "abc"),
    ],
)  # fmt: skip
def test_paired_as_a_browser_would(html: str, expected: str) -> None:
    assert well_nested(html, _WANTED) == expected


_OPEN = "<p>" + "".join(f"<b x={number}>" for number in range(4000))


@pytest.mark.parametrize(
    "html",
    [
        f"{_OPEN}{'<p>x' * 12_000}",  # four thousand that would be opened again 12,000 times
        f'<p><a href="https://x/{"A" * 50_000}">{"<p>x" * 12_000}',
        f"{'<x>' * 16_000}{'</y>' * 12_000}",
        f"{'<div>' * 10_000}{'<p>x</p>' * 6000}",
        f"{'<div>' * 10_000}{'</li>' * 10_000}",
        f"{'<span>' * 8000}{'<li>' * 12_000}",
        "<ul><li>" * 12_000,
        "<a><div>" * 12_000,
        f"{'<b><div>' * 8000}{'</b>' * 9000}",
        f"{'<svg>' * 10_000}{'</y>' * 12_000}",
        "<pre><p>" * 12_000,
        f"{'<div>' * 10_000}{'<dd><dt>' * 6000}",
        f"<p {' '.join(f'a{number}' for number in range(15_000))}>",
        '<a x="' * 16_000,
        "<a x='" * 16_001,
        "<script>" * 12_000,
    ],
)
def test_what_is_left_open_costs_no_more_than_what_is_closed(html: str) -> None:
    with takes_less_than(2):
        cleaned = sanitize_html(html)
        plain_text(html)
    assert len(cleaned) < 10 * len(html)
