"""What of a kind there is most, for the dashboards of moderators."""

from dataclasses import dataclass
from datetime import datetime

from server.store.database import Database

# Each gives (key, human_key, value); `$1` and `$2` bound the time, `$3` the number of rows, `$4` is
# a tag's id and `$5` a domain. The names are Mastodon's.
_TAGGED = """
    FROM status_tags st JOIN statuses s ON s.id = st.status_id
    JOIN accounts a ON a.id = s.account_id
    WHERE st.tag_id = $4 AND s.visibility = 'public'
      AND st.status_id >= id_at($1) AND st.status_id < id_at($2)"""
_QUERIES = {
    "languages": """
        SELECT locale AS key, locale AS human_key, count(*) AS value FROM users
        WHERE account_id IN (SELECT account_id FROM active_days
                             WHERE day >= $1::date AND day < $2::date)
        GROUP BY locale""",
    "sources": """
        SELECT coalesce(apps.name, 'web') AS key, coalesce(apps.name, 'Website') AS human_key,
            count(*) AS value
        FROM users LEFT JOIN apps ON apps.id = users.created_by_app_id
        WHERE users.created_at >= $1 AND users.created_at < $2 GROUP BY 1, 2""",
    "servers": """
        SELECT coalesce(a.domain, $6) AS key, coalesce(a.domain, $6) AS human_key,
            count(*) AS value
        FROM statuses s JOIN accounts a ON a.id = s.account_id
        WHERE s.id >= id_at($1) AND s.id < id_at($2) GROUP BY 1""",
    "tag_servers": f"""
        SELECT coalesce(a.domain, $6) AS key, coalesce(a.domain, $6) AS human_key,
            count(*) AS value {_TAGGED} GROUP BY 1""",
    "tag_languages": f"""
        SELECT coalesce(s.language, 'und') AS key, coalesce(s.language, 'und') AS human_key,
            count(*) AS value {_TAGGED} GROUP BY 1""",
    "instance_accounts": """
        SELECT a.username AS key, a.username AS human_key, st.followers_count AS value
        FROM accounts a JOIN account_stats st ON st.account_id = a.id WHERE a.domain = $5""",
    "instance_languages": """
        SELECT coalesce(s.language, 'und') AS key, coalesce(s.language, 'und') AS human_key,
            count(*) AS value
        FROM statuses s JOIN accounts a ON a.id = s.account_id
        WHERE a.domain = $5 AND s.id >= id_at($1) AND s.id < id_at($2) GROUP BY 1""",
    "space_usage": """
        SELECT 'postgresql' AS key, 'PostgreSQL' AS human_key,
            pg_database_size(current_database()) AS value""",
}
KEYS = (*_QUERIES, "software_versions")


@dataclass(frozen=True, slots=True)
class Row:
    """One of a kind, and how much there is of it."""

    key: str
    human_key: str
    value: int


async def load_dimension(
    db: Database,
    key: str,
    since: datetime,
    until: datetime,
    limit: int,
    our_name: str,
    *,
    tag_id: int | None = None,
    domain: str | None = None,
) -> list[Row]:
    """The most frequent first; `our_name` stands for ourselves. One query."""
    rows = await db.fetch(
        f"""
        WITH typed AS (SELECT $1::timestamptz, $2::timestamptz, $4::bigint, $5::text, $6::text)
        SELECT key, human_key, value FROM ({_QUERIES[key]}) found
        ORDER BY value DESC, key LIMIT $3
        """,
        since,
        until,
        limit,
        tag_id,
        domain,
        our_name,
    )
    return [Row(**row) for row in rows]


async def database_version(db: Database) -> str:
    """Of PostgreSQL."""
    return str(await db.fetchval("SHOW server_version")).partition(" ")[0]
