"""https://docs.joinmastodon.org/methods/accounts/#update_credentials and …/methods/profile/"""

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.actions.preferences import checked_defaults, usual_language
from server.actions.profile import ProfileChange, update_profile
from server.store import accounts, featured_tags, users
from web.entities.profile import profile_entity
from web.mastodon.accounts import credentials
from web.pagination import json_response
from web.params import read_params
from web.request import Request


class FieldForm(msgspec.Struct):
    """One row of the profile's table."""

    name: str = ""
    value: str = ""


class SourceForm(msgspec.Struct):
    """Defaults of new posts."""

    privacy: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: str | None = None
    content_type: str | None = None
    status_content_type: str | None = None  # as GoToSocial calls it


class ProfileForm(msgspec.Struct):
    """What shall change."""

    display_name: str | None = None
    note: str | None = None
    avatar: UploadFile | None = None
    header: UploadFile | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    fields_attributes: list[FieldForm] | None = None
    attribution_domains: list[str] | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    source: SourceForm | None = None


async def update_credentials(request: Request) -> Response:
    """Change the own profile and defaults."""
    await _update(request, await read_params(request, ProfileForm))
    return await credentials(request)


async def show(request: Request) -> Response:
    """The own profile, to be edited."""
    db, member_id = request.runtime.db, request.member_id
    account = await accounts.get_account(db, member_id)
    tags = await featured_tags.list_featured(db, member_id)
    return json_response(profile_entity(account, tags, request.addresses))


async def update(request: Request) -> Response:
    """Change it."""
    await _update(request, await read_params(request, ProfileForm))
    return await show(request)


async def _update(request: Request, form: ProfileForm) -> None:
    source = form.source or SourceForm()
    defaults = checked_defaults(
        visibility=source.privacy,
        sensitive=source.sensitive,
        language=source.language,
        quote_policy=source.quote_policy,
        content_type=source.status_content_type or source.content_type or None,
    )
    change = ProfileChange(
        display_name=form.display_name,
        note=form.note,
        fields=None
        if form.fields_attributes is None
        else [(field.name, field.value) for field in form.fields_attributes],
        locked=form.locked,
        bot=form.bot,
        discoverable=form.discoverable,
        indexable=form.indexable,
        hide_collections=form.hide_collections,
        avatar_description=form.avatar_description,
        header_description=form.header_description,
        attribution_domains=form.attribution_domains,
        show_media=form.show_media,
        show_media_replies=form.show_media_replies,
        show_featured=form.show_featured,
        avatar=await form.avatar.read() if form.avatar else None,
        header=await form.header.read() if form.header else None,
    )
    await update_profile(request.runtime, request.member_id, change)
    if defaults:
        await users.update_preferences(request.runtime.db, request.member_id, **defaults)


async def delete_avatar(request: Request) -> Response:
    """Take the picture away."""
    return await _without(request, ProfileChange(without=["avatar"], avatar_description=""))


async def delete_header(request: Request) -> Response:
    """Take the banner away."""
    return await _without(request, ProfileChange(without=["header"], header_description=""))


async def preferences(request: Request) -> Response:
    """Defaults for clients."""
    found = await users.get_preferences(request.runtime.db, request.member_id)
    return json_response(
        {
            "posting:default:visibility": found.default_visibility,
            "posting:default:sensitive": found.default_sensitive,
            "posting:default:language": usual_language(found),
            "posting:default:quote_policy": found.default_quote_policy,
            "posting:default:content_type": found.default_content_type,
            "reading:expand:media": found.expand_media,
            "reading:expand:spoilers": found.expand_spoilers,
            "reading:autoplay:gifs": found.autoplay_gifs,
        }
    )


async def _without(request: Request, change: ProfileChange) -> Response:
    await update_profile(request.runtime, request.member_id, change)
    return await credentials(request)
