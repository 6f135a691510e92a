"""`wandelgang user …` and `wandelgang token …`: what a script needs goes to standard output."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session
from server.store.roles import BY_NAME

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.users import User

_DEFAULT_SCOPES = "read write follow push"


@click.group(cls=session.Commands)
def user() -> None:
    """Members: create, list, suspend, give a new password."""


@click.group(cls=session.Commands)
def token() -> None:
    """Access tokens for clients and scripts."""


@user.command()
@click.argument("name")
@click.option("--email", required=True, help="Address; it counts as confirmed.")
@click.option("--role", type=click.Choice(list(BY_NAME)), default="member")
@click.option("--password", help="At least 8 characters; without one only a token signs in.")
@click.option("--locale", default="en", help="Language of pages and mails: en or nl.")
@click.option("--token", "scopes", help="Also print a token with these scopes, as the last line.")
@session.data_option
def create(
    data: Path | None,
    name: str,
    email: str,
    role: str,
    password: str | None,
    locale: str,
    scopes: str | None,
) -> None:
    """Create a member: confirmed, approved, unlocked and public."""

    async def action(runtime: "Runtime") -> str | None:
        from server.identity import members, oauth
        from server.identity.scopes import parse_scopes

        wanted = parse_scopes(scopes) if scopes else None
        account = await members.create_member(runtime, name, email, password, role, locale)
        click.echo(
            f"@{account.username}@{runtime.settings.domain} has the role {role} now.", err=True
        )
        return await oauth.member_token(runtime, account.id, wanted) if wanted else None

    if made := session.run(data, action):
        click.echo(made)


@user.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print every member: name, e-mail address, role, and whether they may log in."""

    async def action(runtime: "Runtime") -> "list[User]":
        from server.store import users

        return await users.list_users(runtime.db)

    for member in session.run(data, action):
        state = "" if member.state is None else f"\tmay not log in: {member.state}"
        click.echo(f"{member.username}\t{member.email}\t{member.role}{state}")


@user.command()
@click.argument("name")
@session.data_option
def suspend(data: Path | None, name: str) -> None:
    """Suspend a member: nothing of theirs is shown and their tokens open nothing."""
    _set_suspended(data, name, is_suspended=True)


@user.command()
@click.argument("name")
@session.data_option
def unsuspend(data: Path | None, name: str) -> None:
    """Bring a suspended member back, with everything that they had."""
    _set_suspended(data, name, is_suspended=False)


@user.command()
@click.argument("name")
@session.data_option
def approve(data: Path | None, name: str) -> None:
    """Let somebody in who signed up and waits for it."""

    async def action(runtime: "Runtime") -> bool:
        from server.identity import sign_up

        member = await session.find_member(runtime, name)
        async with runtime.transaction() as tx:
            return await sign_up.let_in(runtime, tx, member.account_id)

    is_new = session.run(data, action)
    click.echo(f"{name} is let in." if is_new else f"{name} did not wait.", err=True)


@user.command("reset-password")
@click.argument("name")
@click.option("--password", help="The new one; without this option one is made and printed.")
@session.data_option
def reset_password(data: Path | None, name: str, password: str | None) -> None:
    """Give a member a new password and end their sessions."""

    async def action(runtime: "Runtime") -> str:
        from server.identity import passwords
        from server.secrets import new_token
        from server.store import sessions, users

        member = await session.find_member(runtime, name)
        chosen = password or new_token()[:20]
        passwords.check_password(chosen)
        hashed = await passwords.hash_password(runtime, chosen)
        async with runtime.transaction() as tx:
            await users.set_password(tx.db, member.account_id, hashed)
            await sessions.delete_sessions_of(tx.db, member.account_id)
        return chosen

    chosen = session.run(data, action)
    if password is None:
        click.echo(chosen)


@user.command("disable-2fa")
@click.argument("name")
@session.data_option
def disable_2fa(data: Path | None, name: str) -> None:
    """Remove a member's second factors: for who has lost them all, once you know who asks."""

    async def action(runtime: "Runtime") -> None:
        from server.moderation import user_access

        member = await session.find_member(runtime, name)
        await user_access.remove_second_factors(runtime, None, member.account_id)

    session.run(data, action)


@user.command("require-2fa")
@click.argument("role", type=click.Choice(list(BY_NAME)))
@click.option("--off", is_flag=True, help="No longer.")
@session.data_option
def require_2fa(data: Path | None, role: str, off: bool) -> None:
    """Demand a second factor of everybody with a role, before they can do anything."""

    async def action(runtime: "Runtime") -> None:
        from server.identity import second_factors

        await second_factors.demand_of(runtime, BY_NAME[role], is_demanded=not off)

    session.run(data, action)


@token.command("create")
@click.argument("name")
@click.option("--scopes", default=_DEFAULT_SCOPES, show_default=True)
@session.data_option
def create_token(data: Path | None, name: str, scopes: str) -> None:
    """Print a new access token of a member, and nothing else."""

    async def action(runtime: "Runtime") -> str:
        from server.identity import oauth
        from server.identity.scopes import parse_scopes

        member = await session.find_member(runtime, name)
        return await oauth.member_token(runtime, member.account_id, parse_scopes(scopes))

    click.echo(session.run(data, action))


def _set_suspended(data: Path | None, name: str, *, is_suspended: bool) -> None:
    async def action(runtime: "Runtime") -> None:
        from server.moderation import suspend

        member = await session.find_member(runtime, name)
        act = suspend.suspend_account if is_suspended else suspend.unsuspend_account
        await act(runtime, member.account_id)

    session.run(data, action)
