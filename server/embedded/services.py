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
from server.errors import Conflict
from server.settings import Settings

_WAIT_SECONDS = 20.0


class Service(Protocol):
    """What the modules `postgres` and `valkey` both offer."""

    def prepare(self, data: Path) -> Program:
        """What to start on this data folder."""

    def wait_until_ready(self, data: Path, child: Child) -> None:
        """Return when it serves."""

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


def start(settings: Settings, children: Children) -> None:
    """Start the embedded services and wait until they serve. Raises Unavailable."""
    services = embedded_services(settings)
    started = [(service, children.start(service.prepare(settings.data))) for service in services]
    for service, child in started:
        service.wait_until_ready(settings.data, child)


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
    holder = folders.Holder(kind, os.getpid(), settings.origin)
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        with folders.lock(settings.data, holder) as is_ours:
            if is_ours:
                with Children(settings.data) as children:
                    start(settings, children)
                    yield with_urls(settings)
                return
        other = folders.read_holder(settings.data)
        if other and other.serves and all(s.is_ready(settings.data) for s in services):
            yield with_urls(settings)
            return
        time.sleep(0.02)
    raise Conflict(f"Another command of Wandelgang keeps {settings.data} busy; try again later.")
