import os
from pathlib import Path

import pytest

from server.embedded import folders, postgres, services, valkey
from server.embedded.folders import Holder
from server.settings import Settings
from tests.servers import short_folder


def test_what_the_settings_name_is_used(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "d", database_url="postgresql:///x", redis_url="redis://y")
    with services.running(settings) as given:
        assert given == settings
    assert not (tmp_path / "d").exists()


def test_they_run_for_the_length_of_a_command() -> None:
    with short_folder() as data:
        with services.running(Settings(data=data)) as settings:
            assert settings.database_url == postgres.database_url(data)
            assert settings.redis_url == valkey.redis_url(data)
            assert postgres.is_ready(data)
            assert valkey.is_ready(data)
        assert not postgres.is_ready(data)
        assert not valkey.is_ready(data)


def test_only_what_is_missing_is_started() -> None:
    with short_folder() as data:
        settings = Settings(data=data, database_url="postgresql:///elsewhere")
        with services.running(settings) as given:
            assert given.database_url == "postgresql:///elsewhere"
            assert valkey.is_ready(data)
            assert not (data / "postgres").exists()


def test_those_of_a_running_server_are_shared_and_those_of_a_command_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with short_folder() as data:
        first = Settings(data=data, database_url="postgresql:///elsewhere")
        with services.running(first, "server"), services.running(first) as shared:
            assert shared.redis_url == valkey.redis_url(data)
        monkeypatch.setattr(folders, "_WAIT_SECONDS", 0.2)
        with (
            services.running(first, "command"),
            pytest.raises(Exception, match="busy"),
            services.running(first),
        ):
            pass


def test_a_server_that_is_not_ready_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_WAIT_SECONDS", 0.2)
    with short_folder() as data:
        starting = Holder("server", os.getpid(), "")
        with (
            folders.hold(data, starting, lambda _: False),
            pytest.raises(Exception, match="busy"),
            services.running(Settings(data=data)),
        ):
            pass
