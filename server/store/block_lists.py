"""Lists of blocked domains that others keep, and what of them moderators still have to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.store.database import Database, affected
from server.store.domain_rules import NewRule


@dataclass(frozen=True, slots=True)
class BlockList:
    """A row of block_lists; `open` counts its undecided drafts."""

    id: int
    url: str
    checked_at: datetime | None
    error: str | None
    open: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A row of block_list_drafts, with the list's address.

    `follows` are those between members and the domain, which a suspension ends.
    """

    id: int
    list_id: int
    url: str
    domain: str
    action: str
    rule: NewRule
    state: str
    follows: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a list says of a domain and we do not (do): a new draft, or an old one opened again."""

    domain: str
    action: str
    rule: NewRule


async def insert_list(db: Database, url: str) -> int:
    """A list to be read; one that is there already stays. Gives its id."""
    return int(
        await db.fetchval(
            """
            INSERT INTO block_lists (url) VALUES ($1)
            ON CONFLICT (url) DO UPDATE SET url = excluded.url RETURNING id
            """,
            url,
        )
    )


async def list_lists(db: Database) -> list[BlockList]:
    """All lists, the first one first."""
    rows = await db.fetch(
        """
        SELECT l.id, l.url, l.checked_at, l.error,
            (SELECT count(*) FROM block_list_drafts d
             WHERE d.list_id = l.id AND d.state = 'open') AS open
        FROM block_lists l ORDER BY l.id
        """
    )
    return [BlockList(**row) for row in rows]


async def find_url(db: Database, list_id: int) -> str | None:
    """Where a list stands."""
    url: str | None = await db.fetchval("SELECT url FROM block_lists WHERE id = $1", list_id)
    return url


async def list_due(db: Database) -> list[int]:
    """Lists that were not read for a day."""
    rows = await db.fetch(
        """
        SELECT id FROM block_lists
        WHERE checked_at IS NULL OR checked_at < now() - interval '1 day'
        """
    )
    return [row["id"] for row in rows]


async def mark_checked(db: Database, list_id: int, error: str | None) -> None:
    """A list was read now, or could not be."""
    await db.execute(
        "UPDATE block_lists SET checked_at = now(), error = $2 WHERE id = $1", list_id, error
    )


async def delete_list(db: Database, list_id: int) -> bool:
    """Read a list no more, and forget its drafts; gives whether it was there."""
    return affected(await db.execute("DELETE FROM block_lists WHERE id = $1", list_id)) > 0


async def list_drafts(db: Database, list_id: int) -> dict[str, Draft]:
    """All drafts of a list by domain, decided ones too."""
    rows = await db.fetch(f"SELECT {_COLUMNS} {_FROM} WHERE d.list_id = $1", list_id)
    return {row["domain"]: _draft(row) for row in rows}


async def list_open(db: Database, limit: int) -> list[Draft]:
    """Undecided drafts with what they would end, those first that would end most."""
    rows = await db.fetch(
        f"""
        WITH ties AS (
            SELECT a.domain, count(*) AS follows FROM follows f
            JOIN accounts a ON a.id IN (f.account_id, f.target_id) AND a.domain IS NOT NULL
            GROUP BY a.domain),
        -- Each counts for all domains that it stands below.
        ended AS (
            SELECT array_to_string(labels[first:], '.') AS domain, sum(follows)::bigint AS follows
            FROM (SELECT string_to_array(domain, '.') AS labels, follows FROM ties) t,
                generate_series(1, cardinality(labels)) AS first
            GROUP BY 1)
        SELECT {_COLUMNS}, coalesce(ended.follows, 0) AS follows
        {_FROM} LEFT JOIN ended ON ended.domain = d.domain
        WHERE d.state = 'open' ORDER BY follows DESC, d.domain, d.id LIMIT $1
        """,
        limit,
    )
    return [_draft(row) for row in rows]


async def list_by_ids(db: Database, ids: Sequence[int]) -> list[Draft]:
    """The undecided ones among these drafts."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} {_FROM} WHERE d.id = ANY($1) AND d.state = 'open' ORDER BY d.id",
        list(ids),
    )
    return [_draft(row) for row in rows]


async def put_changes(db: Database, list_id: int, changes: Sequence[Change]) -> None:
    """Open a draft for each; one that the domain had is overwritten."""
    await db.execute(
        """
        INSERT INTO block_list_drafts (list_id, domain, action, severity, reject_media,
                                       reject_reports, public_comment, obfuscate)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::boolean[],
                                 $7::text[], $8::boolean[])
        ON CONFLICT (list_id, domain) DO UPDATE SET action = excluded.action,
            severity = excluded.severity, reject_media = excluded.reject_media,
            reject_reports = excluded.reject_reports, public_comment = excluded.public_comment,
            obfuscate = excluded.obfuscate, state = 'open'
        """,
        list_id,
        [change.domain for change in changes],
        [change.action for change in changes],
        [change.rule.severity for change in changes],
        [change.rule.reject_media for change in changes],
        [change.rule.reject_reports for change in changes],
        [change.rule.public_comment for change in changes],
        [change.rule.obfuscate for change in changes],
    )


async def set_state(db: Database, draft_id: int, state: str) -> None:
    """A moderator has decided."""
    await db.execute("UPDATE block_list_drafts SET state = $2 WHERE id = $1", draft_id, state)


async def delete_drafts(db: Database, ids: Sequence[int]) -> None:
    """Forget what a list says no more."""
    await db.execute("DELETE FROM block_list_drafts WHERE id = ANY($1)", list(ids))


_COLUMNS = """d.id, d.list_id, l.url, d.domain, d.action, d.severity, d.reject_media,
    d.reject_reports, d.public_comment, d.obfuscate, d.state"""
_FROM = "FROM block_list_drafts d JOIN block_lists l ON l.id = d.list_id"


def _draft(row: Mapping[str, Any]) -> Draft:
    values = dict(row)
    rule = NewRule(
        severity=values.pop("severity"),
        reject_media=values.pop("reject_media"),
        reject_reports=values.pop("reject_reports"),
        public_comment=values.pop("public_comment"),
        obfuscate=values.pop("obfuscate"),
    )
    return Draft(rule=rule, **values)
