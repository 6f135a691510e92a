from tests.server.cli.conftest import Command


def test_a_member_becomes_a_moderator_who_may_more(command: Command) -> None:
    command("user", "create", "anna", "--email", "anna@example.org")
    assert command("role", "give", "anna", "moderator").exit_code == 0
    assert "anna@example.org\tmoderator" in command("user", "list").stdout
    before = dict(line.split("\t") for line in command("role", "list").stdout.splitlines())
    assert "manage_blocks" not in before["moderator"].split()
    assert command("role", "allow", "moderator", "manage_blocks").exit_code == 0
    after = dict(line.split("\t") for line in command("role", "list").stdout.splitlines())
    assert {*after["moderator"].split()} - {*before["moderator"].split()} == {"manage_blocks"}
    assert command("role", "refuse", "moderator", "manage_blocks").exit_code == 0
    last = dict(line.split("\t") for line in command("role", "list").stdout.splitlines())
    assert last == before
    assert command("role", "give", "nobody", "admin").exit_code == 1
    assert command("role", "allow", "moderator", "fly").exit_code == 2
    unknown = command("role", "give", "anna", "king")
    assert unknown.exit_code == 1
    assert "There is no role king" in unknown.stderr
    assert command("role", "give", "anna", "Admin").exit_code == 0, "as pages write it"
