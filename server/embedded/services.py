"""PostgreSQL and Valkey for whoever needs them: named by the settings, running, or started."""

import dataclasses
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from server.embedded import folders, postgres, valkey
from server.embedded.child import Child, Program
from server.embedded.children import Children
from server.errors import Unavailable
from server.settings import Settings


class Service(Protocol):
    """What the modules `postgres` and `valkey` both offer."""

    NAME: str
    START_SECONDS: float  # how long it may take until it serves

    def prepare(self, data: Path) -> Program:
        """What to start on this data folder."""

    def is_ready(self, data: Path) -> bool:
        """Whether it serves."""


def embedded_services(settings: Settings) -> list[Service]:
    """Those of the two that the settings do not name."""
    services: list[Service] = []
    if not settings.database_url:
        services.append(postgres)
    if not settings.redis_url:
        services.append(valkey)
    return services


def with_urls(settings: Settings) -> Settings:
    """The settings with the addresses of the embedded services where none was given."""
    return dataclasses.replace(
        settings,
        data=settings.data.resolve(),
        database_url=settings.database_url or postgres.database_url(settings.data),
        redis_url=settings.redis_url or valkey.redis_url(settings.data),
    )


def start(settings: Settings, children: Children) -> list[Child]:
    """Start the embedded services and wait until they serve. Raises Unavailable."""
    services = embedded_services(settings)
    started = [children.start(service.prepare(settings.data)) for service in services]
    for service, child in zip(services, started, strict=True):
        wait_until_ready(service, settings.data, child)
    return started


def wait_until_ready(service: Service, data: Path, child: Child) -> None:
    """Return when it serves. Raises Unavailable when it ends or takes too long."""
    deadline = time.monotonic() + service.START_SECONDS
    while time.monotonic() < deadline:
        if service.is_ready(data):
            return
        if not child.is_running:
            break
        time.sleep(0.01)
    raise Unavailable(f"{service.NAME} does not start. It says:\n{child.log.last_lines(12)}")


@contextmanager
def running(settings: Settings, kind: str = "command") -> Iterator[Settings]:
    """Have database and queue for the length of the block; gives settings with both URLs.

    Uses those that the settings name, or those that `wandelgang up` runs on the data folder, or
    starts them and stops them at the end. `kind` "server" lets others use what we start.
    Raises Conflict when another command keeps the folder for too long, Unavailable.
    """
    services = embedded_services(settings)
    if not services:
        yield settings
        return

    def is_served(other: folders.Holder) -> bool:
        return other.serves and all(service.is_ready(settings.data) for service in services)

    holder = folders.Holder(kind, os.getpid(), settings.origin)
    with folders.hold(settings.data, holder, is_served) as is_ours:
        if not is_ours:
            yield with_urls(settings)
            return
        with Children(settings.data) as children:
            start(settings, children)
            yield with_urls(settings)
