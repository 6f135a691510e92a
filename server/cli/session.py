"""What the commands share: the data folder's option, errors as sentences, an open runtime."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from server.embedded import folders, services
from server.errors import ServerError, Unavailable
from server.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:  # half a second of imports, for those commands alone that need it
    from server.runtime import Runtime
    from server.store.accounts import Account
    from server.store.users import User

T = TypeVar("T")
_ADDRESS = {"WANDELGANG_ORIGIN", "WANDELGANG_HOST", "WANDELGANG_PORT"}

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the database, queue, media and secret key. [default: $WANDELGANG_DATA, ./data]",
)


class _Plain:
    """Prints what we refuse as a sentence (exit code 1), never as a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for."""
        try:
            return super().invoke(ctx)  # type: ignore[misc]
        except (ServerError, SettingsError) as error:
            raise click.ClickException(str(error)) from error


class Command(_Plain, click.Command):
    """A command alone."""


class Commands(_Plain, click.Group):
    """A group of commands."""


def settings_of(data: Path | None, **given: Any) -> Settings:
    """The settings of a data folder; what was given on the command line wins.

    Unless the environment names an address, it is the one at which `up` served last: whoever
    started that with --port need not repeat it to every command.
    """
    environment = dict(os.environ)
    if not environment.keys() & _ADDRESS:
        environment |= folders.recall_address(load_settings(data=data).data)
    return load_settings(environment, data=data, **given)


def run(data: Path | None, action: "Callable[[Runtime], Awaitable[T]]") -> T:
    """Do something with an open runtime.

    Uses the database of a running instance, or starts it for as long as this takes.
    """
    from server.runtime import open_runtime
    from server.store.migrate import migrate

    given = settings_of(data)

    async def with_runtime(settings: Settings) -> T:
        if not given.database_url:  # an embedded one may be new
            await migrate(settings.database_url)
        async with open_runtime(settings) as runtime:
            return await action(runtime)

    with services.running(given) as settings:
        try:
            return asyncio.run(with_runtime(settings))
        except OSError as error:
            raise Unavailable(f"The database does not answer: {error}") from error


async def find_member(runtime: "Runtime", name: str) -> "User":
    """The member whom a command names. Raises NotFound."""
    from server.errors import NotFound
    from server.store import users

    member = await users.find_by_login(runtime.db, name)
    if member is None:
        raise NotFound(f"There is no member called {name}")
    return member


async def find_account(runtime: "Runtime", handle: str) -> "Account":
    """The account whom a command names, `anna` or `remy@far.example`. Raises NotFound."""
    from server.errors import NotFound
    from server.store import accounts

    name, _, domain = handle.removeprefix("@").partition("@")
    is_ours = not domain or runtime.addresses.is_own_domain(domain)
    account = await accounts.find_by_handle(runtime.db, name, None if is_ours else domain.lower())
    if account is None:
        raise NotFound(f"There is no account called {handle}")
    return account
