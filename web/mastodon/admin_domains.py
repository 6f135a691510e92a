"""https://docs.joinmastodon.org/methods/admin/domain_blocks/ and …/domain_allows/"""

import msgspec
from starlette.responses import Response

from server.actions import domain_rules as actions
from server.errors import Invalid
from server.store import domain_rules
from server.store.domain_rules import NewRule
from web.entities.domain_rule import admin_domain_allow_entity, admin_domain_block_entity
from web.pagination import json_response, read_page, rows_response
from web.params import read_params
from web.request import Request


class BlockForm(msgspec.Struct):
    """A rule; what is left out of a change stays."""

    domain: str | None = None
    severity: str | None = None
    reject_media: bool | None = None
    reject_reports: bool | None = None
    private_comment: str | None = None
    public_comment: str | None = None
    obfuscate: bool | None = None


class AllowForm(msgspec.Struct):
    """Which domain."""

    domain: str | None = None


async def blocks(request: Request) -> Response:
    """All rules, the latest first."""
    page = read_page(request, 100, 500)
    rules = await domain_rules.rule_page(request.runtime.db, page)
    return rows_response(request, rules, admin_domain_block_entity, page)


async def show_block(request: Request) -> Response:
    """One rule."""
    rule = await domain_rules.get_rule(request.runtime.db, request.path_id())
    return json_response(admin_domain_block_entity(rule))


async def create_block(request: Request) -> Response:
    """A new rule; 422 with the one that is stricter already."""
    form = await read_params(request, BlockForm)
    if not form.domain:
        raise Invalid("Validation failed: Domain can't be blank")
    try:
        rule = await actions.block(
            request.runtime, request.member_id, form.domain, _new(form, NewRule())
        )
    except actions.AlreadyBlocked as error:
        existing = admin_domain_block_entity(error.rule)
        body = {"error": str(error), "existing_domain_block": existing}
        return json_response(body, status=422)
    return json_response(admin_domain_block_entity(rule))


async def update_block(request: Request) -> Response:
    """Change a rule."""
    form = await read_params(request, BlockForm)
    known = await domain_rules.get_rule(request.runtime.db, request.path_id())
    before = NewRule(
        known.severity,
        known.reject_media,
        known.reject_reports,
        known.private_comment,
        known.public_comment,
        known.obfuscate,
    )
    rule = await actions.change(request.runtime, request.member_id, known.id, _new(form, before))
    return json_response(admin_domain_block_entity(rule))


async def delete_block(request: Request) -> Response:
    """Take a rule back."""
    await actions.unblock(request.runtime, request.member_id, request.path_id())
    return json_response({})


async def allows(request: Request) -> Response:
    """All allowed domains, the latest first."""
    page = read_page(request, 100, 500)
    found = await domain_rules.allowed_page(request.runtime.db, page)
    return rows_response(request, found, admin_domain_allow_entity, page)


async def show_allow(request: Request) -> Response:
    """One of them."""
    allowed = await domain_rules.get_allowed(request.runtime.db, request.path_id())
    return json_response(admin_domain_allow_entity(allowed))


async def create_allow(request: Request) -> Response:
    """Allow a domain; nothing happens when it is allowed already."""
    form = await read_params(request, AllowForm)
    if not form.domain:
        raise Invalid("Validation failed: Domain can't be blank")
    allowed = await actions.allow(request.runtime, request.member_id, form.domain)
    return json_response(admin_domain_allow_entity(allowed))


async def delete_allow(request: Request) -> Response:
    """Allow it no more."""
    await actions.disallow(request.runtime, request.member_id, request.path_id())
    return json_response({})


def _new(form: BlockForm, before: NewRule) -> NewRule:
    given = {
        name: value for name in NewRule.__slots__ if (value := getattr(form, name)) is not None
    }
    return NewRule(**({name: getattr(before, name) for name in NewRule.__slots__} | given))
