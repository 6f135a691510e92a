from tests.server.cli.conftest import Command


def test_rules_for_strangers_are_tried_added_moved_and_removed(command: Command) -> None:
    tried = command("spam", "try", "mentions", "5")
    assert (tried.stdout, tried.stderr) == ("", "0 in the last week.\n")
    first = command("spam", "add", "mentions", "5", "drop").stdout.strip()
    second = command("spam", "add", "keyword", "Free crypto", "hold").stdout.strip()
    assert command("spam", "move", second, "1").exit_code == 0
    assert command("spam", "list").stdout.splitlines() == [
        f"{second}\tkeyword\tFree crypto\thold",
        f"{first}\tmentions\t5\tdrop",
    ]
    assert command("spam", "try").exit_code == 0
    assert command("spam", "remove", second).exit_code == 0
    for words in (("remove", second), ("move", second, "1"), ("add", "mentions", "x", "drop")):
        assert command("spam", *words).exit_code == 1
    assert command("spam", "list").stdout.count("\n") == 1
