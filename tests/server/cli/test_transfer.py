import zipfile
from pathlib import Path

from server.settings import Settings
from tests.server.cli.conftest import Command


def test_what_a_member_has_goes_out_and_comes_in(
    command: Command, settings: Settings, tmp_path: Path
) -> None:
    for name in ("anna", "ben"):
        command("user", "create", name, "--email", f"{name}@example.org")
    table, archive = tmp_path / "following.csv", tmp_path / "archive.zip"
    table.write_text("Account address\nben\nnobody@localhost:3000\n", "utf-8")
    brought = command("import", "anna", "following", str(table))
    assert brought.stdout == "1 done, 1 left out\n", repr(brought.exception)
    assert "Rows" in brought.stderr
    assert command("export", "anna", "following", str(table)).exit_code == 0
    assert table.read_text("utf-8").splitlines() == [
        "Account address,Show boosts,Notify on new posts,Languages",
        "ben@localhost:3000,true,false,",
    ]
    made = command("export", "anna", "archive", str(archive))
    assert made.exit_code == 0, made.output
    assert "outbox.json" in zipfile.ZipFile(archive).namelist()
    for words in (
        ("import", "anna", "statuses", str(archive)),  # it has no posts
        ("import", "nobody", "following", str(table)),
        ("export", "nobody", "following", str(table)),
    ):
        answer = command(*words)
        assert (answer.exit_code, answer.stderr[:7]) == (1, "Error: "), words
    assert command("import", "anna", "wishes", str(table)).exit_code == 2
