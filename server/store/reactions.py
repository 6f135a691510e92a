"""Emoji that people put under statuses, several of each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.store.database import Database
from server.store.visibility import not_hidden

Picture = dict[str, str]


# SQL: how a reaction is called, told apart from those of other instances.
FULL_NAME = "name || coalesce('@' || domain, '')"


@dataclass(frozen=True, slots=True)
class Emoji:
    """What somebody reacts with: an emoji, or a custom one's shortcode, its domain and picture.

    `domain` is None for ours; `picture` is {file, static_file} for ours, else {url}.
    """

    name: str
    domain: str | None = None
    picture: Picture | None = None

    @property
    def full_name(self) -> str:
        """The name by which clients know it: `shortcode@domain` for one of elsewhere."""
        return self.name if self.domain is None else f"{self.name}@{self.domain}"


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji under a status, and how many people put it there."""

    emoji: Emoji
    count: int


@dataclass(frozen=True, slots=True)
class Reactors:
    """The same with the people: ids of accounts, the first ones of `count`."""

    emoji: Emoji
    count: int
    account_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Room:
    """What stands under a status already."""

    is_there: bool  # this emoji by this account
    is_known: bool  # this emoji by anybody
    own: int  # by this account
    kinds: int  # different ones in all


def summary(status: str) -> str:
    """SQL expression: reactions under the row `status` as JSON, the first one first.

    Those of suspended accounts are not counted.
    """
    return f"""(
        SELECT jsonb_agg(jsonb_build_object('name', name, 'domain', domain, 'picture', picture,
                                            'count', count) ORDER BY first)
        FROM (SELECT r.name, r.domain, (array_agg(r.picture ORDER BY r.id))[1] AS picture,
                  count(*) AS count, min(r.id) AS first
              FROM reactions r JOIN accounts reactor ON reactor.id = r.account_id
              WHERE r.status_id = {status}.id AND reactor.suspended_at IS NULL
              GROUP BY r.name, r.domain) each)"""


def read_summary(value: list[dict[str, Any]] | None) -> list[Reaction]:
    """What `summary` gave."""
    return [
        Reaction(Emoji(row["name"], row["domain"], row["picture"]), row["count"])
        for row in value or ()
    ]


async def lock_room(db: Database, account_id: int, status_id: int, emoji: Emoji) -> Room:
    """What stands under a status; nobody else adds to it until the transaction ends."""
    await db.execute("SELECT FROM statuses WHERE id = $1 FOR NO KEY UPDATE", status_id)
    row = await db.fetchrow(
        """
        SELECT coalesce(bool_or(account_id = $2 AND is_it), false) AS is_there,
            coalesce(bool_or(is_it), false) AS is_known,
            count(*) FILTER (WHERE account_id = $2) AS own,
            count(DISTINCT (name, domain)) AS kinds
        FROM (SELECT *, name = $3 AND domain IS NOT DISTINCT FROM $4 AS is_it
              FROM reactions WHERE status_id = $1) r
        """,
        status_id,
        account_id,
        emoji.name,
        emoji.domain,
    )
    return Room(**row)


async def insert_reaction(
    db: Database, account_id: int, status_id: int, emoji: Emoji, uri: str | None
) -> int:
    """Id of the new reaction."""
    return int(
        await db.fetchval(
            """
            WITH changed AS (UPDATE statuses SET revision = revision + 1 WHERE id = $2)
            INSERT INTO reactions (account_id, status_id, name, domain, picture, uri)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
            """,
            account_id,
            status_id,
            emoji.name,
            emoji.domain,
            emoji.picture,
            uri,
        )
    )


async def delete_reaction(
    db: Database, account_id: int, status_id: int, name: str, domain: str | None
) -> tuple[int, Emoji] | None:
    """Take a reaction back; gives its id and emoji, None when there was none."""
    row = await db.fetchrow(
        """
        WITH r AS (
            DELETE FROM reactions WHERE account_id = $1 AND status_id = $2 AND name = $3
              AND domain IS NOT DISTINCT FROM $4 RETURNING id, name, domain, picture),
        changed AS (
            UPDATE statuses SET revision = revision + 1 WHERE id = $2 AND EXISTS (SELECT FROM r))
        SELECT * FROM r
        """,
        account_id,
        status_id,
        name,
        domain,
    )
    return None if row is None else (row["id"], Emoji(row["name"], row["domain"], row["picture"]))


