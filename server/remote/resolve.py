"""From what people paste (a handle, an address) to an account, a status or a collection."""

import asyncio
import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from federation import origins
from federation.discovery import webfinger
from federation.documents import actor as actor_documents
from federation.documents import featured
from federation.documents import note as note_documents
from federation.documents.reading import id_of, type_of
from federation.errors import Malformed, RemoteError
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.remote import actors, featured_collections, statuses
from server.runtime import Runtime
from server.store import accounts, remote_collections
from server.store import statuses as stored_statuses
from server.store.accounts import Account
from server.store.collections import Collection
from server.store.statuses import Status
from server.text.compose import Handle

Thing = Account | Status | Collection
_SECONDS = 10.0
_MOST_AT_ONCE = 10
_HANDLE_PAGE = re.compile(r"(?:/web)?/@(?P<name>[^/@]+)(?:@(?P<domain>[^/@]+))?")
_STATUS_PAGE = re.compile(r"(?:/web)?/(?:@[^/]+|statuses|users/[^/]+/statuses)/(?P<id>[0-9]{1,18})")


async def resolve_handles(runtime: Runtime, handles: Sequence[Handle]) -> dict[Handle, Account]:
    """The accounts of several handles; those that we do not know are asked for, side by side."""
    is_own = runtime.addresses.is_own_domain
    asked = {
        (name, domain): (name, None if not domain or is_own(domain) else _authority(domain))
        for name, domain in handles
    }
    known = await accounts.find_by_handles(runtime.db, list(asked.values()))
    by_handle = {(account.username.lower(), account.domain): account for account in known}
    missing = [h for h in dict.fromkeys(asked.values()) if h[1] and h not in by_handle]
    found = await asyncio.gather(
        *(resolve_handle(runtime, name, domain or "") for name, domain in missing[:_MOST_AT_ONCE])
    )
    by_handle |= {h: account for h, account in zip(missing, found, strict=False) if account}
    return {handle: by_handle[key] for handle, key in asked.items() if key in by_handle}


def _authority(domain: str) -> str:
    """As it is kept; people write names of hosts in their own letters."""
    try:
        return origins.authority_of(f"https://{domain}")
    except Malformed:
        return domain


async def resolve_handle(runtime: Runtime, username: str, domain: str) -> Account | None:
    """The account of a handle: a known one, else asked for by WebFinger; None if there is none."""
    if runtime.addresses.is_own_domain(domain):
        return await accounts.find_by_handle(runtime.db, username, None)
    known = await accounts.find_by_handle(runtime.db, username, domain)
    if known or not runtime.settings.federation_enabled:
        return known
    scheme = urlsplit(runtime.settings.origin).scheme
    try:
        async with asyncio.timeout(_SECONDS):
            _, _, uri = await webfinger.resolve_handle(runtime.http, username, domain, scheme)
            return await actors.find_or_fetch_account(runtime, uri)
    except (RemoteError, TimeoutError):
        return None


async def resolve_uri(runtime: Runtime, address: str) -> Thing | None:
    """What an address (of a page or an ActivityPub id) is: a known thing, else fetched."""
    known = await find_known(runtime, address)
    is_own = address.startswith(f"{runtime.settings.origin}/")
    if known or is_own or not runtime.settings.federation_enabled:
        return known
    try:
        async with asyncio.timeout(_SECONDS):
            return await _fetch(runtime, address)
    except (RemoteError, TimeoutError):
        return None


async def find_known(runtime: Runtime, address: str) -> Thing | None:
    """What an address is, without asking anybody."""
    if address.startswith(f"{runtime.settings.origin}/"):
        return await _find_own(runtime, address)
    for find_by in (
        accounts.find_by_uri_or_url,
        stored_statuses.find_by_uri_or_url,
        remote_collections.find_by_uri_or_url,
    ):
        found: Thing | None = await find_by(runtime.db, address)
        if found:
            return found
    return None


async def _fetch(runtime: Runtime, address: str) -> Thing | None:
    document = await fetch_document(runtime.http, address, await instance_signer(runtime))
    kind = type_of(document)
    if kind in actor_documents.TYPES:
        return await actors.store_actor(runtime, document)
    if kind == "Create" and (made := id_of(document.get("object"))):
        return await statuses.find_or_fetch_status(runtime, made)
    if kind in note_documents.TYPES:
        note = note_documents.read_note(document)
        author = await actors.find_or_fetch_account(runtime, note.author)
        return await statuses.store_note(runtime, author, note, is_new=False)
    if kind == featured.TYPE:
        told = featured.read_collection(document)
        owner = await actors.find_or_fetch_account(runtime, told.author)
        await featured_collections.store_collection(runtime, owner, told)
        return await remote_collections.find_by_uri_or_url(runtime.db, told.id)
    return None


async def _find_own(runtime: Runtime, address: str) -> Account | Status | None:
    """What stands under an address of ours: an id, a page, or one under which apps and Mastodon's
    own web show what others wrote (`/@name@host`, `/@name@host/ID`, `/statuses/ID`).
    """
    db, path = runtime.db, urlsplit(address).path
    handle, status_id = _HANDLE_PAGE.fullmatch(path), _STATUS_PAGE.fullmatch(path)
    if handle:
        name, domain = unquote(handle["name"]), unquote(handle["domain"] or "")
        is_own = not domain or runtime.addresses.is_own_domain(domain)
        return await accounts.find_by_handle(db, name, None if is_own else _authority(domain))
    if status_id:
        return await stored_statuses.find_status(db, int(status_id["id"]))
    return await accounts.find_by_uri(db, address) or (
        await stored_statuses.find_by_uri(db, address)
    )
