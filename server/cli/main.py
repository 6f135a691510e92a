"""`wandelgang`: which command stands where. Each is imported only when it is asked for."""

import importlib

import click

from server.cli import session

COMMANDS = {
    "up": "server.cli.up:up",
    "web": "server.cli.serve:web",
    "worker": "server.cli.serve:worker",
    "migrate": "server.cli.serve:migrate",
    "owner-link": "server.cli.serve:owner_link",
    "doctor": "server.cli.doctor:doctor",
    "user": "server.cli.accounts:user",
    "token": "server.cli.accounts:token",
    "role": "server.cli.roles:role",
    "strike": "server.cli.strikes:strike",
    "export": "server.cli.transfer:export",
    "import": "server.cli.transfer:bring",
    "domain": "server.cli.domains:domain",
    "blocklist": "server.cli.block_lists:blocklist",
    "prune": "server.cli.prune:prune",
    "relay": "server.cli.relays:relay",
    "rule": "server.cli.rules:rule",
    "spam": "server.cli.spam:spam",
    "text": "server.cli.texts:text",
    "emoji": "server.cli.emojis:emoji",
    "report": "server.cli.report:report",
    "announcement": "server.cli.announcements:announcement",
}


class LazyCommands(session.Commands):
    """The commands of COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyCommands)
def main() -> None:
    """A federated microblogging server for people at work.

    `wandelgang up` starts everything. Settings come from DATA/wandelgang.toml and from the
    environment (WANDELGANG_ and the setting's name); docs/settings.md has them all.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
    """


if __name__ == "__main__":
    main(prog_name="wandelgang")
