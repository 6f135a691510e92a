"""The processes of an instance one by one: web, worker, migrations."""

import asyncio
import logging
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import click

from federation.origins import is_loopback_name
from server.cli import session
from server.cli.lines import LineFormatter
from server.embedded import ports, services
from server.errors import Unavailable
from server.settings import Settings

_GRACE_SECONDS = 5  # for answers under way when a web process is asked to stop
_LARGEST_FRAME = 64 * 1024  # that a client may send on a stream
_KEEP_ALIVE_SECONDS = 75  # longer than a proxy keeps its connections to us


@click.command()
@session.data_option
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on. [default: 3000]")
@click.option("--fd", type=int, hidden=True, help="A listening socket that was inherited.")
def web(data: Path | None, host: str | None, port: int | None, fd: int | None) -> None:
    """Serve HTTP alone; start as many as you like with another port each."""
    settings = session.settings_of(data, host=host, port=port)
    listener = (
        ports.open_listener(settings.host, settings.port)
        if fd is None
        else socket.socket(fileno=fd)
    )
    with listener, services.running(settings, "server") as settings:
        _set_up(settings)
        _serve(settings, listener)


@click.command()
@session.data_option
def worker(data: Path | None) -> None:
    """Do the work behind the requests: deliveries, timelines; start as many as you like."""
    import uvloop

    from server.worker.run import run_worker

    with services.running(session.settings_of(data), "server") as settings:
        _set_up(settings)
        uvloop.run(run_worker(settings))


@click.command()
@session.data_option
def migrate(data: Path | None) -> None:
    """Bring the tables of the database up to date, and see that they are of this instance."""
    import asyncpg

    from server.store import migrate as migrations

    with services.running(session.settings_of(data)) as settings:
        try:
            applied = asyncio.run(migrations.migrate(settings.database_url))
            made_for = asyncio.run(_origin_of_accounts(settings))
        except (OSError, asyncpg.PostgresError, migrations.MigrationError) as error:
            raise Unavailable(f"{error}") from error
    click.echo(f"{len(applied)} migrations applied" if applied else "the tables are up to date")
    if made_for and made_for != settings.origin:
        _refuse_or_warn(made_for, settings.origin)


def _refuse_or_warn(made_for: str, origin: str) -> None:
    """Raises Unavailable when others may know the accounts by the origin that they were made for;
    of one that is loopback nobody elsewhere can know.
    """
    text = f"the accounts here were made for {made_for}, and others know them by it"
    if not is_loopback_name(urlsplit(made_for).hostname or ""):
        raise Unavailable(f"{text}: at {origin} they would be nobody; keep that origin")
    click.echo(f"{text}: at {origin} other servers do not find them; make them anew")


async def _origin_of_accounts(settings: Settings) -> str | None:
    import asyncpg

    from server.store import health

    connection = await asyncpg.connect(settings.database_url)
    try:
        return await health.find_origin(connection)
    finally:
        await connection.close()


@click.command("owner-link")
@session.data_option
def owner_link(data: Path | None) -> None:
    """Print the one-time link by which somebody becomes the first owner, if there is none yet."""
    from server.identity.first_owner import first_owner_link

    link = session.run(data, first_owner_link)
    if link:
        click.echo(link)


def _set_up(settings: Settings) -> None:
    """Log to standard error, and let signals leave through every `with` and `finally`."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    # They tell of every request and every beat, addresses with their queries included.
    for chatty in ("httpx", "arq", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _serve(settings: Settings, listener: socket.socket) -> None:
    """Run uvicorn on the listening socket until a signal ends it.

    The application and its protocol are named, not imported: the server knows no web.
    """
    import uvicorn

    config = uvicorn.Config(
        "web.app:create_app",
        factory=True,
        loop="uvloop",
        http="web.protocol:Protocol",
        ws="websockets-sansio",
        ws_max_size=_LARGEST_FRAME,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
    uvicorn.Server(config).run(sockets=[listener])
