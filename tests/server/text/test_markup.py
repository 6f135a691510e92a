import pytest

from server.text.markup import find_tags
from tests.processor import takes_less_than

_MEBIBYTE = 1 << 20


def fill(part: str) -> str:
    return part * (_MEBIBYTE // len(part))


@pytest.mark.parametrize(
    "html",
    [
        fill("<div>"),
        fill("<li><ul>"),
        fill("<form><div>"),
        fill("<i></b>"),
        fill("<b><p>"),
        fill("<a>"),
        fill("<a href=x>"),
        fill("<"),
        fill("<!--"),
        fill("<!---->"),
        fill("<?"),
        fill("<![CDATA["),
        fill("</"),
        fill("<a/"),
        fill('<a x="'),
        fill("<meta '"),
        fill("<title>"),
        fill('<title "'),
        fill("<script>"),
        fill("<script></scrip"),
        "<a " + fill("x=y "),
        fill("<link " + "a=b " * 3000 + ">"),
    ],
)
def test_no_page_of_a_mebibyte_takes_long(html: str) -> None:
    with takes_less_than(2):
        found = find_tags(html, ("meta", "link", "title", "script", "a"))
    assert len(found) <= 3000


def test_tags_are_read_as_browsers_read_them() -> None:
    html = """
        <META Name=a CONTENT='x > "y"'><meta name="b" content="1 &amp; 2"/>
        <title>A &lt; B</title><link rel="me" href=/x><a href="/1"><a href="/2">
        <metal name="c"><meta-x name="d">
    """
    tags = find_tags(html, ("meta", "link", "title", "a"))
    assert [(tag.name, tag.attributes, tag.text) for tag in tags] == [
        ("meta", {"name": "a", "content": 'x > "y"'}, ""),
        ("meta", {"name": "b", "content": "1 & 2"}, ""),
        ("title", {}, "A < B"),
        ("link", {"rel": "me", "href": "/x"}, ""),
        ("a", {"href": "/1"}, ""),
        ("a", {"href": "/2"}, ""),
    ]


def test_what_stands_in_comments_scripts_and_texts_is_no_tag() -> None:
    html = """
        <!-- <meta name=1> --><script>"<meta name=2>"</script><style><meta name=3></style>
        <textarea><meta name=4></textarea><title><meta name=5></title><meta name=6>
        <!-- <meta name=7>
    """
    assert [tag.get("name") for tag in find_tags(html, ("meta",))] == ["6"]
