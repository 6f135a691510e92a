"""Lists of blocked domains that others keep: read daily, taken over by moderators alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from federation.errors import RemoteError
from federation.transport.fetch import fetch
from server.actions import domain_rules as actions
from server.actions.block_domain import normal_domain
from server.errors import Invalid, NotFound
from server.runtime import Runtime
from server.store import block_lists, domain_rules
from server.store.block_lists import Change, Draft
from server.store.domain_rules import Rule
from server.transfer.domain_list import Line, read_domain_list

_MAX_BYTES = 10 * 1024 * 1024


async def subscribe(runtime: Runtime, url: str) -> int:
    """Read a list daily, the first time soon; gives its number. Raises Invalid."""
    if not url.startswith(("https://", "http://")):
        raise Invalid(
            "A list is given by the address of its CSV, like https://example.org/list.csv"
        )
    async with runtime.transaction() as tx:
        list_id = await block_lists.insert_list(tx.db, url)
        tx.enqueue("read_block_list", list_id, once_key=f"read_block_list {list_id}")
    return list_id


async def unsubscribe(runtime: Runtime, list_id: int) -> None:
    """Read a list no more; what was blocked stays. Raises NotFound."""
    if not await block_lists.delete_list(runtime.db, list_id):
        raise NotFound(f"There is no list {list_id}")


async def enqueue_due(runtime: Runtime) -> None:
    """Have the lists read whose turn it is."""
    async with runtime.transaction() as tx:
        for list_id in await block_lists.list_due(tx.db):
            tx.enqueue("read_block_list", list_id, once_key=f"read_block_list {list_id}")


async def read_list_job(runtime: Runtime, list_id: int) -> None:
    """Job: read a list and note what it says and we do not do; why it cannot be read is kept."""
    url = await block_lists.find_url(runtime.db, list_id)
    if url is None:
        return
    try:
        answer = await fetch(runtime.open_web, url, "text/csv, text/plain", _MAX_BYTES)
        lines = read_domain_list(answer.body.decode("utf-8"))
        if not lines:
            raise Invalid("there is no domain in it")
    except (RemoteError, Invalid, UnicodeDecodeError) as error:
        await block_lists.mark_checked(runtime.db, list_id, f"{error}"[:500])
        return
    rules = {rule.domain: rule for rule in await domain_rules.list_rules(runtime.db)}
    async with runtime.transaction() as tx:
        drafts = await block_lists.list_drafts(tx.db, list_id)
        listed = {
            line.domain: line
            for line in _normal(lines)
            if not runtime.addresses.is_own_domain(line.domain)
        }
        await block_lists.put_changes(tx.db, list_id, find_changes(listed, rules, drafts))
        await block_lists.delete_drafts(tx.db, [d.id for d in _idle(drafts, listed, rules)])
        await block_lists.mark_checked(tx.db, list_id, None)


def find_changes(
    listed: Mapping[str, Line], rules: Mapping[str, Rule], drafts: Mapping[str, Draft]
) -> list[Change]:
    """What is to be decided: domains that the list would treat more strictly than we do, and
    those that it has no more although we blocked them by it. What was decided of the very same is
    not asked again.
    """
    changes = []
    for domain, line in listed.items():
        known = drafts.get(domain)
        is_known = known is not None and known.action == "block" and known.rule == line.rule
        if not is_known and actions.would_add(line.rule, rules, domain):
            changes.append(Change(domain, "block", line.rule))
    for domain, draft in drafts.items():
        was_taken = draft.state == "accepted" and draft.action == "block"
        if was_taken and domain not in listed and domain in rules:
            changes.append(Change(domain, "unblock", draft.rule))
    return changes


async def accept(runtime: Runtime, moderator_id: int | None, ids: Sequence[int]) -> list[Draft]:
    """Do what drafts say, in a moderator's name; gives those that were still undecided."""
    drafts = await block_lists.list_by_ids(runtime.db, ids)
    for draft in drafts:
        if draft.action == "block":
            await actions.put(runtime, moderator_id, draft.domain, draft.rule)
        else:
            rule = await domain_rules.find_rule(runtime.db, draft.domain)
            if rule and rule.domain == draft.domain:
                await actions.unblock(runtime, moderator_id, rule.id)
        await block_lists.set_state(runtime.db, draft.id, "accepted")
    return drafts


async def decline(runtime: Runtime, ids: Sequence[int]) -> list[Draft]:
    """Leave things as they are; gives those that were still undecided."""
    drafts = await block_lists.list_by_ids(runtime.db, ids)
    for draft in drafts:
        await block_lists.set_state(runtime.db, draft.id, "declined")
    return drafts


def _idle(
    drafts: Mapping[str, Draft], listed: Mapping[str, Line], rules: Mapping[str, Rule]
) -> Iterator[Draft]:
    """Undecided blocks that the list says no more, or that moderators have made by themselves."""
    for draft in drafts.values():
        if draft.state == "open" and draft.action == "block":
            line = listed.get(draft.domain)
            if line is None or not actions.would_add(line.rule, rules, draft.domain):
                yield draft


def _normal(lines: Iterable[Line]) -> Iterable[Line]:
    """Lines with a domain and a severity that we know; others' lists have odd ones."""
    for line in lines:
        try:
            actions.check_rule(line.rule)
            domain = normal_domain(line.domain.removeprefix("*."))
        except Invalid:
            continue
        if line.rule.severity != "noop" or line.rule.reject_media or line.rule.reject_reports:
            yield Line(domain, line.rule)
