import pytest

from federation.documents.plain import html_of
from tests.processor import takes_less_than


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\r\n\r\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        (
            "see https://a.example/?a=1&b=2.",
            '<p>see <a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>.</p>',
        ),
        (
            "[film](https://a.example/w)",
            '<p>[film](<a href="https://a.example/w">https://a.example/w</a>)</p>',
        ),
        (
            'https://a.example/"onclick=x',
            '<p><a href="https://a.example/&quot;onclick=x">https://a.example/"onclick=x</a></p>',
        ),
        (
            "<https://a.example/?a=1>",
            '<p>&lt;<a href="https://a.example/?a=1">https://a.example/?a=1</a>&gt;</p>',
        ),
        ('"https://b.example/"', '<p>"<a href="https://b.example/">https://b.example/</a>"</p>'),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("  ", ""),
    ],
)
def test_paragraphs_lines_and_links(text: str, html: str) -> None:
    assert html_of(text) == html


@pytest.mark.parametrize("odd", ["[", "[a](", "https://", "https://a!!!!", "\n"])
def test_it_takes_linear_time(odd: str) -> None:
    with takes_less_than(5):
        html_of(odd * (1_000_000 // len(odd)))
