import zoneinfo
from pathlib import Path
from typing import Any

import pytest

from server.settings import SettingsError, load_settings


def load(folder: Path, environment: dict[str, str] | None = None, **overrides: Any) -> Any:
    return load_settings(environment or {}, data=folder, **overrides)


def test_defaults_make_a_plain_http_instance_on_loopback(tmp_path: Path) -> None:
    settings = load(tmp_path, port=3001)
    assert settings.origin == "http://localhost:3001"
    assert settings.authority == "localhost:3001"
    assert not settings.is_https
    assert settings.media_base_url == "http://localhost:3001/media"


def test_the_later_source_wins(tmp_path: Path) -> None:
    (tmp_path / "wandelgang.toml").write_text(
        'port = 1\ninstance_title = "file"\n'
        '[federation]\nprivate_hosts = ["a.example=10.0.0.0/8"]\n'
    )
    environment = {"WANDELGANG_PORT": "2", "WANDELGANG_INSTANCE_TITLE": "environment"}
    settings = load(tmp_path, environment, port=3)
    assert settings.port == 3
    assert settings.instance_title == "environment"
    assert settings.federation_private_hosts == ("a.example=10.0.0.0/8",)


def test_the_usual_names_of_the_servers_are_read(tmp_path: Path) -> None:
    settings = load(tmp_path, {"DATABASE_URL": "postgresql://d", "REDIS_URL": "redis://r"})
    assert (settings.database_url, settings.redis_url) == ("postgresql://d", "redis://r")


def test_lists_come_with_commas_in_the_environment(tmp_path: Path) -> None:
    settings = load(tmp_path, {"WANDELGANG_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"})
    assert settings.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")


@pytest.mark.parametrize(
    ("overrides", "part"),
    [
        ({"origin": "http://chat.example.org"}, "plain http"),
        ({"origin": "https://chat.example.org/path"}, "origin must be"),
        ({"origin": "chat.example.org"}, "origin must be"),
        ({"origin": "https://me@chat.example.org"}, "origin must be"),
        ({"port": "many"}, "port"),
        ({"tls_cert": "/cert.pem"}, "belong together"),
        ({"federation_private_hosts": ["a.example=ten"]}, "not a network"),
        ({"federation_ca_file": "/no/such.pem"}, "there is no file"),
        ({"trusted_proxies": ["everyone"]}, "not a network"),
        ({"port": 80_000}, "1 to 65535"),
        ({"port": 0}, "1 to 65535"),
        ({"instance_time_zone": "Nowhere/Town"}, "Europe/Amsterdam"),
        ({"instance_time_zone": "../passwd"}, "Europe/Amsterdam"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, overrides: dict[str, Any], part: str) -> None:
    with pytest.raises(SettingsError, match=part):
        load(tmp_path, **overrides)


def test_a_machine_that_knows_no_clocks_has_that_of_the_world(tmp_path: Path) -> None:
    zoneinfo.reset_tzpath([])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        assert load(tmp_path).instance_time_zone == "UTC"
    finally:
        zoneinfo.reset_tzpath()


@pytest.mark.parametrize("text", ["nonsense = 1", "port = ", "[federation]\nnonsense = 1"])
def test_a_wrong_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "wandelgang.toml").write_text(text)
    with pytest.raises(SettingsError):
        load(tmp_path)
