import sys
from pathlib import Path

from server.embedded import programs
from server.settings import Settings, load_settings


def test_settings_survive_the_way_through_the_environment(tmp_path: Path) -> None:
    settings = load_settings(
        {},
        data=tmp_path,
        origin="http://localhost:3100",
        port=3100,
        trusted_proxies=("10.0.0.0/8", "::1/128"),
        federation_private_hosts=("intra.example.org=10.1.0.0/16",),
        federation_enabled=False,
        delivery_timeout_seconds=2.5,
        instance_description='Walk, and talk; not "climb".',
        redis_url="unix:///tmp/x",
    )
    assert load_settings(programs.settings_environment(settings)) == settings


def test_the_secret_key_stays_out_of_the_environment() -> None:
    environment = programs.settings_environment(Settings(secret_key="c2VjcmV0"))
    assert not [value for value in environment.values() if "c2VjcmV0" in value]


def test_web_and_worker_are_commands_of_ours(tmp_path: Path) -> None:
    web = programs.web(Settings(data=tmp_path), "web-2", 7)
    assert web.command == (sys.executable, "-m", "server.cli.main", "web", "--fd", "7")
    assert (web.name, web.inherited_fds) == ("web-2", (7,))
    worker = programs.worker(Settings(data=tmp_path), "worker-1")
    assert worker.command[-1] == "worker"
    assert worker.environment["WANDELGANG_DATA"] == str(tmp_path)
