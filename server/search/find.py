"""From what is typed to ids, without asking anybody elsewhere."""

from collections.abc import Sequence
from datetime import UTC, tzinfo

from federation.documents.tag import fold_hashtag
from server.addresses import Addresses
from server.store import account_search, accounts, status_search
from server.store.account_search import WantedAccount
from server.store.database import Database, Pool
from server.store.lexemes import phrase, quoted
from server.store.status_search import Wanted
from server.text.search_query import Author, StatusQuery, parse_query
from server.text.words import words_of

_MOST_SKIPPED = 10_000
_MOST_WORDS = 10
_LONGEST = 200


async def find_statuses(
    pool: Pool,
    addresses: Addresses,
    viewer_id: int,
    text: str,
    limit: int,
    offset: int = 0,
    *,
    account_id: int | None = None,
    min_id: int | None = None,
    max_id: int | None = None,
    zone: tzinfo = UTC,
) -> list[int]:
    """Ids of posts for a member, newest first; of one author with `account_id`. Days are those of
    `zone`.
    """
    query = parse_query(text, zone)
    if query.is_empty:
        return []
    included, excluded = await _authors(pool, addresses, viewer_id, query.authors)
    if account_id is not None:
        included = [account_id] if included is None or account_id in included else []
    if included == []:
        return []
    wanted = Wanted(
        words=_tsquery(query),
        scope=query.scope,
        author_ids=included,
        not_author_ids=excluded,
        is_bot=query.is_bot,
        since=query.since,
        until=query.until,
        min_id=min_id,
        max_id=max_id,
    )
    return await status_search.search_statuses(
        pool, viewer_id, wanted, limit, min(offset, _MOST_SKIPPED)
    )


async def find_accounts(
    db: Database,
    addresses: Addresses,
    viewer_id: int | None,
    text: str,
    limit: int,
    offset: int = 0,
    *,
    following: bool = False,
) -> list[int]:
    """Ids of accounts by handle, name or (of those who may be discovered) note; best first."""
    text = text[:_LONGEST].strip().removeprefix("@")
    name, _, domain = text.lower().partition("@")
    words = words_of(text if not domain else name)[:_MOST_WORDS]
    ways = []
    if name and not set(name) & set(" \t\n\0"):
        ways.append(phrase([name], is_prefix=True, weights="A"))
    if words:
        ways.append(" & ".join(phrase([word], is_prefix=True, weights="AB") for word in words))
    if not ways:
        return []
    is_ours = addresses.is_own_domain(domain)
    names = " | ".join(f"({way})" for way in ways)
    if domain and not is_ours:
        names = f"({names}) & {phrase([domain], is_prefix=True, weights='C')}"
    elif "." in name:
        names += f" | {phrase([name], weights='C')}"
    wanted = WantedAccount(
        names=names,
        whole=" & ".join(phrase([word], weights="AB") for word in words),
        notes="" if domain else " & ".join(phrase([word], weights="BD") for word in words),
        username=name,
        domain=None if is_ours else domain or None,
        local_only=is_ours,
        following=following,
    )
    return await account_search.search_accounts(
        db, wanted, viewer_id, limit, min(offset, _MOST_SKIPPED)
    )


def tag_beginning(text: str) -> str | None:
    """The beginning of a hashtag that is meant, None when it is none."""
    beginning = fold_hashtag(text.strip().removeprefix("#"))
    return beginning if beginning and not set(beginning) & set(" @#:/") else None


async def _authors(
    db: Database, addresses: Addresses, viewer_id: int, authors: Sequence[Author]
) -> tuple[list[int] | None, list[int]]:
    """Ids of whose posts are wanted (None = anybody's) and of whose are not."""

    def domain_of(author: Author) -> str | None:
        is_ours = author.domain and addresses.is_own_domain(author.domain)
        return None if is_ours else author.domain

    handles = {(a.name, domain_of(a)) for a in authors if a.name is not None}
    found = await accounts.find_by_handles(db, sorted(handles, key=str)) if handles else []
    by_handle = {(a.username.lower(), a.domain and a.domain.lower()): a.id for a in found}
    ids: dict[bool, list[int]] = {False: [], True: []}
    for author in authors:
        name, domain = author.name, domain_of(author)
        found_id = viewer_id if name is None else by_handle.get((name, domain))
        if found_id:
            ids[author.is_negated].append(found_id)
    is_limited = any(not author.is_negated for author in authors)
    return ids[False] if is_limited else None, ids[True]


def _tsquery(query: StatusQuery) -> str:
    parts = [
        "!" * term.is_negated + phrase(term.words, is_prefix=term.is_prefix) for term in query.terms
    ]
    parts += ["!" * is_negated + quoted(mark) for mark, is_negated in query.marks]
    return " & ".join(parts)
