"""What the owners manage by command: rules, texts, emoji, announcements."""

import io
import tarfile
from pathlib import Path

from tests.pictures import picture
from tests.server.cli.conftest import Command


def test_rules(command: Command) -> None:
    first = command("rule", "add", "Be kind", "--hint", "Always").stdout.strip()
    second = command("rule", "add", "Be brief").stdout.strip()
    assert command("rule", "translate", first, "nl", "Wees aardig").exit_code == 0
    assert command("rule", "move", second, "1").exit_code == 0
    assert command("rule", "list").stdout.splitlines() == [
        f"{second}\tBe brief\t\t",
        f"{first}\tBe kind\tAlways\tnl",
    ]
    assert command("rule", "remove", second).exit_code == 0
    assert command("rule", "list").stdout.count("\n") == 1
    for words in (
        ("rule", "remove", second),
        ("rule", "move", second, "1"),
        ("rule", "add", " "),
        ("rule", "translate", first, "?", "x"),
        ("rule", "translate", second, "nl", "x"),
    ):
        assert command(*words).exit_code == 1, words
    assert command("rule", "remove", "many").exit_code == 2


def test_texts(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "text.md"
    file.write_text("# Hello", "utf-8")
    for kind in ("extended_description", "privacy_policy", "terms_of_service"):
        assert command("text", "set", kind, str(file)).exit_code == 0
    later = command("text", "set", "terms_of_service", str(file), "--effective", "2999-01-01")
    assert later.exit_code == 0
    removed = command("text", "remove", "privacy_policy", "--language", "nl")
    assert removed.exit_code == 0
    file.write_text(" ", "utf-8")
    assert command("text", "set", "privacy_policy", str(file)).exit_code == 1
    assert command("text", "set", "joke", str(file)).exit_code == 2


def test_emoji(command: Command, tmp_path: Path) -> None:
    file, archive = tmp_path / "blob.png", tmp_path / "pack.tar.gz"
    file.write_bytes(picture())
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(file, "pack/packed.png")
        bad = tarfile.TarInfo("pack/bad.gif")
        bad.size = 3
        tar.addfile(bad, io.BytesIO(b"GIF"))
    assert command("emoji", "add", ":blob:", str(file), "--category", "Blobs").exit_code == 0
    imported = command("emoji", "import", str(archive))
    assert imported.stdout == "1 added, 1 left out\n"
    assert "bad" in imported.stderr
    assert command("emoji", "list").stdout.splitlines() == ["blob\tBlobs\t", "packed\t\t"]
    assert command("emoji", "remove", "blob").exit_code == 0
    assert command("emoji", "remove", "blob").exit_code == 1
    assert command("emoji", "add", "x", str(file)).exit_code == 1


def test_announcements(command: Command) -> None:
    made = command("announcement", "add", "Party", "--at", "2999-01-01").stdout.strip()
    listed = command("announcement", "list").stdout
    assert listed == f"{made}\t2999-01-01 00:00\tnot shown\tParty\n"
    assert command("announcement", "remove", made).exit_code == 0
    assert command("announcement", "remove", made).exit_code == 1
    assert command("announcement", "add", "x", "--starts", "2999-01-01").exit_code == 1
    assert command("announcement", "add", "x", "--at", "tomorrow").exit_code == 2
