import pytest

from server.text.documents import render_document
from server.text.shortcodes import shortcodes_in


def test_headings_lists_tables_and_links() -> None:
    html = render_document("# One\n\n- a\n- b\n\n[x](https://x.example)\n\n|a|b|\n|-|-|\n|1|2|")
    assert "<h2>One</h2>" in html
    assert "<li>a</li>" in html
    assert "<td>1</td>" in html
    assert '<a href="https://x.example" rel="noopener noreferrer">x</a>' in html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](https://tracker.example/x.png)",
        '[x](https://x.example "onmouseover=alert(1)")',
        "`<script>`",
    ],
)
def test_nothing_that_runs_or_loads(markdown: str) -> None:
    html = render_document(markdown)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert " on" not in html.replace("&lt;img src=x onerror", "")


def test_shortcodes_stand_alone() -> None:
    texts = [":blob: a:no: :a_b: :c1::d2: (:ee:) :f :é: :x:", "@:blob:"]
    assert shortcodes_in(texts) == ["blob", "a_b", "ee"]
