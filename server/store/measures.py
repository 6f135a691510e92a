"""Numbers of a period, day by day, for the dashboards of moderators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.store.database import Database

# Each counts what happened from r.since until before r.until; `$3` is a tag's id, `$4` a domain,
# and `$5` says whether those below it count as well.
# The names are Mastodon's.
_TAGGED = """
    FROM status_tags st JOIN statuses s ON s.id = st.status_id
    JOIN accounts a ON a.id = s.account_id
    WHERE st.tag_id = $3 AND s.visibility = 'public'
      AND st.status_id >= id_at(r.since) AND st.status_id < id_at(r.until)"""
_THEIRS = "(domain = $4 OR ($5 AND domain LIKE '%.' || $4))"
_PEOPLE = f"(SELECT id FROM accounts WHERE {_THEIRS})"
_COUNTS = {
    "active_users": """SELECT count(DISTINCT account_id) FROM active_days
        WHERE day >= r.since::date AND day < r.until::date""",
    "new_users": "SELECT count(*) FROM users WHERE created_at >= r.since AND created_at < r.until",
    "interactions": """SELECT
        (SELECT count(*) FROM favourites f JOIN statuses s ON s.id = f.status_id
         WHERE s.local AND f.id >= id_at(r.since) AND f.id < id_at(r.until))
        + (SELECT count(*) FROM statuses b
           JOIN statuses s ON s.id = coalesce(b.boost_of_id, b.in_reply_to_id)
           WHERE s.local AND b.id >= id_at(r.since) AND b.id < id_at(r.until))""",
    "opened_reports": """SELECT count(*) FROM reports
        WHERE created_at >= r.since AND created_at < r.until""",
    "resolved_reports": """SELECT count(*) FROM reports
        WHERE action_taken_at >= r.since AND action_taken_at < r.until""",
    "tag_accounts": f"SELECT count(DISTINCT s.account_id) {_TAGGED}",
    "tag_uses": f"SELECT count(*) {_TAGGED}",
    "tag_servers": f"SELECT count(DISTINCT a.domain) {_TAGGED}",
    "instance_accounts": f"""SELECT count(*) FROM accounts
        WHERE {_THEIRS} AND id >= id_at(r.since) AND id < id_at(r.until)""",
    "instance_media_attachments": f"""SELECT count(*) FROM media_attachments
        WHERE account_id IN {_PEOPLE} AND id >= id_at(r.since) AND id < id_at(r.until)""",
    "instance_reports": f"""SELECT count(*) FROM reports WHERE target_id IN {_PEOPLE}
        AND created_at >= r.since AND created_at < r.until""",
    "instance_statuses": f"""SELECT count(*) FROM statuses
        WHERE account_id IN {_PEOPLE} AND id >= id_at(r.since) AND id < id_at(r.until)""",
    "instance_follows": f"""SELECT count(*) FROM follows
        WHERE target_id IN {_PEOPLE} AND id >= id_at(r.since) AND id < id_at(r.until)""",
    "instance_followers": f"""SELECT count(*) FROM follows
        WHERE account_id IN {_PEOPLE} AND id >= id_at(r.since) AND id < id_at(r.until)""",
}
KEYS = tuple(_COUNTS)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a period, of the one before (None where all time counts), and of each day."""

    key: str
    total: int
    previous_total: int | None
    days: Sequence[tuple[datetime, int]]


async def load_measure(
    db: Database,
    key: str,
    start: datetime,
    end: datetime,
    *,
    tag_id: int | None = None,
    domain: str | None = None,
    with_subdomains: bool = False,
) -> Measure:
    """A measure of KEYS from the day of `start` to that of `end` (midnights, UTC); one query.

    What is counted of another instance is counted for all time in `total`.
    """
    day = timedelta(days=1)
    days = [start + day * number for number in range((end - start).days + 1)]
    after = end + day
    is_all = key.startswith("instance_")
    whole = (start, after)
    if is_all:
        whole = (datetime.fromtimestamp(0, start.tzinfo), datetime.now(start.tzinfo) + day)
    ranges = [(at, at + day) for at in days]
    ranges += [whole, (start - (after - start), start)]
    rows = await db.fetch(
        f"""
        SELECT ({_COUNTS[key]}) AS value
        FROM unnest($1::timestamptz[], $2::timestamptz[]) WITH ORDINALITY AS r (since, until, place)
        -- Whichever is not used has a type too.
        CROSS JOIN (SELECT $3::bigint, $4::text, $5::boolean) typed
        ORDER BY r.place
        """,
        [since for since, _ in ranges],
        [until for _, until in ranges],
        tag_id,
        domain,
        with_subdomains,
    )
    values = [row["value"] for row in rows]
    return Measure(
        key, values[-2], None if is_all else values[-1], list(zip(days, values, strict=False))
    )
