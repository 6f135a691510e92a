"""How others find us: WebFinger, NodeInfo, host-meta."""

import orjson
from starlette.responses import Response

from federation.discovery import nodeinfo, webfinger
from federation.discovery.nodeinfo import Software, Usage
from server.errors import Gone, Invalid, NotFound
from server.store import accounts, local_accounts
from server.store.accounts import Account
from web.entities.account import avatar_url
from web.entities.instance import OWN_VERSION, VERSION
from web.pagination import json_response
from web.request import Request

_AVATAR = "http://webfinger.net/rel/avatar"
_KEPT = {"Cache-Control": "public, max-age=3600"}


async def show_webfinger(request: Request) -> Response:
    """The account of a handle or of an address of ours (RFC 7033).

    A suspended one is still there, as its actor is; one that is erased is gone for good.
    """
    resource = request.query_params.get("resource", "").strip()
    account = await _find(request, resource)
    if account is None or not request.runtime.settings.federation_enabled:
        raise NotFound
    if account.erased_at:
        raise Gone("This account is gone")
    addresses = request.addresses
    subject = f"acct:{account.username}@{addresses.domain}"
    if account.actor_type == "Application":
        jrd = webfinger.build_jrd(subject, account.uri, f"{addresses.origin}/about")
    else:
        links = webfinger.intent_links(addresses.interaction_url, addresses.share_url)
        if not account.suspended_at:
            links = [{"rel": _AVATAR, "href": avatar_url(account, addresses)}, *links]
        page = addresses.account_url(account.username)
        jrd = webfinger.build_jrd(subject, account.uri, page, links)
    return Response(orjson.dumps(jrd), 200, _KEPT, media_type=f"{webfinger.JRD}; charset=utf-8")


async def show_nodeinfo_links(request: Request) -> Response:
    """Where NodeInfo stands."""
    return json_response(nodeinfo.build_links(request.addresses.origin))


async def show_nodeinfo(request: Request) -> Response:
    """What we say of ourselves."""
    version = request.path_params["version"]
    if version not in {"2.0", "2.1"}:
        raise NotFound
    settings = request.runtime.settings
    members, month, half_year, posts = await local_accounts.count_local(request.runtime.db)
    document = nodeinfo.build_nodeinfo(
        version,
        _software(version, settings.source_url),
        Usage(members, month, half_year, posts),
        settings.is_open,
        {
            "nodeName": settings.instance_title,
            "nodeDescription": settings.instance_description,
            "implementation": {"name": "wandelgang", "version": OWN_VERSION},
        },
    )
    headers = {"Cache-Control": "max-age=1800", "Content-Type": nodeinfo.media_type_of(version)}
    return json_response(document, headers)


def _software(version: str, source_url: str) -> Software:
    """2.0, which clients read, names the API that we speak; 2.1 names us (decision 5)."""
    if version == "2.0":
        return Software("mastodon", VERSION, source_url)
    return Software("wandelgang", OWN_VERSION, source_url)


async def show_host_meta(request: Request) -> Response:
    """Where WebFinger stands (RFC 6415), as XML or, for who wants that, as JSON."""
    wants_json = "json" in request.headers.get("accept", "")
    if wants_json or request.url.path.endswith(".json"):
        answer = json_response(nodeinfo.build_host_meta_json(request.addresses.origin))
    else:
        text = nodeinfo.build_host_meta(request.addresses.origin)
        answer = Response(text, media_type="application/xrd+xml; charset=utf-8")
    answer.headers.update({**_KEPT, "Vary": "Accept"})
    return answer


async def _find(request: Request, resource: str) -> Account | None:
    """Raises Invalid for what is neither a handle nor an address."""
    db, addresses = request.runtime.db, request.addresses
    if handle := webfinger.parse_handle(resource):
        name, domain = handle
        is_own = addresses.is_own_domain(domain)
        return await accounts.find_by_handle(db, name, None) if is_own else None
    if not resource.startswith(("https://", "http://")):
        if "@" in resource:  # of another kind, like mailto:
            return None
        raise Invalid("resource must be like acct:name@domain", unreadable=True)
    if resource.startswith(f"{addresses.origin}/@"):
        name = resource.partition("/@")[2].rstrip("/")
        return await accounts.find_by_handle(db, name, None)
    found = await accounts.find_by_uri(db, resource)
    return found if found and found.is_local else None
