import pytest

from server.cli import session
from server.runtime import Runtime
from server.settings import Settings
from tests.makers import make_remote
from tests.server.cli.conftest import Command


async def put_old_things(runtime: Runtime) -> None:
    """A post, an account without any, a copy, and a card with a picture."""
    remy = await make_remote(runtime)
    await make_remote(runtime, "free")
    db = runtime.db
    await db.execute("UPDATE accounts SET fetched_at = now() - interval '1 year'")
    await db.execute(
        """
        INSERT INTO statuses (id, account_id, uri, local, visibility, thread_id)
        VALUES (new_id('2020-01-01Z'), $1, 'https://far.example/1', false, 'public', 1)
        """,
        remy.id,
    )
    await db.execute(
        "INSERT INTO media_copies (key, file, used_at) VALUES ('a', 'copy', '2020-01-01Z')"
    )
    await db.execute(
        """
        INSERT INTO cards (url, image_file, tried_at)
        VALUES ('https://a.example', 'b', '2020-01-01Z')
        """
    )


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("statuses --followed", "1 posts"),
        ("accounts", "1 accounts"),
        ("media", "1 copies"),
        ("cards", "1 pictures"),
        ("statuses --days 36500", "0 posts"),
    ],
)
def test_dry_and_then_really(command: Command, settings: Settings, words: str, count: str) -> None:
    session.run(settings.data, put_old_things)
    for _ in range(2):
        assert command("prune", *words.split(), "--dry-run").stdout == f"{count} would go\n"
    assert command("prune", *words.split()).stdout == f"{count} deleted\n"
    assert command("prune", *words.split()).stdout.startswith("0 ")
