from typing import Any

import pytest

from federation.documents.activity import read_activity
from federation.documents.audience import PUBLIC, visibility_of
from federation.documents.note import Note, read_note, read_told
from federation.errors import Malformed, Untrusted

AUTHOR = "https://a.example/users/1"


def note(**more: Any) -> dict[str, Any]:
    return {
        "id": "https://a.example/notes/1",
        "type": "Note",
        "attributedTo": AUTHOR,
        "content": "<p>hi</p>",
        "to": PUBLIC,
        **more,
    }


def test_single_values_and_lists_read_the_same() -> None:
    one = read_note(note(tag={"type": "Hashtag", "name": "#a"}, attributedTo=[AUTHOR]))
    many = read_note(note(tag=[{"type": "Hashtag", "name": "#a"}], to=["as:Public"]))
    assert one == many
    assert (one.hashtags, one.to) == (["a"], [PUBLIC])


def test_an_author_elsewhere_is_not_believed() -> None:
    with pytest.raises(Untrusted):
        read_note(note(attributedTo="https://b.example/users/1"))


@pytest.mark.parametrize("more", [{"id": None}, {"attributedTo": None}, {"type": "Place"}])
def test_what_cannot_be_read(more: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_note(note(**more))


def test_peertube_names_a_person_and_a_group() -> None:
    video = note(
        type="Video",
        name="A <film>",
        attributedTo=[
            {"type": "Group", "id": "https://a.example/g"},
            {"type": "Person", "id": AUTHOR},
        ],
        url=[
            {"type": "Link", "mediaType": "video/mp4", "href": "https://a.example/v.mp4"},
            {"type": "Link", "mediaType": "text/html", "href": "https://a.example/watch"},
        ],
    )
    read = read_note(video)
    assert (read.author, read.url) == (AUTHOR, "https://a.example/watch")
    assert "A &lt;film&gt;" in read.content


def test_the_language_is_that_of_the_content() -> None:
    read = read_note(note(contentMap={"en": "<p>other</p>", "nl": "<p>hi</p>"}))
    assert read.language == "nl"
    assert read_note(note(content=None, contentMap={"de": "x"})).content == "x"


def test_attachments_in_their_shapes() -> None:
    shapes = [
        {
            "type": "Document",
            "mediaType": "image/png",
            "url": "https://a.example/1.png",
            "name": "alt",
        },
        {"type": "Image", "url": {"type": "Link", "href": "https://a.example/2.png"}},
        {"type": "Image", "url": [{"href": "https://a.example/3.png", "mediaType": "image/png"}]},
        {"type": "Image", "url": "javascript:x"},
        "https://a.example/4.png",
    ]
    read = read_note(note(attachment=shapes)).attachments
    assert [a.url[-5:] for a in read] == ["1.png", "2.png", "3.png"]
    assert {a.type for a in read} == {"image"}


@pytest.mark.parametrize(
    ("to", "cc", "expected"),
    [
        ([PUBLIC], [], "public"),
        (["f"], [PUBLIC], "unlisted"),
        (["f"], [], "private"),
        (["https://elsewhere.example/followers"], [], "direct"),
        ([], [], "direct"),
    ],
)
def test_only_the_authors_own_followers_count(to: list[str], cc: list[str], expected: str) -> None:
    assert visibility_of(to, cc, "f") == expected


def test_a_name_without_text_is_a_vote_only_in_answer_to_something() -> None:
    named = note(content=None, name="Yes")
    assert read_note(named | {"inReplyTo": "https://a.example/polls/1"}).vote == "Yes"
    picture = {"type": "Image", "url": "https://a.example/1.png"}
    for alone in (named, named | {"attachment": picture, "inReplyTo": "https://a.example/1"}):
        read = read_note(alone)
        assert (read.vote, read.content) == (None, "Yes")


@pytest.mark.parametrize(("content", "vote"), [("<p><br></p> ", "Yes"), ("<p>Why?</p>", None)])
def test_an_empty_line_along_with_a_vote_leaves_it_a_vote(content: str, vote: str | None) -> None:
    answer = note(content=content, name="Yes", inReplyTo="https://a.example/polls/1")
    assert read_note(answer).vote == vote


def test_attachments_say_little_with_some() -> None:
    read = read_note(
        note(
            attachment=[
                {"type": "Document", "url": "https://a.example/1.PNG", "sensitive": True},
                {"type": "Image", "url": {"type": "Link", "href": "https://a.example/2"}},
                {"type": "Audio", "href": "https://a.example/3"},
                {"type": "Link", "href": "https://a.example/page"},
                {"@type": "Recipe"},
                "text",
            ]
        )
    )
    assert [(a.type, a.media_type) for a in read.attachments] == [
        ("image", "image/png"),
        ("image", ""),
        ("audio", ""),
    ]
    assert read.sensitive


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("#test", "test"),
        ("no hash", "nohash"),
        ("#with-dash_1", "withdash_1"),
        ("#ümläut", "ümläut"),
    ],
)
def test_hashtags_lose_what_cannot_stand_in_them(name: str, tag: str) -> None:
    assert read_note(note(tag={"type": "as:Hashtag", "name": name})).hashtags == [tag]
    assert read_note(note(tag={"type": "Hashtag", "name": "#🐄"})).hashtags == []


