"""Accounts of other instances: fetched, checked, kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from federation.discovery import webfinger
from federation.documents import actor as documents
from federation.documents.actor import Actor
from federation.documents.reading import Document
from federation.errors import Blocked, Gone, Malformed, Missing, RemoteError, Untrusted
from federation.origins import authority_of
from federation.transport.budget import registrable
from federation.transport.fetch import fetch_document
from server import events
from server.identity.signing import instance_signer
from server.remote.policies import feature_circles
from server.remote.verified_links import look_at_links
from server.runtime import Runtime
from server.search import index
from server.store import account_states, accounts, domain_rules, moves, remote_accounts
from server.store.accounts import Account
from server.store.remote_accounts import RemoteAccount
from server.text.profile_fields import keep_verified
from server.text.sanitize import clean_line, sanitize_html
from server.transaction import Transaction

_STALE = timedelta(days=1)
_LONGEST_NAME = 200


async def find_or_fetch_account(runtime: Runtime, uri: str) -> Account:
    """The account whose actor has that id; one that was read long ago is read again by a job.

    Raises what fetching raises, Untrusted, Malformed.
    """
    return await keep_fresh(runtime, uri, await accounts.find_by_uri(runtime.db, uri))


async def keep_fresh(runtime: Runtime, uri: str, account: Account | None) -> Account:
    """As find_or_fetch_account, for one that was looked up."""
    if account is None:
        return await fetch_account(runtime, uri)
    if _is_stale(account):
        async with runtime.transaction() as tx:
            tx.enqueue("refresh_account", uri, once_key=f"refresh_account {uri}")
    return account


def _is_stale(account: Account) -> bool:
    return account.fetched_at is not None and account.fetched_at < datetime.now(UTC) - _STALE


async def fetch_account(runtime: Runtime, uri: str) -> Account:
    """Read an actor at its origin and keep it."""
    if uri.startswith(f"{runtime.settings.origin}/"):
        raise Untrusted(f"{uri} would be ours and is not")
    document = await fetch_document(runtime.http, uri, await instance_signer(runtime))
    return await store_actor(runtime, document)


async def refresh_account_job(runtime: Runtime, uri: str) -> None:
    """Job: read an actor again; one that cannot be read stays as it was, one that is gone goes."""
    try:
        await fetch_account(runtime, uri)
    except Missing:
        return  # some answer so while they are mended, or to whom they have blocked
    except Gone:
        account = await accounts.find_by_uri(runtime.db, uri)
        if account and not account.is_local:
            await remote_accounts.delete_remote_account(runtime.db, account.id)
    except RemoteError:
        return


async def store_actor(runtime: Runtime, document: Document) -> Account:
    """Keep an actor document that came from its origin or was signed by itself."""
    actor = documents.read_actor(document)
    known = await accounts.find_by_uri(runtime.db, actor.id)
    if known and known.is_local:
        raise Untrusted(f"{actor.id} is ours")
    username, domain = await _handle(runtime, actor, known)
    if runtime.domain_rules.refuses(domain):
        raise Blocked(f"{domain} is blocked here")
    keys = [(key.id, key.pem) for key in actor.keys]
    cleaned = _cleaned(actor, username, domain)
    if known:
        cleaned = replace(cleaned, fields=keep_verified(cleaned.fields, known.fields))
    rule = runtime.domain_rules.of(domain)
    if runtime.domain_rules.shows_no_media(domain):
        cleaned = replace(cleaned, avatar_remote_url=None, header_remote_url=None, emojis=[])
    async with runtime.transaction() as tx:
        account = await remote_accounts.upsert_remote_account(tx.db, cleaned, keys)
        if rule and rule.severity == "silence" and known is None:
            await domain_rules.mark_new_account(tx.db, account.id, rule)
        if await account_states.follow_home(tx.db, account.id, is_suspended=actor.suspended):
            events.account_changed(tx, account.id)
        moved_to = await accounts.find_by_uri(tx.db, actor.moved_to) if actor.moved_to else None
        await moves.set_moved_to(tx.db, account.id, moved_to.id if moved_to else None)
        await index.index_accounts(tx.db, [account.id])
        if await remote_accounts.concerns_us(tx.db, account.id):
            _read_what_is_shown(tx, account, actor)
        if known is None or known.fields != account.fields:
            await look_at_links(tx, account)
        return account


def _read_what_is_shown(tx: Transaction, account: Account, actor: Actor) -> None:
    """Hashtags and collections on the profile: only of whom somebody follows."""
    if actor.featured_tags:
        once = f"featured_tags {account.id}"
        tx.enqueue("read_featured_tags", account.id, actor.featured_tags, once_key=once)
    if actor.collections:
        tx.enqueue("read_collections", account.id, once_key=f"collections {account.id}")


async def _handle(runtime: Runtime, actor: Actor, known: Account | None) -> tuple[str, str]:
    """The handle that WebFinger confirms: two actors may claim one, it names one of them.

    An actor may say by which one it wants to be known (FEP-2c59), else it is its name at the host
    of its id. An unchanged name is asked about again once it is stale, since domains move; a server
    whose WebFinger does not answer keeps what it had, at first the host of the id as its domain,
    unless somebody else has that handle.
    """
    authority = authority_of(actor.id)
    if runtime.domain_rules.refuses(authority):
        raise Blocked(f"{authority} is blocked here")
    name, host = webfinger.parse_handle(actor.handle or "") or (actor.username, authority)
    kept = None
    if known and known.username == name:
        kept = known.username, known.domain or authority
    if kept and known and not _is_stale(known):
        return kept
    if authority == runtime.settings.authority:
        raise Untrusted(f"{actor.id} would be ours and is not")
    scheme = actor.id.partition("://")[0]
    try:
        username, domain, named = await webfinger.resolve_handle(runtime.http, name, host, scheme)
    except Blocked:
        raise  # its handle stands on a blocked domain, whatever its host
    except RemoteError:
        if kept is None and await accounts.find_by_handle(runtime.db, name, authority):
            raise
        return kept or (name, authority)
    if named != actor.id or runtime.addresses.is_own_domain(domain):
        raise Untrusted(f"{name}@{domain} is {named}, not {actor.id}")
    if username.lower() != name.lower():
        raise Malformed(f"{actor.id} is called {name} and {username}")
    return username, domain


def _is_of_one_site(page: str, uri: str) -> bool:
    """Whether a page can be its own: others it could only pass itself off for."""
    try:
        return registrable(authority_of(page)) == registrable(authority_of(uri))
    except Malformed:  # the name of no host, as with an underscore
        return False


def _cleaned(actor: Actor, username: str, domain: str) -> RemoteAccount:
    feature_automatic, feature_manual = feature_circles(actor)
    return RemoteAccount(
        uri=actor.id,
        username=username,
        domain=domain,
        url=actor.url if actor.url and _is_of_one_site(actor.url, actor.id) else None,
        actor_type=actor.type,
        display_name=clean_line(actor.name, _LONGEST_NAME),
        note=sanitize_html(actor.summary),
        fields=[
            {"name": clean_line(name, 255), "value": sanitize_html(value), "verified_at": None}
            for name, value in actor.fields
        ],
        avatar_remote_url=actor.icon,
        avatar_description=clean_line(actor.icon_description, 1500),
        header_remote_url=actor.image,
        header_description=clean_line(actor.image_description, 1500),
        emojis=[{"shortcode": emoji.shortcode, "url": emoji.url} for emoji in actor.emoji],
        locked=actor.locked,
        bot=actor.type in {"Service", "Application"},
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        memorial=actor.memorial,
        inbox_url=actor.inbox,
        shared_inbox_url=actor.shared_inbox,
        outbox_url=actor.outbox,
        followers_url=actor.followers,
        following_url=actor.following,
        featured_url=actor.featured,
        also_known_as=list(actor.also_known_as),
        attribution_domains=list(actor.attribution_domains),
        collections_url=actor.collections,
        feature_automatic=feature_automatic,
        feature_manual=feature_manual,
        show_media=actor.show_media,
        show_media_replies=actor.show_media_replies,
        show_featured=actor.show_featured,
        created_at=min(actor.published or datetime.now(UTC), datetime.now(UTC)),
    )
