"""The owners decide what is done with posts of strangers, and see what that would have done."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.documents import note as documents
from federation.documents.activity import read_activity
from federation.documents.note import Note
from federation.documents.reading import parse_document
from federation.errors import RemoteError
from server import events
from server.actions.block_domain import normal_domain
from server.errors import Invalid
from server.remote.strangers import (
    CONDITIONS,
    COUNTING,
    OUTCOMES,
    count_followers,
    facts_of,
    judge,
)
from server.runtime import Runtime
from server.store import audit_log, inbound_rules, strangers
from server.store.inbound_rules import InboundRule
from server.store.strangers import Sent
from server.text.prints import normal_text, prints_of
from server.transaction import Transaction

_AT_ONCE = 200
_MOST_ASKED = 100  # accounts whose followers are counted in one dry run
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hit:
    """A post of the last week that a rule would have held for; the text without names."""

    rule: InboundRule
    at: datetime
    acct: str
    text: str


def checked_rule(condition: str, value: str, outcome: str) -> InboundRule:
    """A rule as it may be kept. Raises Invalid."""
    value = value.strip()
    if condition not in CONDITIONS:
        raise Invalid(f"There is no condition {condition}; there are {', '.join(CONDITIONS)}")
    if outcome not in OUTCOMES:
        raise Invalid(f"There is no outcome {outcome}; there are {', '.join(OUTCOMES)}")
    if condition in COUNTING and not (value.isascii() and value.isdigit() and len(value) < 6):
        raise Invalid("The value must be a number")
    if condition == "domain":
        value = normal_domain(value)
    if condition == "keyword" and not normal_text(value):
        raise Invalid("The keyword must have some text in it")
    return InboundRule(0, condition, value, outcome)


async def add_rule(
    runtime: Runtime, moderator_id: int | None, condition: str, value: str, outcome: str
) -> int:
    """A rule after all others; gives its number. Raises Invalid."""
    rule = checked_rule(condition, value, outcome)
    async with runtime.transaction() as tx:
        number = await inbound_rules.insert_rule(tx.db, rule.condition, rule.value, rule.outcome)
        await _record(tx, moderator_id, "create", replace(rule, id=number))
    return number


async def move_rule(runtime: Runtime, moderator_id: int | None, number: int, place: int) -> None:
    """Put a rule at another place; 1 is the first. Raises NotFound."""
    async with runtime.transaction() as tx:
        rule = await inbound_rules.get_rule(tx.db, number)
        await inbound_rules.move_rule(tx.db, number, place)
        await _record(tx, moderator_id, "update", rule)


async def delete_rule(runtime: Runtime, moderator_id: int | None, number: int) -> None:
    """Take a rule away. Raises NotFound."""
    async with runtime.transaction() as tx:
        rule = await inbound_rules.get_rule(tx.db, number)
        await inbound_rules.delete_rule(tx.db, number)
        await _record(tx, moderator_id, "destroy", rule)


async def _record(
    tx: Transaction, moderator_id: int | None, action: str, rule: InboundRule
) -> None:
    """Keep the act in the log, and tell every process."""
    said = f"{rule.condition} {rule.value} {rule.outcome}"
    await audit_log.record(tx.db, moderator_id, action, "inbound_rule", rule.id, said)
    events.rules_changed(tx)


async def find_hits(runtime: Runtime, rules: Sequence[InboundRule]) -> AsyncGenerator[Hit]:
    """What the rules would have held for among what strangers sent to members within a week.

    Nothing is changed. Follows are taken as they are now, so who is followed by now is no stranger.
    """
    past = _Past()
    after = 0
    while sent := await strangers.list_sent(runtime.db, after, _AT_ONCE):
        after = sent[-1].id
        for one in sent:
            note = _read(one, runtime.settings.origin)
            if note is None:
                continue
            facts = facts_of(
                note, one.domain, one.created_at, runtime.settings.origin, one.received_at
            )
            is_first = not one.has_posted and one.account_id not in past.accounts
            writers = past.count_writers(one, prints_of(facts.text, facts.links))
            facts = replace(facts, is_first=is_first, writers=writers)
            asks = any(rule.condition == "followerless" for rule in rules)
            if asks and facts.is_first_with_link and len(past.asked) < _MOST_ASKED:
                past.asked.add(one.account_id)
                followers = await count_followers(runtime, one.followers_url)
                facts = replace(facts, followers=followers)
            for rule in judge(rules, facts).rules:
                yield Hit(rule, one.received_at, one.acct, facts.text)


class _Past:
    """What was seen of the week so far."""

    def __init__(self) -> None:
        self.accounts: set[int] = set()
        self.asked: set[int] = set()
        self._writers: dict[bytes, dict[int, datetime]] = defaultdict(dict)

    def count_writers(self, sent: Sent, prints: Sequence[bytes]) -> int:
        """How many sent the same within a day, this one too."""
        self.accounts.add(sent.account_id)
        most = 1
        for one in prints:
            writers = self._writers[one]
            writers[sent.account_id] = sent.received_at
            recent = [at for at in writers.values() if at > sent.received_at - _DAY]
            most = max(most, len(recent))
        return most


def _read(sent: Sent, origin: str) -> Note | None:
    """The note that came, if it names somebody here or answers something of here."""
    try:
        activity = read_activity(parse_document(sent.body))
        if not isinstance(activity.object, dict):
            return None
        note = documents.read_told(activity)
    except RemoteError:
        return None
    named = {mention.href for mention in note.mentions} | {*note.to, *note.cc}
    named.add(note.in_reply_to or "")
    is_ours = any(uri.startswith(f"{origin}/") for uri in named)
    return note if is_ours and note.vote is None and note.author == activity.actor else None
