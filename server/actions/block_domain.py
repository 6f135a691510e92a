"""A member wants to see nothing of a domain."""

import re

from federation.errors import Malformed
from federation.origins import normal_host
from server.errors import Invalid
from server.fanout.severances import record_domain_block
from server.outbox import relations
from server.runtime import Runtime
from server.store import accounts, domain_blocks, follows

_AT_ONCE = 100
_DOMAIN = re.compile(r"(?=.{1,253}(?::\d+)?$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*(?::\d{1,5})?")


def normal_domain(text: str) -> str:
    """A domain as accounts carry it. Raises Invalid with Mastodon's texts."""
    stripped = text.strip().lower().removeprefix("@").rstrip("/")
    if not stripped:
        raise Invalid("Validation failed: Domain can't be blank")
    host, colon, port = stripped.partition(":")
    try:
        domain = f"{normal_host(host)}{colon}{port}"
    except Malformed:
        domain = ""
    if not _DOMAIN.fullmatch(domain):
        raise Invalid("Validation failed: Domain is not a valid domain name")
    return domain


async def block_domain(runtime: Runtime, account_id: int, text: str) -> None:
    """Hide a domain at once; follows both ways are ended by a job. Raises Invalid."""
    domain = normal_domain(text)
    async with runtime.transaction() as tx:
        if not await domain_blocks.is_blocked(tx.db, account_id, domain):
            await record_domain_block(tx, account_id, domain)
        await domain_blocks.insert_block(tx.db, account_id, domain)
        tx.enqueue("end_ties", account_id, domain, once_key=f"end_ties {account_id} {domain}")


async def unblock_domain(runtime: Runtime, account_id: int, text: str) -> None:
    """Show a domain again; nothing happens when it was not blocked. Raises Invalid."""
    async with runtime.transaction() as tx:
        await domain_blocks.delete_block(tx.db, account_id, normal_domain(text))


async def end_ties_job(runtime: Runtime, account_id: int, domain: str) -> None:
    """Job: end follows and requests between a member and a blocked domain."""
    async with runtime.transaction() as tx:
        member = await accounts.find_account(tx.db, account_id)
        is_blocked = await domain_blocks.is_blocked(tx.db, account_id, domain)
        if member is None or not is_blocked:
            return
        ties = await domain_blocks.list_ties(tx.db, account_id, domain, _AT_ONCE)
        others = {tie.account_id for tie in ties} | {tie.target_id for tie in ties}
        people = {one.id: one for one in await accounts.list_accounts(tx.db, list(others))}
        for tie in ties:
            end = follows.delete_request if tie.is_request else follows.delete_follow
            await end(tx.db, tie.account_id, tie.target_id)
            if tie.account_id == account_id:
                await relations.send_undo_follow(tx, member, people[tie.target_id], tie.uri)
            else:
                await relations.send_reject_follow(tx, member, people[tie.account_id], tie.uri)
        if len(ties) == _AT_ONCE:
            tx.enqueue("end_ties", account_id, domain)
