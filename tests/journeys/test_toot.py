"""The `toot` command line against a whole instance."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.clients import PASSWORD, allow
from tests.servers import Instance


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with Instance() as instance:
        for name in ("anna", "ben"):
            instance.command(
                "user", "create", name, "--email", f"{name}@example.org", "--password", PASSWORD
            )
        yield instance


class Toot:
    """`toot` with a configuration folder of its own."""

    def __init__(self, home: Path) -> None:
        self._environment = {**os.environ, "XDG_CONFIG_HOME": str(home), "HOME": str(home)}

    def __call__(self, *words: str, given: str = "") -> str:
        answer = subprocess.run(
            [sys.executable, "-m", "toot", "--no-color", *words],
            env=self._environment, input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
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
            seen += process.stdout.read(1)
        address = next(word for word in seen.split() if "/oauth/authorize" in word)
        process.stdin.write("n\n")
        process.stdin.write(allow(address, "anna") + "\n")
        process.stdin.flush()
        output, _ = process.communicate(timeout=30)
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
