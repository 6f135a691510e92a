import os
from pathlib import Path

import pytest

from server.embedded import folders
from server.embedded.folders import Holder
from server.errors import Conflict, Invalid


def never(_: Holder) -> bool:
    return False


def test_sockets_stand_in_the_data_folder(tmp_path: Path) -> None:
    short = Path("/srv/data")
    assert folders.socket_folder(short) == Path("/srv/data/run")


def test_a_long_path_gets_a_short_private_folder(tmp_path: Path) -> None:
    data = tmp_path / ("a" * 60) / ("b" * 60)
    data.mkdir(parents=True)
    folder = folders.make_socket_folder(data)
    try:
        assert len(str(folder / ".s.PGSQL.5432")) < 100
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folders.socket_folder(data) == folder, "every process finds the same"
        assert folders.socket_folder(data.parent / "other") != folder

        folder.chmod(0o755)
        with pytest.raises(Conflict, match="not ours alone"):
            folders.make_socket_folder(data)
    finally:
        folder.rmdir()


def test_folders_are_made_private_and_those_of_others_left_alone(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir(mode=0o755)
    assert folders.make_private(old).stat().st_mode & 0o777 == 0o755
    assert folders.make_private(tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_one_holds_the_folder_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_WAIT_SECONDS", 0)  # looked at once
    up = Holder("server", os.getpid(), "http://localhost:3000")
    command = Holder("command", os.getpid(), "")
    with folders.hold(tmp_path, up, never) as is_ours:
        assert is_ours
        with folders.hold(tmp_path, command, lambda other: other == up) as is_ours_too:
            assert not is_ours_too
        with pytest.raises(Conflict, match="busy"), folders.hold(tmp_path, command, never):
            pass
    with folders.hold(tmp_path, command, never) as is_ours:
        assert is_ours


def test_a_dead_holder_serves_nobody() -> None:
    assert Holder("server", os.getpid(), "").serves
    assert not Holder("server", 2**22 + 1, "").serves
    assert not Holder("command", os.getpid(), "").serves


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(Invalid, match="Nothing can be written in"),
        folders.hold(tmp_path / "file" / "data", Holder("command", 1, ""), never),
    ):
        pass
