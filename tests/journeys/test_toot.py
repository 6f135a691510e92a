"""The `toot` command line against a whole instance."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.forms import PASSWORD
from tests.journeys.clients import allow
from tests.servers import Instance


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with Instance() as instance:
        instance.make_members("anna", "ben", password=PASSWORD)
        yield instance


class Toot:
    """`toot` with a configuration folder of its own."""

    def __init__(self, home: Path) -> None:
        self._environment = {**os.environ, "XDG_CONFIG_HOME": str(home), "HOME": str(home)}

    def __call__(self, *words: str, given: str = "") -> str:
        answer = subprocess.run(
            [sys.executable, "-m", "toot", "--no-color", *words],
            env=self._environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout


@pytest.fixture(scope="module")
def toot(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    """Signed in as anna by `toot login`, which prints an address and asks for the code."""
    toot = Toot(tmp_path_factory.mktemp("toot"))
    command = [sys.executable, "-m", "toot", "login", "-i", instance.url]
    with subprocess.Popen(
        command, env=toot._environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        seen = ""
        while "/oauth/authorize" not in seen or not seen.endswith("\n"):
            letter = process.stdout.read(1)
            assert letter, f"it ended: {seen}"
            seen += letter
        address = next(word for word in seen.split() if "/oauth/authorize" in word)
        process.stdin.write("n\n")
        process.stdin.write(allow(address, "anna") + "\n")
        process.stdin.flush()
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, seen + output
    return toot


def test_it_knows_who_is_signed_in(toot: Toot) -> None:
    assert "@anna" in toot("whoami")


def test_it_posts_and_reads(toot: Toot) -> None:
    posted = toot("post", "Hello from the corridor", "--visibility", "unlisted")
    assert "posted" in posted.lower()
    assert "Hello from the corridor" in toot("timelines", "home")


def test_it_follows_and_unfollows(toot: Toot) -> None:
    assert "ben" in toot("follow", "ben")
    assert "ben" in toot("following", "anna")
    toot("unfollow", "ben")
    assert "ben" not in toot("following", "anna")


def test_it_finds_people_and_tags(toot: Toot) -> None:
    toot("post", "a #corridor")
    assert "@ben" in toot("search", "ben")
    assert "#corridor" in toot("search", "#corridor")


def test_it_marks_what_it_reads(toot: Toot) -> None:
    posted = json.loads(toot("post", "A proposal", "--json"))
    for word, field in (
        ("favourite", "favourited"),
        ("reblog", "reblogged"),
        ("bookmark", "bookmarked"),
        ("pin", "pinned"),
    ):
        toot(word, posted["id"])
        assert json.loads(toot("status", posted["id"], "--json"))[field] is True
        toot(f"un{word}", posted["id"])
    assert "A proposal" in toot("thread", posted["id"])
    toot("delete", posted["id"])
    assert "A proposal" not in toot("timelines", "home")


def test_it_asks_and_waits(toot: Toot) -> None:
    choices = ("--poll-option", "tea", "--poll-option", "coffee", "--poll-expires-in", "1h")
    asked = json.loads(toot("post", "What first?", *choices, "--json"))
    assert [option["title"] for option in asked["poll"]["options"]] == ["tea", "coffee"]
    assert "scheduled" in toot("post", "Later", "--scheduled-in", "1 hour").lower()


def test_it_posts_a_picture_and_keeps_lists(toot: Toot, tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), "teal").save(tmp_path / "a.png")
    words = ("--media", str(tmp_path / "a.png"), "--description", "A teal square")
    posted = json.loads(toot("post", "Look", *words, "--json"))
    assert posted["media_attachments"][0]["description"] == "A teal square"
    toot("follow", "ben")
    toot("lists", "create", "Team")
    toot("lists", "add", "Team", "ben")
    assert "@ben" in toot("lists", "accounts", "Team")
    toot("mute", "ben")
    assert "ben" in toot("muted")
    toot("unmute", "ben")
    toot("tags", "follow", "corridor")
    assert "corridor" in toot("tags", "followed")
