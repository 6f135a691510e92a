"""Tags and people that members show on their profiles.

https://docs.joinmastodon.org/methods/featured_tags/, …/methods/endorsements/
"""

import msgspec
from starlette.responses import Response

from server.actions.feature_tag import feature_tag, unfeature_tag
from server.errors import Invalid, NotFound
from server.store import accounts, endorsements, featured_tags, tags
from web.entities.featured_tag import featured_tag_entity
from web.entities.tag import tag_entity
from web.mastodon.pages import accounts_page
from web.mastodon.relations import relationship
from web.pagination import json_response, read_page
from web.params import missing, read_params
from web.request import Request


class TagForm(msgspec.Struct):
    """A tag's name, with or without its sign."""

    name: str = ""


async def index(request: Request) -> Response:
    """One's own featured tags."""
    found = await featured_tags.list_featured(request.runtime.db, request.member_id)
    username = await _username(request, request.member_id)
    return json_response([featured_tag_entity(tag, username, request.addresses) for tag in found])


async def of_account(request: Request) -> Response:
    """Those of somebody."""
    account = await accounts.get_account(request.runtime.db, request.path_id())
    if account.suspended_at:
        return json_response([])
    found = await featured_tags.list_featured(request.runtime.db, account.id)
    return json_response(
        [featured_tag_entity(tag, account.acct, request.addresses) for tag in found]
    )


async def create(request: Request) -> Response:
    """Show a tag."""
    form = await read_params(request, TagForm)
    if not form.name.strip():
        raise missing("name")
    name = form.name.strip().removeprefix("#")
    made = await feature_tag(request.runtime, request.member_id, name)
    username = await _username(request, request.member_id)
    return json_response(featured_tag_entity(made, username, request.addresses))


async def delete(request: Request) -> Response:
    """Show one no longer."""
    shown = await featured_tags.list_featured(request.runtime.db, request.member_id)
    found = next((tag for tag in shown if tag.id == request.path_id()), None)
    if found is None:
        raise NotFound
    await unfeature_tag(request.runtime, request.member_id, found.name)
    return json_response({})


async def suggest(request: Request) -> Response:
    """Tags that one uses much and does not show."""
    db = request.runtime.db
    found = await featured_tags.suggest_featured(db, request.member_id)
    uses = await tags.use_of_tags(db, [name for _, name in found])
    return json_response([tag_entity(i, name, request.addresses, uses[name]) for i, name in found])


async def endorse(request: Request) -> Response:
    """Show somebody whom one follows."""
    target = await accounts.get_account(request.runtime.db, request.path_id())
    if not await endorsements.insert_endorsement(request.runtime.db, request.member_id, target.id):
        raise Invalid("Validation failed: You must be following this account to endorse it")
    return await relationship(request)


async def unendorse(request: Request) -> Response:
    """Show somebody no longer."""
    target = await accounts.get_account(request.runtime.db, request.path_id())
    await endorsements.delete_endorsement(request.runtime.db, request.member_id, target.id)
    return await relationship(request)


async def endorsed(request: Request) -> Response:
    """Whom one shows."""
    return await _endorsements(request, request.member_id)


async def endorsed_by_account(request: Request) -> Response:
    """Whom somebody shows."""
    account = await accounts.get_account(request.runtime.db, request.path_id())
    return await _endorsements(request, 0 if account.suspended_at else account.id)


async def _endorsements(request: Request, account_id: int) -> Response:
    page = read_page(request, 40, 80)
    rows = await endorsements.endorsement_page(
        request.runtime.db, account_id, request.viewer_id, page
    )
    return await accounts_page(request, rows, page)


async def _username(request: Request, account_id: int) -> str:
    return (await accounts.get_account(request.runtime.db, account_id)).username
