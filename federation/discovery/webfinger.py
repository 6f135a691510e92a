"""Handles: `@name@domain` to an actor and back (RFC 7033)."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx

from federation import origins
from federation.documents import reading
from federation.documents.context import CONTENT_TYPE, is_activity_content_type
from federation.documents.reading import Document
from federation.errors import Gone, Malformed, Missing, RemoteError, Untrusted
from federation.transport.client import Client
from federation.transport.fetch import fetch, fetch_json

JRD = "application/jrd+json"
_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
_INTENT = "https://w3id.org/fep/3b86/"
_HANDLE = re.compile(r"@?([\w.-]+)@([\w.-]+(?::\d{1,5})?)", re.UNICODE)
_TEMPLATE = re.compile(r'template=["\'](https?://[^"\']+)["\']')


Link = dict[str, str]


def parse_handle(text: str) -> tuple[str, str] | None:
    """`@name@domain`, `name@domain` or `acct:name@domain` as (name, domain), else None."""
    match = _HANDLE.fullmatch(text.strip().removeprefix("acct:"))
    if not match:
        return None
    try:
        return match[1], origins.authority_of(f"https://{match[2]}")
    except Malformed:
        return None


def build_jrd(subject: str, actor_uri: str, page: str, more: Sequence[Link] = ()) -> Any:
    """Our answer for one account."""
    links: list[Link] = [
        {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page},
        {"rel": "self", "type": CONTENT_TYPE, "href": actor_uri},
        *more,
    ]
    return {"subject": subject, "aliases": [page, actor_uri], "links": links}


def intent_links(interact_url: str, share_url: str) -> list[Link]:
    """Where a member does something with what was found elsewhere: OStatus' and FEP-3b86."""
    return [
        {"rel": _SUBSCRIBE, "template": f"{interact_url}?uri={{uri}}"},
        *(
            {"rel": f"{_INTENT}{kind}", "template": f"{interact_url}?uri={{object}}"}
            for kind in ("Object", "Follow", "Like", "Announce")
        ),
        {"rel": f"{_INTENT}Create", "template": f"{share_url}?text={{content}}"},
    ]


async def find_interaction(
    client: Client, username: str, domain: str, uri: str, scheme: str = "https"
) -> str:
    """Where the server of a handle lets its member do something with `uri`.

    Only an address on the handle's own domain, or where its actor stands, and as well protected.
    Raises what fetch raises, Malformed for a server that has no such address.
    """
    answer = await _ask(client, f"acct:{username}@{domain}", domain, scheme)
    trusted = {f"{scheme}://{domain}", origins.origin_of(_self_link(answer))}
    for link in reading.as_list(answer.get("links")):
        template = reading.string(link.get("template")) if isinstance(link, dict) else None
        if not template or link.get("rel") != _SUBSCRIBE or "{uri}" not in template:
            continue
        address = template.replace("{uri}", quote(uri, safe=""))
        if origins.origin_of(address) not in trusted or not address.startswith(f"{scheme}:"):
            raise Untrusted(f"{domain} leads its members to {address}")
        return address
    raise Malformed(f"{domain} does not say where its members follow others")


async def resolve_handle(
    client: Client, username: str, domain: str, scheme: str = "https"
) -> tuple[str, str, str]:
    """The canonical (name, domain, actor id) of a handle.

    A server may call itself by another domain than it was asked for (split domain): then that
    domain is asked as well and must name the same actor. Raises what fetch raises, Untrusted.
    """
    answer = await _ask(client, f"acct:{username}@{domain}", domain, scheme)
    actor = _self_link(answer)
    subject = parse_handle(reading.string(answer.get("subject")) or "")
    if subject is None or subject[1] == domain.lower():
        return (subject or (username, domain))[0], domain, actor
    confirmed = await _ask(client, f"acct:{subject[0]}@{subject[1]}", subject[1], scheme)
    if _self_link(confirmed) != actor:
        raise Untrusted(f"{domain} and {subject[1]} name different actors")
    return subject[0], subject[1], actor


async def _ask(client: Client, resource: str, domain: str, scheme: str) -> Document:
    query = str(httpx.QueryParams(resource=resource))
    try:
        return await fetch_json(
            client, f"{scheme}://{domain}/.well-known/webfinger?{query}", f"{JRD}, application/json"
        )
    except RemoteError as error:
        if isinstance(error, Gone) and not isinstance(error, Missing):
            raise
        template = await _host_meta_template(client, domain, scheme)
        return await fetch_json(client, template.replace("{uri}", resource), JRD)


async def _host_meta_template(client: Client, domain: str, scheme: str) -> str:
    """Where WebFinger stands, by RFC 6415. Raises Malformed when it says nothing."""
    answer = await fetch(
        client, f"{scheme}://{domain}/.well-known/host-meta", "application/xrd+xml", 100_000
    )
    match = _TEMPLATE.search(answer.body.decode("utf-8", "replace"))
    if not match or "{uri}" not in match[1]:
        raise Malformed(f"{domain} does not say where its WebFinger is")
    return match[1]


def _self_link(answer: Document) -> str:
    for link in reading.as_list(answer.get("links")):
        if isinstance(link, dict) and link.get("rel") == "self":
            kind, href = reading.string(link.get("type")) or "", reading.uri(link.get("href"))
            if href and is_activity_content_type(kind):
                return href
    raise Malformed("WebFinger names no actor")
