from tests.server.cli.conftest import Command


def test_a_decision_is_given_and_listed(command: Command) -> None:
    command("user", "create", "ben", "--email", "ben@example.org")
    given = command("strike", "give", "ben", "silence", "--text", "Enough\nnow")
    assert given.exit_code == 0, given.output
    number, _, kind, state, text = command("strike", "list", "ben").stdout.strip().split("\t")
    assert (kind, state, text) == ("silence", "-", "Enough now")
    assert command("strike", "appeal", number).exit_code == 1  # nobody has appealed
    assert command("strike", "give", "nobody@far.example", "silence").exit_code == 1
    assert command("strike", "give", "ben", "shout").exit_code == 2
