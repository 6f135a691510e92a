"""Moderators decide about other servers."""

from collections.abc import Mapping

from server import events
from server.actions.block_domain import normal_domain
from server.errors import Invalid, NotFound
from server.fanout.severances import record_moderators_block
from server.runtime import Runtime
from server.store import audit_log, domain_rules, follows
from server.store.domain_rules import Allowed, NewRule, Rule
from server.transaction import Transaction

SEVERITIES = ("silence", "suspend", "noop")
_AT_ONCE = 200


class AlreadyBlocked(Invalid):
    """There is a rule for the domain already, or a stricter one for a domain above it."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(f"You have already imposed stricter limits on {rule.domain}.")
        self.rule = rule


def check_rule(new: NewRule) -> None:
    """Raises Invalid for a severity that there is not."""
    if new.severity not in SEVERITIES:
        raise Invalid("Validation failed: Severity is not included in the list")


async def block(runtime: Runtime, moderator_id: int | None, text: str, new: NewRule) -> Rule:
    """A new rule for a domain and all below it.

    Raises Invalid for what is no domain, AlreadyBlocked when there is a stricter one.
    """
    check_rule(new)
    domain = normal_domain(text)
    known = await domain_rules.find_rule(runtime.db, domain)
    if known and (known.domain == domain or _is_looser(new, known)):
        raise AlreadyBlocked(known)
    return await _put(runtime, moderator_id, domain, new, "create")


async def change(runtime: Runtime, moderator_id: int | None, rule_id: int, new: NewRule) -> Rule:
    """Say something else of a domain. Raises NotFound, Invalid."""
    check_rule(new)
    rule = await domain_rules.get_rule(runtime.db, rule_id)
    return await _put(runtime, moderator_id, rule.domain, new, "update")


async def put(runtime: Runtime, moderator_id: int | None, text: str, new: NewRule) -> Rule:
    """The same by name, new or not. Raises Invalid."""
    check_rule(new)
    return await _put(runtime, moderator_id, normal_domain(text), new, "create")


async def unblock(runtime: Runtime, moderator_id: int | None, rule_id: int) -> Rule:
    """Take a rule back, and what it did. Raises NotFound."""
    async with runtime.transaction() as tx:
        rule = await domain_rules.get_rule(tx.db, rule_id)
        await domain_rules.lift(tx.db, rule)
        await domain_rules.delete_rule(tx.db, rule.id)
        await _apply_around(tx, rule.domain)
        await audit_log.record(tx.db, moderator_id, "destroy", "domain_block", rule.id, rule.domain)
        events.rules_changed(tx)
    await runtime.domain_rules.forget(rule.domain)
    return rule


async def allow(runtime: Runtime, moderator_id: int | None, text: str) -> Allowed:
    """Talk with a domain although there is a list of those that are allowed. Raises Invalid."""
    domain = normal_domain(text)
    if known := await domain_rules.find_allowed(runtime.db, domain):
        return known
    async with runtime.transaction() as tx:
        allowed = await domain_rules.allow(tx.db, domain)
        await audit_log.record(
            tx.db, moderator_id, "create", "domain_allow", allowed.id, allowed.domain
        )
        events.rules_changed(tx)
    await runtime.domain_rules.load(runtime.db)
    return allowed


async def disallow(runtime: Runtime, moderator_id: int | None, allowed_id: int) -> None:
    """Take it off the list. Raises NotFound."""
    async with runtime.transaction() as tx:
        allowed = await domain_rules.get_allowed(tx.db, allowed_id)
        if not await domain_rules.disallow(tx.db, allowed_id):
            raise NotFound
        await audit_log.record(
            tx.db, moderator_id, "destroy", "domain_allow", allowed_id, allowed.domain
        )
        events.rules_changed(tx)
    await runtime.domain_rules.load(runtime.db)


async def sever_job(runtime: Runtime, domain: str) -> None:
    """Job: end the follows between members and a suspended domain; nobody there is told."""
    async with runtime.transaction() as tx:
        rule = await domain_rules.find_rule(tx.db, domain)
        if rule is None or rule.severity != "suspend":
            return
        ties = await domain_rules.list_ties(tx.db, domain, _AT_ONCE)
        for tie in ties:
            await follows.delete_follow(tx.db, tie["account_id"], tie["target_id"])
        if len(ties) == _AT_ONCE:
            tx.enqueue("sever_domain", domain)


async def _put(
    runtime: Runtime, moderator_id: int | None, domain: str, new: NewRule, action: str
) -> Rule:
    async with runtime.transaction() as tx:
        before = await domain_rules.find_rule(tx.db, domain)
        if before and before.domain == domain and before.severity != new.severity:
            await domain_rules.lift(tx.db, before)
        rule = await domain_rules.put_rule(tx.db, domain, new)
        if new.severity == "suspend":
            await record_moderators_block(tx, domain)
            tx.enqueue("sever_domain", domain, once_key=f"sever_domain {domain}")
        await _apply_around(tx, domain)
        await audit_log.record(
            tx.db, moderator_id, action, "domain_block", rule.id, domain, severity=new.severity
        )
        events.rules_changed(tx)
    await runtime.domain_rules.keep(rule)
    return rule


async def _apply_around(tx: Transaction, domain: str) -> None:
    """Whom a rule let go may be held by one above or below it."""
    for rule in await domain_rules.list_around(tx.db, domain):
        await domain_rules.apply(tx.db, rule)


def would_add(new: NewRule, rules: Mapping[str, Rule], domain: str) -> bool:
    """Whether a rule for a domain would do more than those that there are."""
    known = next((rules[one] for one in domain_rules.parents(domain) if one in rules), None)
    if known is None or _weight(new) > _weight(known):
        return True
    more_media = new.reject_media and not known.reject_media
    more = more_media or (new.reject_reports and not known.reject_reports)
    return more and known.severity != "suspend"


def _is_looser(new: NewRule, known: Rule) -> bool:
    """Whether a rule for something below would take from the one above, whose place it takes."""
    if _weight(new) < _weight(known):
        return True
    less_media = known.reject_media and not new.reject_media
    less = less_media or (known.reject_reports and not new.reject_reports)
    return less and new.severity != "suspend"


def _weight(rule: NewRule | Rule) -> int:
    return ("noop", "silence", "suspend").index(rule.severity)
