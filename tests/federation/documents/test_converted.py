from typing import Any

import pytest

from federation.documents.audience import PUBLIC
from federation.documents.note import Note, read_note

AUTHOR = "https://a.example/users/1"


def read(kind: str, **more: Any) -> Note:
    return read_note(
        {
            "id": "https://a.example/things/1",
            "type": kind,
            "attributedTo": AUTHOR,
            "to": [PUBLIC],
            **more,
        }
    )


def test_an_article_is_shown_by_its_abstract_and_link() -> None:
    article = read("Article", name="On <pilots>", summary="In short", content="<p>Long</p>")
    assert "On &lt;pilots&gt;" in article.content
    assert "In short" in article.content
    assert "Long" not in article.content
    assert 'href="https://a.example/things/1"' in article.content
    assert article.summary == ""  # no content warning
    assert "Kort" in read("Article", summaryMap={"nl": "Kort"}, content="Lang").content


def test_a_page_links_what_it_is_about() -> None:
    link = {"type": "Link", "href": "https://news.example/1"}
    page = read("Page", name="News", url="https://a.example/post/1", attachment=[link])
    assert page.content.index("https://news.example/1") < page.content.index("/post/1")
    assert page.attachments == []


@pytest.mark.parametrize(("heights", "best"), [((240, 720, 1080), 720), ((2160, 1080), 1080)])
def test_a_film_comes_with_the_file_that_fits_a_screen(heights: list[int], best: int) -> None:
    links = [
        {"type": "Link", "mediaType": "video/mp4", "href": f"https://a.example/{h}", "height": h}
        for h in heights
    ]
    page = {"type": "Link", "mediaType": "text/html", "href": "https://a.example/watch"}
    film = read("Video", name="Film", url=[page, *links])
    assert [(a.type, a.url, a.name) for a in film.attachments] == [
        ("video", f"https://a.example/{best}", "Film")
    ]
    assert film.url == "https://a.example/watch"


def test_a_picture_of_an_article_is_shown() -> None:
    article = read("Article", image={"type": "Image", "url": "https://a.example/i.png"})
    assert [a.url for a in article.attachments] == ["https://a.example/i.png"]
    assert [a.url for a in read("Page", image="https://a.example/i.png").attachments]


def test_an_event_says_when_and_where() -> None:
    event = read(
        "Event", name="Pilot", startTime="2026-12-01T10:00:00+01:00", location={"name": "Utrecht"}
    )
    assert "2026-12-01 09:00 UTC · Utrecht" in event.content
    assert "UTC" not in read("Event", name="Pilot", startTime="soon", location=["x"]).content


def test_a_file_can_be_the_address_itself() -> None:
    address = "https://a.example/1"
    image = read("Image", name="Pilot", url=address, mediaType="image/webp")
    assert [(one.type, one.url) for one in image.attachments] == [("image", address)]
    assert read("Image", name="Pilot", url=[address, 5], mediaType="text/html").attachments == []


def test_an_event_can_be_in_several_places_and_on_the_web() -> None:
    room = {"type": "VirtualLocation", "url": "https://meet.example/1"}
    hall = {"type": "Place", "name": "Utrecht"}
    event = read("Event", name="Pilot", location=[room, hall, {"type": "Place", "name": "Zeist"}])
    assert "<p>Utrecht · Zeist</p>" in event.content
    assert 'href="https://meet.example/1"' in event.content
    address = {"type": "PostalAddress", "streetAddress": "Dam 1", "addressLocality": "Amsterdam"}
    unnamed = [{"type": "Place", "address": address}, {"name": None, "address": "Neude, Utrecht"}]
    shown = read("Event", name="Pilot", location=unnamed).content
    assert "<p>Dam 1, Amsterdam · Neude, Utrecht</p>" in shown


def test_a_picture_that_a_page_links_is_shown_and_not_linked_as_well() -> None:
    page = read("Page", attachment=[{"type": "Link", "href": "https://a.example/i.png"}])
    assert [a.url for a in page.attachments] == ["https://a.example/i.png"]
    assert "i.png" not in page.content


def part(height: int, *streams: str) -> dict[str, Any]:
    told = [
        {"type": "PropertyValue", "name": "ffprobe_codec_type", "value": name} for name in streams
    ]
    return {
        "type": "Link",
        "mediaType": "video/mp4",
        "href": f"https://a.example/{height}.mp4",
        "height": height,
        "attachment": told,
    }


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([part(1080), part(480)], ("video", "https://a.example/480.mp4")),
        ([part(480, "video", "audio")], ("video", "https://a.example/480.mp4")),
        ([part(480, "video"), part(0, "audio")], ("image", "https://a.example/wide.jpg")),
        ([part(480, "video")], ("image", "https://a.example/wide.jpg")),
        ([], ("image", "https://a.example/wide.jpg")),
    ],
)
def test_a_film_that_is_a_playlist_comes_with_a_part_or_its_picture(
    parts: list[dict[str, Any]], shown: tuple[str, str]
) -> None:
    playlist = {
        "type": "Link",
        "mediaType": "application/x-mpegURL",
        "href": "https://a.example/m3u8",
        "tag": [{"type": "Infohash", "name": "x"}, *parts],
    }
    icons = [
        {"type": "Image", "url": f"https://a.example/{name}.jpg", "width": width}
        for name, width in (("small", 200), ("wide", 850), ("tiny", 20))
    ]
    film = read("Video", name="Film", url=[playlist], icon=icons)
    assert [(a.type, a.url) for a in film.attachments] == [shown]
    assert film.attachments[0].picture == (None if shown[0] == "image" else icons[1]["url"])


@pytest.mark.parametrize(
    "icon", ["https://a.example/i.png", {"type": "Image", "url": "https://a.example/i.png"}]
)
def test_a_film_has_a_picture(icon: Any) -> None:
    film = {"type": "Video", "mediaType": "video/mp4", "url": "https://a.example/v", "icon": icon}
    [shown] = read("Note", content="hi", attachment=film).attachments
    assert shown.picture == "https://a.example/i.png"
    [picture] = read(
        "Note", content="hi", attachment={**film, "mediaType": "image/png"}
    ).attachments
    assert picture.picture is None
