import os
from pathlib import Path

import pytest

from server.embedded import postgres, rights
from server.embedded.rights import Rights
from server.errors import Unavailable
from tests.servers import short_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has other rights to choose")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may not run PostgreSQL")
def test_an_ordinary_user_stays_who_they_are(tmp_path: Path) -> None:
    assert rights.choose_rights(tmp_path, postgres.bin_dir() / "postgres") == Rights()


@as_root
def test_root_runs_it_in_a_namespace_and_changes_no_folder(tmp_path: Path) -> None:
    before = [(path, path.stat().st_mode) for path in [tmp_path, *tmp_path.parents]]
    chosen = rights.choose_rights(tmp_path, postgres.bin_dir() / "postgres")
    assert chosen.user is None
    assert chosen.prefix[1:] == ("--user", "--map-user=65534", "--map-group=65534", "--")
    assert [(path, path.stat().st_mode) for path in [tmp_path, *tmp_path.parents]] == before


@as_root
def test_where_namespaces_are_forbidden_another_user_owns_the_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rights, "_NAMESPACE", ("--no-such-option",))
    reachable = Path("/bin/true")  # the binaries may stand where only root comes
    with short_folder() as folder:
        folder.chmod(0o755)
        data = folder / "data"
        (data / "postgres").mkdir(parents=True, mode=0o700)
        data.chmod(0o700)
        chosen = rights.choose_rights(data / "postgres", reachable)
        assert chosen == Rights(user=65534)
        assert (data / "postgres").stat().st_uid == data.stat().st_uid == 65534
        assert rights.choose_rights(data / "postgres", reachable) == Rights(user=65534)

        folder.chmod(0o700)
        with pytest.raises(Unavailable, match="Start Wandelgang as an ordinary user"):
            rights.choose_rights(data / "postgres", reachable)
