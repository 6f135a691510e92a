"""What holds for other servers: blocks of domains, and the list of allowed ones."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.errors import NotFound
from server.store import suspensions
from server.store.database import Database, affected
from server.store.pages import Page, arguments, bounds, newest_first


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of domain_rules; `severity` is silence, suspend or noop."""

    id: int
    domain: str
    severity: str
    reject_media: bool
    reject_reports: bool
    private_comment: str | None
    public_comment: str | None
    obfuscate: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewRule:
    """What a moderator says of a domain."""

    severity: str = "silence"
    reject_media: bool = False
    reject_reports: bool = False
    private_comment: str | None = None
    public_comment: str | None = None
    obfuscate: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """A row of allowed_domains."""

    id: int
    domain: str
    created_at: datetime


_COLUMNS = """id, domain, severity, reject_media, reject_reports, private_comment, public_comment,
    obfuscate, created_at"""
_MINE = "($1 = domain OR domain LIKE '%.' || $1)"


def parents(domain: str) -> Iterator[str]:
    """The domain itself and all that it stands below, the nearest first; ports are left out."""
    labels = domain.partition(":")[0].lower().split(".")
    yield domain.lower()
    for start in range(len(labels)):
        yield ".".join(labels[start:])


class DomainRules:
    """All rules as one process knows them, loaded anew when they change.

    One reading at a time: what was read before a change does not take the place of what came after.
    """

    def __init__(self, *, is_allow_list: bool = False) -> None:
        self._reading = asyncio.Lock()
        self._is_allow_list = is_allow_list
        self._rules: dict[str, Rule] = {}
        self._allowed: set[str] = set()

    async def load(self, db: Database) -> None:
        """Read them from the database."""
        async with self._reading:
            rows = await db.fetch(f"SELECT {_COLUMNS} FROM domain_rules")
            allowed = await db.fetch("SELECT domain FROM allowed_domains")
            self._rules = {row["domain"]: Rule(**row) for row in rows}
            self._allowed = {row["domain"] for row in allowed}

    async def keep(self, rule: Rule) -> None:
        """A rule that was written just now: with thousands of them, reading all takes a while."""
        async with self._reading:
            self._rules[rule.domain] = rule

    async def forget(self, domain: str) -> None:
        """A rule that was deleted just now."""
        async with self._reading:
            self._rules.pop(domain, None)

    def of(self, domain: str) -> Rule | None:
        """The rule that holds for a domain: its own, else the nearest above it."""
        if not self._rules:
            return None
        return next((self._rules[one] for one in parents(domain) if one in self._rules), None)

    def refuses(self, domain: str) -> bool:
        """Whether nothing goes to and comes from a domain."""
        rule = self.of(domain)
        if rule and rule.severity == "suspend":
            return True
        return self._is_allow_list and not self._allowed.intersection(parents(domain))

    def shows_no_media(self, domain: str) -> bool:
        """Whether no pictures and files of a domain are shown."""
        rule = self.of(domain)
        return rule is not None and (rule.reject_media or rule.severity == "suspend")


async def rule_page(db: Database, page: Page, name: str = "") -> list[Rule]:
    """Rules for domains with that in their name, the latest first."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM domain_rules WHERE position($1 IN domain) > 0
            {bounds(page, "id", 2)}
        """,
        name,
        *arguments(page),
    )
    return [Rule(**row) for row in newest_first(rows, page)]


async def list_rules(db: Database) -> list[Rule]:
    """All rules that do something, by domain."""
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM domain_rules ORDER BY domain")
    return [Rule(**row) for row in rows]


async def get_rule(db: Database, rule_id: int) -> Rule:
    """Raises NotFound."""
    row = await db.fetchrow(f"SELECT {_COLUMNS} FROM domain_rules WHERE id = $1", rule_id)
    if row is None:
        raise NotFound
    return Rule(**row)


async def find_rule(db: Database, domain: str) -> Rule | None:
    """The rule that holds for a domain, its own or that of one above it."""
    row = await db.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM domain_rules WHERE domain = ANY($1)
        ORDER BY length(domain) DESC LIMIT 1
        """,
        list(parents(domain)),
    )
    return None if row is None else Rule(**row)


async def list_around(db: Database, domain: str) -> list[Rule]:
    """The rules that hold for a domain or for something below it."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} FROM domain_rules WHERE {_MINE} OR domain = ANY($2) ORDER BY domain",
        domain,
        list(parents(domain)),
    )
    return [Rule(**row) for row in rows]