async def change_picture(db: Database, name: str, picture: Picture | None) -> None:
    """Show another picture for a custom emoji of ours; None takes all reactions with it away."""
    found = "name = $1 AND domain IS NULL AND picture IS NOT NULL"
    if picture is not None:
        await db.execute(
            f"""
            WITH changed AS (UPDATE reactions SET picture = $2 WHERE {found} RETURNING status_id)
            UPDATE statuses SET revision = revision + 1
            WHERE id IN (SELECT status_id FROM changed)
            """,
            name,
            picture,
        )
        return
    await db.execute(
        f"""
        WITH gone AS (DELETE FROM reactions WHERE {found} RETURNING status_id, account_id),
        untold AS (
            DELETE FROM notifications n USING gone
            WHERE n.type = 'pleroma:emoji_reaction' AND n.status_id = gone.status_id
              AND n.from_account_id = gone.account_id AND NOT EXISTS (
                  SELECT FROM reactions r
                  WHERE r.status_id = gone.status_id AND r.account_id = gone.account_id
                    AND (r.name <> $1 OR r.domain IS NOT NULL)))
        UPDATE statuses SET revision = revision + 1 WHERE id IN (SELECT status_id FROM gone)
        """,
        name,
    )


async def has_reacted(db: Database, account_id: int, status_id: int) -> bool:
    """Whether an account has any reaction under a status."""
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT FROM reactions WHERE account_id = $1 AND status_id = $2)",
            account_id,
            status_id,
        )
    )


async def find_custom(db: Database, status_id: int, name: str, domain: str | None) -> Emoji | None:
    """A custom emoji that stands under the status already, with its picture."""
    picture = await db.fetchval(
        """
        SELECT picture FROM reactions
        WHERE status_id = $1 AND name = $2 AND domain IS NOT DISTINCT FROM $3
          AND picture IS NOT NULL ORDER BY id LIMIT 1
        """,
        status_id,
        name,
        domain,
    )
    return Emoji(name, domain, picture) if picture else None


async def find_by_picture(
    db: Database, status_id: int, name: str, url: str, file: str | None
) -> Emoji | None:
    """A custom emoji under the status with that name and that address, or file of ours."""
    row = await db.fetchrow(
        """
        SELECT name, domain, picture FROM reactions
        WHERE status_id = $1 AND name = $2
          AND (picture ->> 'url' = $3 OR picture ->> 'file' = $4) ORDER BY id LIMIT 1
        """,
        status_id,
        name,
        url,
        file,
    )
    return None if row is None else Emoji(**row)


async def find_reacted(
    db: Database, account_id: int, uri: str | None, status_uri: str | None, name: str | None
) -> tuple[int, str, str | None] | None:
    """(status, name, domain) of an account's reaction with that id, or of that name there."""
    row = await db.fetchrow(
        """
        SELECT r.status_id, r.name, r.domain FROM reactions r JOIN statuses s ON s.id = r.status_id
        WHERE r.account_id = $1 AND (r.uri = $2 OR (s.uri = $3 AND r.name = $4))
        ORDER BY r.uri = $2 DESC NULLS LAST LIMIT 1
        """,
        account_id,
        uri,
        status_uri,
        name,
    )
    return None if row is None else tuple(row)


async def list_reactors(
    db: Database, status_id: int, viewer_id: int | None, name: str | None, most: int
) -> list[Reactors]:
    """Reactions under a status with up to `most` people each; `name` chooses one by full name.

    Left out is whom the viewer blocks or mutes, and who is suspended.
    """
    rows = await db.fetch(
        f"""
        SELECT r.name, r.domain, (array_agg(r.picture ORDER BY r.id))[1] AS picture,
            count(*) AS count, (array_agg(r.account_id ORDER BY r.id))[1:$4] AS account_ids
        FROM reactions r JOIN accounts a ON a.id = r.account_id
        WHERE r.status_id = $1 AND a.suspended_at IS NULL AND {not_hidden("a.id", "$2::bigint")}
          AND ($3::text IS NULL OR r.name || coalesce('@' || r.domain, '') = $3)
        GROUP BY r.name, r.domain ORDER BY min(r.id)
        """,
        status_id,
        viewer_id,
        name,
        most,
    )
    return [
        Reactors(
            Emoji(row["name"], row["domain"], row["picture"]), row["count"], row["account_ids"]
        )
        for row in rows
    ]
