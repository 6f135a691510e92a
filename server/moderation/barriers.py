"""Moderators keep networks, e-mail domains and single addresses from signing up."""

from collections.abc import Awaitable, Callable
from ipaddress import IPv4Network, IPv6Network, ip_network

import asyncpg

from server import events
from server.actions.block_domain import normal_domain
from server.errors import Invalid
from server.runtime import Runtime
from server.store import audit_log, canonical_email_blocks, email_domain_blocks, ip_blocks
from server.store.canonical_email_blocks import CanonicalEmailBlock
from server.store.database import Database
from server.store.email_domain_blocks import EmailDomainBlock
from server.store.ip_blocks import SEVERITIES, IpBlock, NewIpBlock


def read_network(text: str) -> IPv4Network | IPv6Network:
    """An address or a network (`10.0.0.0/8`). Raises Invalid."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise Invalid("Validation failed: Ip is not a valid address or network") from error


async def block_ip(runtime: Runtime, moderator_id: int | None, new: NewIpBlock) -> IpBlock:
    """A new block of a network. Raises Invalid when there is one."""
    return await _write_ip_block(
        runtime, moderator_id, "create", new, lambda db: ip_blocks.insert_block(db, new)
    )


async def change_ip_block(
    runtime: Runtime, moderator_id: int | None, block_id: int, new: NewIpBlock
) -> IpBlock:
    """Say something else of a network. Raises NotFound, Invalid."""
    return await _write_ip_block(
        runtime, moderator_id, "update", new, lambda db: ip_blocks.update_block(db, block_id, new)
    )


async def unblock_ip(runtime: Runtime, moderator_id: int | None, block_id: int) -> None:
    """Take it back. Raises NotFound."""
    async with runtime.transaction() as tx:
        block = await ip_blocks.delete_block(tx.db, block_id)
        await audit_log.record(tx.db, moderator_id, "destroy", "ip_block", block.id, str(block.ip))
        events.rules_changed(tx)
    await runtime.closed_networks.load(runtime.db)


async def block_email_domain(
    runtime: Runtime, moderator_id: int | None, text: str, *, allow_with_approval: bool
) -> EmailDomainBlock:
    """A new block of a domain and all below it. Raises Invalid."""
    domain = normal_domain(text)
    try:
        async with runtime.transaction() as tx:
            block = await email_domain_blocks.insert_block(
                tx.db, domain, allow_with_approval=allow_with_approval
            )
            await audit_log.record(
                tx.db, moderator_id, "create", "email_domain_block", block.id, domain
            )
    except asyncpg.UniqueViolationError as error:
        raise Invalid("Validation failed: Domain has already been taken") from error
    return block


async def unblock_email_domain(runtime: Runtime, moderator_id: int | None, block_id: int) -> None:
    """Take it back. Raises NotFound."""
    async with runtime.transaction() as tx:
        block = await email_domain_blocks.get_block(tx.db, block_id)
        await email_domain_blocks.delete_block(tx.db, block_id)
        await audit_log.record(
            tx.db, moderator_id, "destroy", "email_domain_block", block_id, block.domain
        )


async def block_email(
    runtime: Runtime, moderator_id: int | None, email_hash: str
) -> CanonicalEmailBlock:
    """Block one address by its hash (hexadecimal SHA-256). Raises Invalid when it is blocked."""
    email_hash = email_hash.strip().lower()
    if len(email_hash) != 64 or not set(email_hash) <= set("0123456789abcdef"):
        raise Invalid("Validation failed: Canonical email hash is not a SHA-256")
    async with runtime.transaction() as tx:
        block = await canonical_email_blocks.put_block(tx.db, email_hash)
        if block is None:
            raise Invalid("Validation failed: Canonical email hash has already been taken")
        await audit_log.record(
            tx.db, moderator_id, "create", "canonical_email_block", block.id, email_hash
        )
    return block


async def unblock_email(runtime: Runtime, moderator_id: int | None, block_id: int) -> None:
    """Take it back. Raises NotFound."""
    async with runtime.transaction() as tx:
        block = await canonical_email_blocks.get_block(tx.db, block_id)
        await canonical_email_blocks.delete_block(tx.db, block_id)
        await audit_log.record(
            tx.db, moderator_id, "destroy", "canonical_email_block", block_id, block.hash
        )


async def _write_ip_block(
    runtime: Runtime,
    moderator_id: int | None,
    action: str,
    new: NewIpBlock,
    write: Callable[[Database], Awaitable[IpBlock]],
) -> IpBlock:
    if new.severity not in SEVERITIES:
        raise Invalid("Validation failed: Severity is not included in the list")
    try:
        async with runtime.transaction() as tx:
            block = await write(tx.db)
            told = (block.id, str(block.ip))
            await audit_log.record(
                tx.db, moderator_id, action, "ip_block", *told, severity=block.severity
            )
            events.rules_changed(tx)
    except asyncpg.UniqueViolationError as error:
        raise Invalid("Validation failed: Ip has already been taken") from error
    await runtime.closed_networks.load(runtime.db)
    return block
