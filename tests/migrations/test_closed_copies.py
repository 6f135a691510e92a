from pathlib import Path

from server.runtime import Runtime
from server.store import follows, media_copies, suspensions
from tests.makers import make_member, make_remote, take

SQL = next(Path("migrations").glob("0100_*.sql")).read_text("utf-8")


async def test_copies_of_those_who_were_suspended_before_are_closed(runtime: Runtime) -> None:
    member = await make_member(runtime)
    for name in ("remy", "rosa"):
        author = await make_remote(runtime, name)
        await follows.insert_follow(runtime.db, member.id, author.id, None)
        picture = {"type": "Document", "mediaType": "image/png", "url": f"{author.uri}/1.png"}
        note = {
            "id": f"{author.uri}/1",
            "type": "Note",
            "attributedTo": author.uri,
            "content": "look",
            "to": "as:Public",
            "attachment": [picture],
        }
        assert await take(runtime, "Create", author, note) is None
        query = "SELECT proxy_key FROM media_attachments WHERE account_id = $1"
        key = await runtime.db.fetchval(query, author.id)
        await media_copies.put_copy(runtime.db, key, f"cache/{name}.png", None, 10)
    await runtime.db.execute("UPDATE accounts SET suspended_at = now() WHERE username = 'remy'")
    for _ in range(2):  # the second time nothing is left to do
        await runtime.db.execute(SQL)
        assert await suspensions.is_closed(runtime.db, "cache/remy.png")
        assert not await suspensions.is_closed(runtime.db, "cache/rosa.png")
