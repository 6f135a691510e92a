"""Checks of the doctor on this machine: data folder, port, database, queue."""

import shutil
import socket
from datetime import UTC, datetime

import asyncpg

from server.bus import Bus
from server.cli.findings import Finding, ill, well
from server.embedded import folders, ports
from server.errors import ServerError
from server.settings import Settings
from server.store import health, migrate
from server.store.database import MINIMUM_VERSION

_LEAST_FREE_BYTES = 1_000_000_000
_MOST_APART_SECONDS = 60.0


def check_data_folder(settings: Settings) -> list[Finding]:
    """Others must not read it, and there must be room."""
    folder = settings.data
    findings = []
    mode = folder.stat().st_mode & 0o777
    if mode & 0o077:
        findings.append(
            ill(
                "Others on this machine can look into {folder}.",
                "Run: chmod 700 {folder}",
                folder=folder,
            )
        )
    free = shutil.disk_usage(folder).free
    gigabytes = f"{free / 1e9:.1f}"
    if free < _LEAST_FREE_BYTES:
        findings.append(
            ill(
                "Only {gigabytes} GB of disk is free for {folder}.",
                "Make room, or move the folder to a larger disk: the database stops when it is"
                " full.",
                gigabytes=gigabytes,
                folder=folder,
            )
        )
    else:
        findings.append(well("{gigabytes} GB of disk is free.", gigabytes=gigabytes))
    return findings


def check_port(settings: Settings) -> Finding:
    """Something must answer on the port, and it must be Wandelgang."""
    try:
        ports.open_listener(settings.host, settings.port).close()
    except ServerError:
        owner = ports.port_owner(settings.port) or "?"
        if folders.find_holder(settings.data) or settings.database_url:
            return well("Port {port} is served by {owner}.", port=settings.port, owner=owner)
        return ill(
            "Port {port} is taken by {owner}.",
            "Stop that, or choose another port for Wandelgang, like --port 3001.",
            port=settings.port,
            owner=owner,
        )
    return ill(
        "Wandelgang does not run: nothing answers on port {port}.",
        "Start it with: make up, or: wandelgang up",
        port=settings.port,
    )


async def check_database(settings: Settings) -> list[Finding]:
    """It must answer, be new enough, have all tables, and go by the same time as we do."""
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return [
            ill(
                "The database does not answer: {error}.",
                "Check DATABASE_URL, and whether PostgreSQL runs.",
                error=error,
            )
        ]
    try:
        return await _examine(connection)
    finally:
        await connection.close()


async def _examine(connection: asyncpg.Connection) -> list[Finding]:
    version = connection.get_server_version().major
    if version < MINIMUM_VERSION:
        return [
            ill(
                "The database is PostgreSQL {version}.",
                "Wandelgang needs {least} or later.",
                version=version,
                least=MINIMUM_VERSION,
            )
        ]
    findings = [well("The database answers (PostgreSQL {version}).", version=version)]
    if pending := await migrate.pending_migrations(connection):
        findings.append(
            ill(
                "The tables are not up to date: {count} migrations are missing.",
                "Run: wandelgang migrate (wandelgang up does it by itself).",
                count=len(pending),
            )
        )
    else:
        findings.append(well("The tables are up to date."))
    apart = abs((datetime.now(UTC) - await health.read_clock(connection)).total_seconds())
    findings.append(judge_clock(apart))
    return findings


def judge_clock(apart_seconds: float) -> Finding:
    """Whether two clocks go alike; signatures are refused when they do not."""
    if apart_seconds > _MOST_APART_SECONDS:
        return ill(
            "The clocks are {seconds} seconds apart.",
            "Let the machines set their clocks over the network (timedatectl set-ntp true): other"
            " instances refuse what is signed at a wrong time.",
            seconds=round(apart_seconds),
        )
    return well("The clock is right.")


async def check_queue(settings: Settings) -> Finding:
    """It must answer; without it nothing is lost, but everything is late."""
    bus = Bus(settings.redis_url)
    try:
        answers = await bus.ping()
    finally:
        await bus.close()
    if answers:
        return well("The queue answers.")
    return ill("The queue does not answer.", "Check REDIS_URL, and whether Valkey or Redis runs.")


def check_name(settings: Settings) -> Finding:
    """Others must be able to find the host of the origin."""
    host = settings.authority.partition(":")[0]
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return ill(
            "The name {host} is not known in DNS.",
            "Ask whoever manages your network's names to let {host} point to this machine.",
            host=host,
        )
    return well("{host} is found at {found}.", host=host, found=", ".join(sorted(map(str, found))))
