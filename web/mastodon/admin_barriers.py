"""https://docs.joinmastodon.org/methods/admin/ip_blocks/ and its likes for e-mail addresses"""

from datetime import UTC, datetime, timedelta

import msgspec
from starlette.responses import Response

from server.errors import Invalid
from server.moderation import barriers
from server.store import canonical_email_blocks, email_domain_blocks, ip_blocks
from server.store.canonical_email_blocks import canonical_hash
from server.store.email_domain_blocks import EmailDomainBlock
from server.store.ip_blocks import NewIpBlock
from web.entities.barrier import (
    canonical_email_block_entity,
    email_domain_block_entity,
    ip_block_entity,
)
from web.pagination import json_response, read_page, rows_response
from web.params import missing, read_params
from web.request import Request

_LONGEST_SECONDS = 100 * 365 * 24 * 3600


class IpForm(msgspec.Struct):
    """A block; what is left out of a change stays. `expires_in` in seconds, 0 for never."""

    ip: str | None = None
    severity: str | None = None
    comment: str | None = None
    expires_in: int | None = None


class EmailDomainForm(msgspec.Struct):
    """Which domain."""

    domain: str | None = None
    allow_with_approval: bool = False


class CanonicalForm(msgspec.Struct):
    """Which address: itself, or its hash."""

    email: str | None = None
    canonical_email_hash: str | None = None


async def ips(request: Request) -> Response:
    """All blocks of networks, the latest first."""
    page = read_page(request, 100, 200)
    blocks = await ip_blocks.block_page(request.runtime.db, page)
    return rows_response(request, blocks, ip_block_entity, page)


async def show_ip(request: Request) -> Response:
    """One of them."""
    block = await ip_blocks.get_block(request.runtime.db, request.path_id())
    return json_response(ip_block_entity(block))


async def create_ip(request: Request) -> Response:
    """Block a network."""
    form = await read_params(request, IpForm)
    if not form.ip:
        raise Invalid("Validation failed: Ip can't be blank")
    if not form.severity:
        raise Invalid("Validation failed: Severity can't be blank")
    new = NewIpBlock(
        barriers.read_network(form.ip), form.severity, form.comment or "", _end(form.expires_in)
    )
    block = await barriers.block_ip(request.runtime, request.member_id, new)
    return json_response(ip_block_entity(block))


async def update_ip(request: Request) -> Response:
    """Change a block."""
    form = await read_params(request, IpForm)
    known = await ip_blocks.get_block(request.runtime.db, request.path_id())
    new = NewIpBlock(
        barriers.read_network(form.ip) if form.ip else known.ip,
        form.severity or known.severity,
        known.comment if form.comment is None else form.comment,
        known.expires_at if form.expires_in is None else _end(form.expires_in),
    )
    block = await barriers.change_ip_block(request.runtime, request.member_id, known.id, new)
    return json_response(ip_block_entity(block))


async def delete_ip(request: Request) -> Response:
    """Take a block back."""
    await barriers.unblock_ip(request.runtime, request.member_id, request.path_id())
    return json_response({})


async def email_domains(request: Request) -> Response:
    """All blocked e-mail domains, the latest first."""
    page = read_page(request, 100, 200)
    blocks = await email_domain_blocks.block_page(request.runtime.db, page)
    history = await email_domain_blocks.load_history(request.runtime.db, [b.id for b in blocks])
    return rows_response(
        request, blocks, lambda block: email_domain_block_entity(block, history[block.id]), page
    )


async def show_email_domain(request: Request) -> Response:
    """One of them."""
    block = await email_domain_blocks.get_block(request.runtime.db, request.path_id())
    return await _email_domain(request, block)


async def create_email_domain(request: Request) -> Response:
    """Block an e-mail domain."""
    form = await read_params(request, EmailDomainForm)
    block = await barriers.block_email_domain(
        request.runtime,
        request.member_id,
        form.domain or "",
        allow_with_approval=form.allow_with_approval,
    )
    return await _email_domain(request, block)


async def delete_email_domain(request: Request) -> Response:
    """Take the block back."""
    await barriers.unblock_email_domain(request.runtime, request.member_id, request.path_id())
    return json_response({})


async def emails(request: Request) -> Response:
    """All blocked addresses, the latest first."""
    page = read_page(request, 100, 200)
    blocks = await canonical_email_blocks.block_page(request.runtime.db, page)
    return rows_response(request, blocks, canonical_email_block_entity, page)


async def show_email(request: Request) -> Response:
    """One of them."""
    block = await canonical_email_blocks.get_block(request.runtime.db, request.path_id())
    return json_response(canonical_email_block_entity(block))


async def test_email(request: Request) -> Response:
    """The block that an address would run into, in a list."""
    form = await read_params(request, CanonicalForm)
    if not form.email:
        raise missing("email")
    block = await canonical_email_blocks.find_block(request.runtime.db, canonical_hash(form.email))
    return json_response([canonical_email_block_entity(block)] if block else [])


async def create_email(request: Request) -> Response:
    """Block an address."""
    form = await read_params(request, CanonicalForm)
    email_hash = form.canonical_email_hash
    if form.email:
        email_hash = canonical_hash(form.email)
    if not email_hash:
        raise Invalid("Validation failed: Canonical email hash can't be blank")
    block = await barriers.block_email(request.runtime, request.member_id, email_hash)
    return json_response(canonical_email_block_entity(block))


async def delete_email(request: Request) -> Response:
    """Take the block back."""
    await barriers.unblock_email(request.runtime, request.member_id, request.path_id())
    return json_response({})


async def _email_domain(request: Request, block: EmailDomainBlock) -> Response:
    history = await email_domain_blocks.load_history(request.runtime.db, [block.id])
    return json_response(email_domain_block_entity(block, history[block.id]))


def _end(seconds: int | None) -> datetime | None:
    if not seconds or seconds < 0:
        return None
    return datetime.now(UTC) + timedelta(seconds=min(seconds, _LONGEST_SECONDS))
