import pytest

from server.text.compose import link_html
from server.text.language import normal_language
from server.text.sanitize import clean_line, plain_text, sanitize_html
from tests.processor import takes_less_than

_FORMULA = (
    "<semantics><mrow><mi>x</mi><mo>&lt;</mo><mn>1</mn></mrow>"
    '<annotation encoding="application/x-tex">x &lt; 1</annotation></semantics>'
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>T</h1>", "<p><strong>T</strong></p>"),
        ("<script>x</script><p onclick=x style=y>a</p>", "<p>a</p>"),
        ("<img src=x onerror=y><iframe src=z></iframe>a", "a"),
        ('<a href="javascript:x">a</a>', "a"),
        ('<a href="/tags/a">a</a> <a class="u-url">b &lt;a&gt;</a>', "a b &lt;a&gt;"),
        ('<a href=" x"><span class="invisible">a</span>b</a>', "ab"),
        (
            "<a>a<hr><a href='gopher:x'>b</a></a>",
            'a <a href="gopher:x" target="_blank" rel="nofollow noopener">b</a>',
        ),
        ('<span class="evil h-card invisible">a</span>', '<span class="h-card invisible">a</span>'),
        ("<ol start=3><li value=4>a</li></ol>", '<ol start="3"><li value="4">a</li></ol>'),
        ("<svg><a xlink:href=x>a</a></svg><math>b</math>c", "c"),
        ("<ruby id=x>漢<rp>(</rp><rt>kan</rt></ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt></ruby>"),
        ("<DIV>a</DIV><div class=x>b</div>", " a  b "),
        ("<p>a<hr>b</p><dl><dt>c</dt><dd>d</dd></dl>", "<p>a </p>b<p></p>  c  d  "),
        (f"a <math>{_FORMULA}</math><math><mi>x</mi></math>", "a $x &lt; 1$"),
        ('<math><annotation encoding="text/plain">√x</annotation></math>', "√x"),
        (f'<p><math display="block">{_FORMULA}</math></p>', "<p>$$x &lt; 1$$</p>"),
        ("a\x00b", "ab"),
    ],
)
def test_only_what_mastodon_keeps(html: str, expected: str) -> None:
    assert sanitize_html(html) == expected


def test_nested_tags_take_linear_time() -> None:
    with takes_less_than(5):
        sanitize_html("<b>" * 50_000 + "<a href=" * 10_000)
        for part in (_FORMULA, f"<math>{_FORMULA}", "<annotation encoding=", "<math ", "</div"):
            sanitize_html(f"<math>{part * 3000}</math>")


def test_names_cannot_turn_around() -> None:
    assert clean_line("abc\u202egpj.exe\n\x07", 50) == "abcgpj.exe"
    assert len(clean_line("x" * 1000, 30)) == 30


def test_text_of_html() -> None:
    assert plain_text("<p>a &amp; b</p><p>c<br>d</p>") == "a & b\nc\nd"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("nl", "nl"),
        ("NL-be", "nl"),
        ("zh_TW", "zh-TW"),
        ("", None),
        ("klingon!", None),
        (None, None),
    ],
)
def test_languages(tag: str | None, expected: str | None) -> None:
    assert normal_language(tag) == expected


def test_what_we_compose_looks_the_same_on_other_instances() -> None:
    html = f"<p>{link_html('https://example.org/a/report?x=1&y=2')} and so on</p>"
    assert sanitize_html(html) == html


@pytest.mark.parametrize(
    "odd", ["<h1 ", "<br", "<img ", "<math>", '<a href="', "<!--", "</p", "&lt;h1 "]
)
def test_html_without_ends_is_read_in_no_time(odd: str) -> None:
    html = odd * (100_000 // len(odd))
    with takes_less_than(2):
        sanitize_html(html)
        plain_text(html)