def test_a_number_is_no_hashtag() -> None:
    names = ["#1234", "#2026_11", "#٣٤", "#4ever", "#1·2", "#日本語"]
    read = read_note(note(tag=[{"type": "Hashtag", "name": name} for name in names]))
    assert read.hashtags == ["2026_11", "4ever", "日本語"]


def test_pictures_are_described_by_what_they_show_before_the_name_of_a_file() -> None:
    picture = {"type": "Document", "mediaType": "image/png", "url": "https://a.example/1"}
    texts = [{"name": "1.png", "summary": "a pilot"}, {"name": "a door", "summary": " "}, {}]
    read = read_note(note(attachment=[picture | text for text in texts]))
    assert [one.name for one in read.attachments] == ["a pilot", "a door", None]


def test_a_warning_in_some_language_is_one() -> None:
    warned = note(summaryMap={"nl": "spoilers"})
    warned.pop("summary", None)
    assert read_note(warned).summary == "spoilers"
    assert read_note(warned | {"summary": "spoilers, in English"}).summary == "spoilers, in English"


def test_titles_stand_above_the_text_unless_it_has_them() -> None:
    choices = [{"type": "Note", "name": "red"}, {"type": "Note", "name": "blue"}]
    asked = note(type="Question", oneOf=choices, name="Which <hue>?", content="<p>Do tell</p>")
    title = "<p><strong>Which &lt;hue&gt;?</strong></p>"
    assert read_note(asked).content == f"{title}<p>Do tell</p>"
    assert (
        read_note(note(name="Which <hue>?", content="<p>Tea</p>")).content == f"{title}<p>Tea</p>"
    )
    said = "<p>Tea</p><p><i>Which &lt;<b>hue</b>&gt;?</i></p>"
    assert read_note(asked | {"content": said}).content == said
    answer = note(name="A thread", content="<p>No</p>", inReplyTo="https://a.example/notes/0")
    assert read_note(answer).content == "<p>No</p>"


@pytest.mark.parametrize("name", ["mediaType", "mimeType"])
def test_a_page_is_found_by_both_names_of_its_type(name: str) -> None:
    links = [
        {"type": "Link", name: "audio/ogg", "href": "https://a.example/1.ogg"},
        {"type": "Link", name: "text/html", "href": "https://a.example/1"},
    ]
    sound = read_note(note(type="Audio", url=links))
    assert sound.url == "https://a.example/1"
    assert [(a.type, a.url) for a in sound.attachments] == [("audio", "https://a.example/1.ogg")]


def test_text_without_html_keeps_its_lines() -> None:
    comment = note(content="one\ntwo", mediaType="text/markdown")
    assert read_note(comment).content == "<p>one<br>two</p>"
    assert read_note(note(mediaType="text/markdown")).content == "<p>hi</p>"  # it is HTML after all


def test_a_language_may_be_named_beside_the_content() -> None:
    assert read_note(note(language={"identifier": "fr", "name": "French"})).language == "fr"
    assert read_note(note(contentMap={"en": None})).language == "en"
    assert read_note(note(type="Article", nameMap={"nl": "Kop"})).language == "nl"
    assert "Kop" in read_note(note(type="Article", nameMap={"nl": "Kop"})).content


def told(kind: str = "Create", **more: Any) -> Note:
    return read_told(
        read_activity(
            {"type": kind, "actor": AUTHOR, "to": [PUBLIC], "cc": f"{AUTHOR}/followers", **more}
        )
    )


def test_what_a_note_leaves_out_its_activity_says() -> None:
    bare = {"id": "https://a.example/notes/1", "type": "Note", "content": "hi", "to": None}
    read = told(object=bare)
    assert (read.author, read.to, read.cc) == (AUTHOR, [PUBLIC], [f"{AUTHOR}/followers"])
    # A narrower audience of its own stays what it is, and so does its author.
    assert told(object={**bare, "cc": "https://b.example/users/2"}).to == []
    assert told(object={**bare, "attributedTo": "https://a.example/2"}).author.endswith("/2")
    with pytest.raises(Untrusted):
        told(object={**bare, "id": "https://b.example/notes/1"})
