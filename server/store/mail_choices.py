"""Which kinds of notifications members get by mail as well, and which were mailed."""

from collections.abc import Collection
from dataclasses import dataclass

from server.store.database import Database

KINDS = ("mention", "quote", "follow_request", "follow", "reblog", "favourite", "poll")
OF_STAFF = ("admin.report",)  # for those who look after reports
DEFAULTS = ("mention", "quote", "follow_request")


@dataclass(frozen=True, slots=True)
class Due:
    """Notifications of one kind that a member shall get by mail, oldest first."""

    account_id: int
    username: str
    email: str
    locale: str
    kind: str
    notification_ids: list[int]


async def list_chosen(db: Database, account_id: int, offered: Collection[str] = KINDS) -> list[str]:
    """Kinds that a member gets by mail, of those that are offered."""
    rows = await db.fetch(
        "SELECT kind, wanted FROM mail_choices WHERE account_id = $1 AND wanted IS NOT NULL",
        account_id,
    )
    usual = dict.fromkeys((*DEFAULTS, *OF_STAFF), True)
    chosen = usual | {row["kind"]: row["wanted"] for row in rows}
    return [kind for kind in offered if chosen.get(kind)]


async def choose(
    db: Database, account_id: int, kinds: Collection[str], offered: Collection[str] = KINDS
) -> None:
    """Of those that were offered, these kinds by mail and no others."""
    await db.execute(
        """
        INSERT INTO mail_choices (account_id, kind, wanted)
        SELECT $1, kind, kind = ANY($3) FROM unnest($2::text[]) kind
        ON CONFLICT (account_id, kind) DO UPDATE SET wanted = excluded.wanted
        """,
        account_id,
        list(offered),
        list(kinds),
    )


async def refuse(db: Database, account_id: int, kind: str) -> None:
    """No more mails of that kind; for a member who is gone there is nothing to do."""
    await db.execute(
        """
        INSERT INTO mail_choices (account_id, kind, wanted)
        SELECT account_id, $2, false FROM users WHERE account_id = $1
        ON CONFLICT (account_id, kind) DO UPDATE SET wanted = false
        """,
        account_id,
        kind,
    )


async def list_due(db: Database, limit: int) -> list[Due]:
    """What members missed: notifications from two minutes to two days old that were not read.

    Left out are those who were there (a token of theirs was used later than ten minutes before)
    and those whose app is woken for that kind.
    """
    rows = await db.fetch(
        """
        SELECT n.account_id, a.username, u.email, u.locale, n.type AS kind,
               array_agg(n.id ORDER BY n.id) AS notification_ids
        FROM notifications n
        JOIN users u ON u.account_id = n.account_id
        JOIN accounts a ON a.id = n.account_id
        LEFT JOIN mail_choices c ON c.account_id = n.account_id AND c.kind = n.type
        LEFT JOIN markers m ON m.account_id = n.account_id AND m.timeline = 'notifications'
        WHERE n.id >= notification_id_at(now() - interval '2 days')
          AND n.id < notification_id_at(now() - interval '2 minutes')
          AND NOT n.filtered AND n.type = ANY($1) AND coalesce(c.wanted, n.type = ANY($2))
          AND n.id > coalesce(c.mailed_until, 0) AND n.id > coalesce(m.last_read_id, 0)
          AND u.disabled_at IS NULL AND u.confirmed_at IS NOT NULL AND u.approved_at IS NOT NULL
          AND a.suspended_at IS NULL
          AND NOT EXISTS (SELECT FROM tokens t WHERE t.account_id = n.account_id
                          AND t.last_used_at > n.created_at - interval '10 minutes')
          AND NOT EXISTS (SELECT FROM tokens t JOIN push_subscriptions p ON p.token_id = t.id
                          WHERE t.account_id = n.account_id AND n.type = ANY(p.alerts)
                            AND p.policy <> 'none')
        GROUP BY n.account_id, a.username, u.email, u.locale, n.type
        ORDER BY min(n.id) LIMIT $3
        """,
        [*KINDS, *OF_STAFF],
        [*DEFAULTS, *OF_STAFF],
        limit,
    )
    return [Due(**row) for row in rows]


async def note_mailed(db: Database, due: Due) -> bool:
    """These are mailed now; False when somebody else has done so already."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO mail_choices AS c (account_id, kind, mailed_until) VALUES ($1, $2, $3)
            ON CONFLICT (account_id, kind) DO UPDATE SET mailed_until = excluded.mailed_until
            WHERE c.mailed_until < excluded.mailed_until
            RETURNING true
            """,
            due.account_id,
            due.kind,
            due.notification_ids[-1],
        )
    )
