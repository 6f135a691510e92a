from tests.server.cli.conftest import Command


def test_relays_are_asked_listed_and_left(command: Command) -> None:
    address = "http://127.0.0.1:1/inbox"
    assert command("relay", "add", address).stdout == f"{address}\tmastodon\tpending\n"
    assert command("relay", "list").stdout == f"{address}\tmastodon\tpending\n"
    assert command("relay", "remove", address).exit_code == 0
    assert command("relay", "list").stdout == ""
    again = command("relay", "remove", address)
    assert (again.exit_code, "not one of our relays" in again.stderr) == (1, True)
