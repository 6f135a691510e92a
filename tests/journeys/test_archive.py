"""Somebody takes all along from one instance, leaves it for good, and brings it to another."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.forms import PASSWORD, hidden
from tests.journeys.story import eventually
from tests.pictures import picture
from tests.servers import Instance

EXPORT, IMPORT = "/settings/export", "/settings/imports"


class Anna:
    """The same person on one of the instances: with an app, and with a browser."""

    def __init__(self, instance: Instance) -> None:
        words = ("--email", "anna@example.org", "--password", PASSWORD, "--token", "read write")
        token = instance.command("user", "create", "anna", *words).splitlines()[-1]
        headers = {"Authorization": f"Bearer {token}"}
        self.app = httpx.Client(base_url=instance.url, headers=headers, timeout=60)
        self.browser = httpx.Client(base_url=instance.url, timeout=60)
        form = {"login": "anna", "password": PASSWORD}
        assert self.browser.post("/auth/sign_in", data=form).status_code == 303

    def leave(self) -> None:
        """Close both."""
        self.app.close()
        self.browser.close()

    def post(self, text: str, **more: Any) -> Any:
        """A post by the app."""
        answer = self.app.post("/api/v1/statuses", json={"status": text, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def posts(self) -> list[Any]:
        """All that she posted, the oldest first."""
        me = self.app.get("/api/v1/accounts/verify_credentials").json()["id"]
        answer = self.app.get(f"/api/v1/accounts/{me}/statuses", params={"limit": 40})
        return sorted(answer.json(), key=lambda post: post["created_at"])

    def send(self, page: str, path: str = "", files: Any = None, **form: str) -> httpx.Response:
        """Fill in the form of a page."""
        fields = hidden(self.browser.get(page).text)
        answer = self.browser.post(path or page, data=fields | form, files=files)
        assert answer.status_code == 303, answer.text
        return answer


@pytest.fixture
def homes() -> Iterator[list[Anna]]:
    with ExitStack() as stack:
        found = [Anna(stack.enter_context(Instance())) for _ in range(2)]
        for anna in found:
            stack.callback(anna.leave)
        yield found


def write_everything(anna: Anna) -> list[Any]:
    """Posts of all kinds; gives those that can be taken along, as they were."""
    files = {"file": ("a.png", picture(), "image/png")}
    image = anna.app.post("/api/v2/media", files=files, data={"description": "A hedge"}).json()
    eventually("the picture is ready", lambda: _is_ready(anna, image["id"]))
    first = anna.post("With a picture #walk", media_ids=[image["id"]])
    anna.post("An answer to myself", in_reply_to_id=first["id"], language="nl")
    anna.post("For followers", visibility="private")
    anna.post("Quiet", visibility="unlisted", spoiler_text="careful")
    poll = {"options": ["Tea", "Coffee"], "expires_in": 3600, "multiple": True}
    anna.post("What to drink?", poll=poll)
    kept = anna.posts()
    anna.post("@anna between us", visibility="direct")
    return kept


def _is_ready(anna: Anna, media_id: str) -> bool:
    return anna.app.get(f"/api/v1/media/{media_id}").status_code == 200


def take_along(anna: Anna) -> bytes:
    """The archive, by the page."""
    anna.send(EXPORT)
    path = eventually(
        "the archive is ready",
        lambda: re.search(rf"{EXPORT}/archives/\d+", anna.browser.get(EXPORT).text),
    )[0]
    return anna.browser.get(path).content


def bring(anna: Anna, archive: bytes) -> None:
    """The same archive into another account, by the page."""
    files = {"data": ("archive.zip", archive, "application/zip")}
    page = anna.send(IMPORT, kind="statuses", files=files).headers["location"]
    anna.send(page, f"{page}/confirm")
    path = "/api/v1/accounts/verify_credentials"
    eventually("it is there", lambda: anna.app.get(path).json()["statuses_count"] >= 5)
    eventually("it is done", lambda: "/confirm" not in anna.browser.get(page).text)


def essence(posts: list[Any]) -> list[Any]:
    """What must be the same in both places."""
    places = {post["id"]: place for place, post in enumerate(posts)}
    return [
        {
            "at": post["created_at"][:19],
            "visibility": post["visibility"],
            "warning": post["spoiler_text"],
            "language": post["language"],
            "text": re.sub(r"<[^>]+>", "", post["content"]),
            "answers": places.get(post["in_reply_to_id"]),
            "tags": [tag["name"] for tag in post["tags"]],
            "media": [(m["type"], m["description"]) for m in post["media_attachments"]],
            "options": [one["title"] for one in (post["poll"] or {"options": []})["options"]],
        }
        for post in posts
    ]


@pytest.mark.slow
def test_posts_go_along_from_one_instance_to_another(homes: list[Anna]) -> None:
    old, new = homes
    kept = write_everything(old)
    assert len(kept) == 5
    archive = take_along(old)
    old.send("/settings/delete", password=PASSWORD, username="anna")
    assert old.app.get("/api/v1/accounts/verify_credentials").status_code == 401
    time.sleep(1)  # no old post is younger than a second
    bring(new, archive)
    brought = eventually("all of it", lambda: posts if len(posts := new.posts()) == 5 else None)
    assert essence(brought) == essence(kept)
    assert [post["imported_from"] for post in brought] == [post["uri"] for post in kept]
    media = brought[0]["media_attachments"][0]["url"]
    assert httpx.get(media, timeout=60).status_code == 200
    bring(new, archive)  # once more changes nothing
    assert len(new.posts()) == 5
    assert new.app.get("/api/v1/notifications").json() == []