async def put_rule(db: Database, domain: str, new: NewRule) -> Rule:
    """Write a rule, over the one that the domain had; what it did keeps its time."""
    row = await db.fetchrow(
        f"""
        INSERT INTO domain_rules (domain, severity, reject_media, reject_reports, private_comment,
                                  public_comment, obfuscate)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (domain) DO UPDATE SET severity = excluded.severity,
            reject_media = excluded.reject_media, reject_reports = excluded.reject_reports,
            private_comment = excluded.private_comment, public_comment = excluded.public_comment,
            obfuscate = excluded.obfuscate
        RETURNING {_COLUMNS}
        """,
        domain,
        new.severity,
        new.reject_media,
        new.reject_reports,
        new.private_comment,
        new.public_comment,
        new.obfuscate,
    )
    return Rule(**row)


async def delete_rule(db: Database, rule_id: int) -> None:
    """Forget a rule; see `lift`."""
    await db.execute("DELETE FROM domain_rules WHERE id = $1", rule_id)


async def lift(db: Database, rule: Rule) -> None:
    """Bring back whom the rule silenced or suspended, and nobody else."""
    rows = await db.fetch(
        f"""
        UPDATE accounts SET revision = revision + 1,
            silenced_at = CASE WHEN silenced_at = $2 THEN NULL ELSE silenced_at END,
            suspended_at = CASE WHEN suspended_at = $2 THEN NULL ELSE suspended_at END
        WHERE {_MINE} AND (silenced_at = $2 OR suspended_at = $2) RETURNING id
        """,
        rule.domain,
        rule.created_at,
    )
    await suspensions.follow(db, [row["id"] for row in rows])


async def apply(db: Database, rule: Rule) -> None:
    """Silence or suspend the accounts of the domain, and show no pictures of those whose media are
    rejected: they are read anew with the account when the rule is gone.
    """
    if rule.reject_media:
        await db.execute(
            f"""
            UPDATE accounts SET avatar_remote_url = NULL, header_remote_url = NULL, emojis = '[]',
                revision = revision + 1
            WHERE {_MINE} AND (avatar_remote_url IS NOT NULL OR header_remote_url IS NOT NULL
                OR emojis <> '[]')
            """,
            rule.domain,
        )
    column = {"silence": "silenced_at", "suspend": "suspended_at"}.get(rule.severity)
    if column is None:
        return
    rows = await db.fetch(
        f"""
        UPDATE accounts SET {column} = $2, revision = revision + 1
        WHERE {_MINE} AND {column} IS NULL RETURNING id
        """,
        rule.domain,
        rule.created_at,
    )
    await suspensions.follow(db, [row["id"] for row in rows])


async def mark_new_account(db: Database, account_id: int, rule: Rule) -> None:
    """Somebody of a silenced domain is seen for the first time."""
    await db.execute(
        "UPDATE accounts SET silenced_at = $2 WHERE id = $1 AND silenced_at IS NULL",
        account_id,
        rule.created_at,
    )


async def list_ties(db: Database, domain: str, limit: int) -> list[Any]:
    """Follows between members and a domain: (account_id, target_id, uri, is_ours)."""
    rows: list[Any] = await db.fetch(
        f"""
        WITH others AS (SELECT id FROM accounts WHERE {_MINE})
        SELECT f.account_id, f.target_id, f.uri, true AS is_ours FROM follows f
        JOIN others ON others.id = f.target_id
        UNION ALL
        SELECT f.account_id, f.target_id, f.uri, false FROM follows f
        JOIN others ON others.id = f.account_id
        LIMIT $2
        """,
        domain,
        limit,
    )
    return rows


async def allowed_page(db: Database, page: Page) -> list[Allowed]:
    """Allowed domains, the latest first."""
    rows = await db.fetch(
        f"""
        SELECT id, domain, created_at FROM allowed_domains WHERE true {bounds(page, "id", 1)}
        """,
        *arguments(page),
    )
    return [Allowed(**row) for row in newest_first(rows, page)]


async def get_allowed(db: Database, allowed_id: int) -> Allowed:
    """Raises NotFound."""
    row = await db.fetchrow(
        "SELECT id, domain, created_at FROM allowed_domains WHERE id = $1", allowed_id
    )
    if row is None:
        raise NotFound
    return Allowed(**row)


async def find_allowed(db: Database, domain: str) -> Allowed | None:
    """The row of a domain, if it is on the list."""
    row = await db.fetchrow(
        "SELECT id, domain, created_at FROM allowed_domains WHERE domain = $1", domain
    )
    return None if row is None else Allowed(**row)


async def allow(db: Database, domain: str) -> Allowed:
    """Put a domain on the list; it may stand there already."""
    row = await db.fetchrow(
        """
        INSERT INTO allowed_domains (domain) VALUES ($1)
        ON CONFLICT (domain) DO UPDATE SET domain = excluded.domain
        RETURNING id, domain, created_at
        """,
        domain,
    )
    return Allowed(**row)


async def disallow(db: Database, allowed_id: int) -> bool:
    """Take a domain off the list; gives whether it stood there."""
    tag = await db.execute("DELETE FROM allowed_domains WHERE id = $1", allowed_id)
    return affected(tag) > 0
