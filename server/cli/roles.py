"""`wandelgang role …`: what members may do beyond their own account."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli import session
from server.store.roles import BY_NAME

if TYPE_CHECKING:
    from server.runtime import Runtime
    from server.store.roles import Role

_ROLE = click.argument("role")
_PERMISSION = click.argument("permission")


@click.group(cls=session.Commands)
def role() -> None:
    """Roles: list, give, allow, refuse."""


@role.command("list")
@session.data_option
def list_all(data: Path | None) -> None:
    """Print every role and what it allows on top of what members may."""

    async def action(runtime: "Runtime") -> "list[Role]":
        from server.store import roles

        return await roles.list_roles(runtime.db)

    names = {role_id: name for name, role_id in BY_NAME.items()}
    for one in session.run(data, action):
        click.echo(f"{names.get(one.id, one.name)}\t{' '.join(_words(one.permissions))}")


@role.command()
@click.argument("name")
@_ROLE
@session.data_option
def give(data: Path | None, name: str, role: str) -> None:
    """Give a member a role, like: role give anna moderator."""

    async def action(runtime: "Runtime") -> None:
        from server.moderation import roles

        member, given = await session.find_member(runtime, name), await _find(runtime, role)
        await roles.give_role(runtime, None, member.account_id, given.id)

    session.run(data, action)
    click.echo(f"{name} has the role {role} now.", err=True)


@role.command()
@_ROLE
@_PERMISSION
@session.data_option
def allow(data: Path | None, role: str, permission: str) -> None:
    """Let a role do more, like: role allow member manage_email_subscriptions."""
    _change(data, role, permission, is_on=True)


@role.command()
@_ROLE
@_PERMISSION
@session.data_option
def refuse(data: Path | None, role: str, permission: str) -> None:
    """Let a role do that no longer."""
    _change(data, role, permission, is_on=False)


def _change(data: Path | None, role: str, permission: str, *, is_on: bool) -> None:
    from server.identity.permissions import Permission

    known = {(one.name or "").lower(): one for one in Permission}
    if permission not in known:
        raise click.BadParameter(f"choose one of {', '.join(known)}", param_hint="PERMISSION")

    async def action(runtime: "Runtime") -> None:
        from server.moderation import roles

        await roles.allow(runtime, (await _find(runtime, role)).id, known[permission], is_on=is_on)

    session.run(data, action)


async def _find(runtime: "Runtime", name: str) -> "Role":
    """A role by the name under which `role list` shows it. Raises NotFound."""
    from server.errors import NotFound
    from server.store import roles

    found = await roles.find_role(runtime.db, name)
    if found is None:
        raise NotFound(f"There is no role {name}; `wandelgang role list` prints them")
    return found


def _words(permissions: int) -> list[str]:
    from server.identity.permissions import Permission

    return [(one.name or "").lower() for one in Permission if permissions & one]
