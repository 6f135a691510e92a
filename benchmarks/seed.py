"""Data in place before the measurement, written by SQL: making it by the API would take longer."""

import asyncio
from dataclasses import dataclass

import asyncpg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True, slots=True)
class RemoteActor:
    """A remote account with its private key, to sign as it."""

    uri: str
    key_uri: str
    private_pem: bytes


async def seed_posts(database_url: str, reader: str, count: int) -> int:
    """`count` public posts of 20 authors whom the reader follows, in the reader's home.

    Returns the id of the newest, when the worker has indexed them all for searching.
    """
    db = await asyncpg.connect(database_url)
    try:
        reader_id = await db.fetchval("SELECT id FROM accounts WHERE username = $1", reader)
        await db.execute(
            """
            WITH authors AS (
                INSERT INTO accounts (username, domain, uri, url, display_name, inbox_url,
                                      indexable)
                SELECT 'author' || n, 'far.example', 'https://far.example/users/' || n,
                       'https://far.example/@author' || n, 'Author ' || n,
                       'https://far.example/users/' || n || '/inbox', true
                FROM generate_series(1, 20) n RETURNING id)
            INSERT INTO follows (account_id, target_id) SELECT $1, id FROM authors
            """,
            reader_id,
        )
        await db.execute(
            """
            WITH authors AS (
                SELECT array_agg(target_id) AS ids FROM follows WHERE account_id = $1),
            posts AS (
                INSERT INTO statuses (id, account_id, uri, url, local, visibility, content,
                                      language, thread_id, created_at)
                SELECT new_id(now() - make_interval(secs => $2 - n)), ids[1 + n % 20],
                       'https://far.example/statuses/' || n, 'https://far.example/statuses/' || n,
                       false, 'public', '<p>Post ' || n || repeat(' about what we tried', 6)
                       || '</p>', 'en', n, now() - make_interval(secs => $2 - n)
                FROM authors, generate_series(1, $2) n RETURNING id, account_id),
            notified AS (
                INSERT INTO notifications (account_id, type, from_account_id, status_id)
                SELECT $1, 'mention', account_id, id FROM posts ORDER BY id DESC LIMIT 200)
            INSERT INTO home_entries (account_id, status_id, shown_id, author_id)
            SELECT $1, id, id, account_id FROM posts
            """,
            reader_id,
            count,
        )
        await db.execute("INSERT INTO jobs (name, args) VALUES ('index_statuses', '[0]')")
        while await db.fetchval("SELECT count(*) FROM status_words") < count:
            await asyncio.sleep(0.2)
        await db.execute("ANALYZE")
        return int(await db.fetchval("SELECT max(id) FROM statuses"))
    finally:
        await db.close()


async def seed_followers(database_url: str, author: str, remote: str, count: int) -> None:
    """`count` remote followers, each with an inbox of its own at the fake remote."""
    db = await asyncpg.connect(database_url)
    try:
        await db.execute(
            """
            WITH followers AS (
                INSERT INTO accounts (username, domain, uri, inbox_url)
                SELECT 'follower' || n, $2, 'http://' || $2 || '/users/' || n,
                       'http://' || $2 || '/users/' || n || '/inbox'
                FROM generate_series(1, $3) n RETURNING id)
            INSERT INTO follows (account_id, target_id)
            SELECT followers.id, author.id FROM followers, accounts author
            WHERE author.username = $1
            """,
            author,
            remote,
            count,
        )
    finally:
        await db.close()


async def seed_known_actors(
    database_url: str, reader: str, remote: str, count: int
) -> list[RemoteActor]:
    """Remote accounts that the reader follows and whose keys are known."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public_pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    actors = [
        RemoteActor(
            f"http://{remote}/actors/{n}", f"http://{remote}/actors/{n}#main-key", private_pem
        )
        for n in range(count)
    ]
    db = await asyncpg.connect(database_url)
    try:
        await db.execute(
            """
            WITH added AS (
                INSERT INTO accounts (username, domain, uri, inbox_url, followers_url, fetched_at)
                SELECT 'known' || n, $2, uri, uri || '/inbox', uri || '/followers', now()
                FROM unnest($3::text[]) WITH ORDINALITY AS t (uri, n) RETURNING id, uri),
            keys AS (
                INSERT INTO actor_keys (uri, account_id, public_pem)
                SELECT uri || '#main-key', id, $4 FROM added)
            INSERT INTO follows (account_id, target_id)
            SELECT reader.id, added.id FROM added, accounts reader WHERE reader.username = $1
            """,
            reader,
            remote,
            [actor.uri for actor in actors],
            public_pem.decode(),
        )
    finally:
        await db.close()
    return actors
