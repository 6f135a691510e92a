"""Waves of spam: what is done with new posts of strangers, by the owners' rules.

A stranger is an account elsewhere that no member follows, has named, or has let in. A rule has a
condition, a value and an outcome:

    mentions      names more people than that
    young         a first post with a link, by an account of fewer days than that
    followerless  a first post with a link, by an account with fewer followers than that
    old           is older than so many days
    repeated      its text or a link came from at least so many strangers within a day
    keyword       has that text in it, whatever the case
    domain        comes from that domain or one below it

The rules are looked at in their order. `strip_media` and `unlist` add up; the first of `drop` (not
kept), `hold` (the notifications wait in requests) and `limit` (the account is silenced) ends it.
Beside what storing a post costs anyway there are two queries; for who is no stranger one, and
without rules none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from federation.documents.note import Note
from federation.errors import NotAllowed, RemoteError
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.runtime import Runtime
from server.store import audit_log, strangers
from server.store.accounts import Account
from server.store.inbound_rules import InboundRule
from server.store.status_writes import NewStatus
from server.text.links import is_within, list_links
from server.text.prints import normal_text, prints_of
from server.text.sanitize import sanitize_html
from server.transaction import Transaction

OUTCOMES = ("drop", "hold", "limit", "strip_media", "unlist")
_ENDS = {"drop", "hold", "limit"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions look at; `followers` is None when nobody told."""

    domain: str
    text: str
    mentions: int
    links: Sequence[str]
    account_age: timedelta
    post_age: timedelta
    is_first: bool
    writers: int = 1
    followers: int | None = None

    @property
    def is_first_with_link(self) -> bool:
        """Nothing of the author came before, and now there is something to click on."""
        return self.is_first and bool(self.links)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done with a post, and which rules say so."""

    rules: tuple[InboundRule, ...] = ()

    def says(self, outcome: str) -> bool:
        """Whether that is done."""
        return any(rule.outcome == outcome for rule in self.rules)


CONDITIONS: dict[str, Callable[[Facts, str], bool]] = {
    "mentions": lambda facts, value: facts.mentions > int(value),
    "young": lambda facts, value: (
        facts.is_first_with_link and facts.account_age < timedelta(days=int(value))
    ),
    "followerless": lambda facts, value: (
        facts.is_first_with_link and facts.followers is not None and facts.followers < int(value)
    ),
    "old": lambda facts, value: facts.post_age > timedelta(days=int(value)),
    "repeated": lambda facts, value: facts.writers >= int(value),
    "keyword": lambda facts, value: normal_text(value) in facts.text,
    "domain": lambda facts, value: is_within(facts.domain.partition(":")[0], value),
}
COUNTING = {"mentions", "young", "followerless", "old", "repeated"}


def judge(rules: Sequence[InboundRule], facts: Facts) -> Verdict:
    """Which rules hold for a post, up to the first that ends it."""
    hit: list[InboundRule] = []
    for rule in rules:
        if CONDITIONS[rule.condition](facts, rule.value):
            hit.append(rule)
            if rule.outcome in _ENDS:
                break
    return Verdict(tuple(hit))


async def judge_note(runtime: Runtime, author: Account, note: Note) -> Verdict:
    """What the rules say of a new or edited post. Raises NotAllowed for one that is dropped."""
    rules = runtime.inbound_rules.all
    if not rules:
        return Verdict()
    standing = await strangers.find_standing(runtime.db, author.id)
    if standing.is_known:
        return Verdict()
    facts = facts_of(
        note, author.domain or "", author.created_at, runtime.settings.origin, datetime.now(UTC)
    )
    facts = replace(facts, is_first=not standing.has_posted)
    prints = prints_of(facts.text, facts.links)
    facts = replace(facts, writers=await strangers.count_writers(runtime.db, author.id, prints))
    if facts.is_first_with_link and any(rule.condition == "followerless" for rule in rules):
        facts = replace(facts, followers=await count_followers(runtime, author.followers_url))
    verdict = judge(rules, facts)
    if verdict.says("drop"):
        raise NotAllowed(f"{note.id} by {author.uri} is dropped by rule {verdict.rules[-1].id}")
    return verdict


def facts_of(note: Note, domain: str, created_at: datetime, origin: str, at: datetime) -> Facts:
    """What stands in a post of an account from that day, as it is at that time."""
    content = sanitize_html(note.content)
    people = {mention.href for mention in note.mentions}
    return Facts(
        domain=domain,
        text=normal_text(f"<p>{note.summary}</p>{content}"),
        mentions=len(people),
        links=list_links(content, origin, people),
        account_age=at - created_at,
        post_age=at - (note.updated or note.published or at),
        is_first=True,
    )


async def count_followers(runtime: Runtime, followers_url: str | None) -> int | None:
    """How many follow an account elsewhere, as its own server says; None when it does not."""
    if not followers_url:
        return None
    try:
        document = await fetch_document(runtime.http, followers_url, await instance_signer(runtime))
    except RemoteError:
        return None
    total = document.get("totalItems")
    return total if isinstance(total, int) and total >= 0 else None


def changed(verdict: Verdict, new: NewStatus) -> NewStatus:
    """The post as the rules let it in."""
    if verdict.says("strip_media"):
        new = replace(new, remote_media=[])
    if verdict.says("unlist") and new.visibility == "public":
        new = replace(new, visibility="unlisted")
    return new


async def limit_author(tx: Transaction, author: Account, verdict: Verdict) -> None:
    """Silence the author when the rules say so, and write down why."""
    if verdict.says("limit") and await strangers.silence(tx.db, author.id):
        rule = verdict.rules[-1]
        await audit_log.record(
            tx.db, None, "silence", "account", author.id, author.acct, inbound_rule=rule.id
        )
