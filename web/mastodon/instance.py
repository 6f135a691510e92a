"""https://docs.joinmastodon.org/methods/instance/"""

from datetime import UTC, datetime, time

from starlette.responses import Response

from server.errors import NotFound
from server.identity import invites, vapid
from server.remote import translation
from server.store import (
    account_search,
    activity_weeks,
    custom_emojis,
    domain_rules,
    instance_texts,
    local_accounts,
    rules,
)
from server.store.account_views import AccountView, load_account_views
from server.text.languages import LANGUAGES
from web.entities import instance as entities
from web.entities.custom_emoji import custom_emoji_entity
from web.entities.domain_rule import domain_block_entity
from web.entities.values import timestamp
from web.instance_texts import load_terms, load_text, load_written
from web.pagination import json_response
from web.request import Request

_WEEKS = 12
_PEERS = 10


async def v2(request: Request) -> Response:
    """What the instance is and can."""
    runtime = request.runtime
    counts = await local_accounts.count_local(runtime.db)
    entity = entities.instance_v2(
        runtime.settings,
        runtime.addresses,
        counts,
        await _contact(request),
        await rules.list_rules(runtime.db),
        await vapid.public_key(runtime),
        has_terms=await instance_texts.has_terms(runtime.db),
    )
    return json_response(entity)


async def v1(request: Request) -> Response:
    """The same for older clients."""
    runtime = request.runtime
    counts = await local_accounts.count_local(runtime.db)
    domains = await account_search.list_known_domains(runtime.db)
    entity = entities.instance_v1(
        runtime.settings,
        runtime.addresses,
        counts,
        len(domains),
        await _contact(request),
        await rules.list_rules(runtime.db),
        invites_enabled=await invites.may_everyone_invite(runtime),
    )
    return json_response(entity)


async def peers(request: Request) -> Response:
    """Domains that we know, unless the owners keep them to themselves."""
    if not request.runtime.settings.instance_show_peers:
        raise NotFound
    return json_response(await account_search.list_known_domains(request.runtime.db))


async def search_peers(request: Request) -> Response:
    """Up to ten known domains that begin with `q`, those with most accounts first."""
    settings = request.runtime.settings
    if not settings.instance_show_peers or settings.federation_mode == "allow-list":
        raise NotFound
    beginning = request.query_params.get("q", "").strip().lower()[:253]
    found = await account_search.list_domains_like(request.runtime.db, beginning, _PEERS)
    return json_response(found if beginning else [])


async def donation_campaigns(request: Request) -> Response:  # noqa: ARG001 - the same for all
    """Nobody is asked for money here: Mastodon's answer of a server without campaigns."""
    return Response(status_code=204)


async def activity(request: Request) -> Response:
    """What was done here in the last twelve weeks, the running one first; all as strings."""
    weeks = await activity_weeks.list_weeks(request.runtime.db, _WEEKS)
    return json_response(
        [
            {
                "week": str(int(datetime.combine(week.week, time(), UTC).timestamp())),
                "statuses": str(week.statuses),
                "logins": str(week.logins),
                "registrations": str(week.registrations),
            }
            for week in weeks
        ]
    )


async def list_rules(request: Request) -> Response:
    """What holds here."""
    found = await rules.list_rules(request.runtime.db)
    return json_response([entities.rule_entity(rule) for rule in found])


async def extended_description(request: Request) -> Response:
    """What the owners tell about the instance; empty until they do, as on Mastodon."""
    text = await load_written(request, "extended_description")
    if text is None:
        return json_response({"updated_at": None, "content": ""})
    return json_response({"updated_at": timestamp(text.updated_at), "content": text.html})


async def privacy_policy(request: Request) -> Response:
    """What is kept of people."""
    text = await load_text(request, "privacy_policy")
    return json_response({"updated_at": timestamp(text.updated_at), "content": text.html})


async def terms_of_service(request: Request) -> Response:
    """The terms of a day, or those that hold now. Raises NotFound without any."""
    terms = await load_terms(request, request.path_params.get("date"))
    return json_response(
        {
            "effective_date": terms.effective_date.isoformat(),
            "effective": terms.is_effective,
            "content": terms.html,
            "succeeded_by": terms.succeeded_by.isoformat() if terms.succeeded_by else None,
        }
    )


async def domain_blocks(request: Request) -> Response:
    """Domains that moderators silenced or suspended, for whom the settings show them."""
    settings = request.runtime.settings
    if not _may_see(request, settings.domain_blocks_shown_to):
        raise NotFound
    with_comment = _may_see(request, settings.domain_block_reasons_shown_to)
    rules = await domain_rules.list_rules(request.runtime.db)
    return json_response(
        [
            domain_block_entity(rule, with_comment=with_comment)
            for rule in rules
            if rule.severity != "noop"
        ]
    )


def _may_see(request: Request, shown_to: str) -> bool:
    return shown_to == "all" or (shown_to == "users" and request.viewer_id is not None)


async def languages(_: Request) -> Response:
    """Languages that a post can be in."""
    return json_response([{"code": code, "name": name} for code, name in LANGUAGES.items()])


async def translation_languages(request: Request) -> Response:
    """Into which languages each language can be translated."""
    return json_response(await translation.known_languages(request.runtime))


async def emojis(request: Request) -> Response:
    """Our own custom emoji, those that may be used."""
    found = await custom_emojis.list_emojis(request.runtime.db)
    usable = [custom_emoji_entity(one, request.addresses) for one in found if not one.disabled]
    return json_response(usable)


async def _contact(request: Request) -> AccountView | None:
    account_id = await account_search.find_contact(request.runtime.db)
    views = await load_account_views(request.runtime.db, [account_id] if account_id else [])
    return views.get(account_id or 0)
