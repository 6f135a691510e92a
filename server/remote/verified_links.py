"""Whether the pages in a profile's fields say that they belong to the same person (rel="me").

Checked when the fields change and every week again; for accounts elsewhere as for ours.
"""

import random
from datetime import UTC, datetime, timedelta

from federation.documents.times import written
from federation.errors import Gone, Malformed, NotAllowed, RemoteError
from federation.origins import authority_of, is_same_origin
from federation.transport.budget import registrable
from federation.transport.fetch import fetch_page
from server.runtime import Runtime
from server.store import accounts, verified_links
from server.store.accounts import Account
from server.text.page import decode_page, names_me
from server.text.profile_fields import field_link
from server.transaction import Transaction

_MOST_PER_ROUND = 200
_MOST_LINKS = 6
_SPREAD_SECONDS = 60.0


async def look_at_links(tx: Transaction, account: Account) -> None:
    """Have the links of new or changed fields checked; of somebody elsewhere within a minute."""
    allows_plain = tx.addresses.origin.startswith("http:")
    links = [f for f in account.fields if field_link(f, allows_plain=allows_plain)]
    await verified_links.await_check(tx.db, account.id, has_links=bool(links))
    if any(field.get("verified_at") is None for field in links):
        delay = timedelta(seconds=random.uniform(1, _SPREAD_SECONDS))  # noqa: S311
        run_at = None if account.is_local else datetime.now(UTC) + delay
        tx.enqueue("verify_links", account.id, once_key=f"verify_links {account.id}", run_at=run_at)


async def verify_links_job(runtime: Runtime, account_id: int) -> None:
    """Job: ask the pages of an account's fields. What cannot be reached now keeps its proof."""
    account = await accounts.find_account(runtime.db, account_id)
    if account is None:
        return
    allows_plain = not runtime.settings.is_https
    links = {
        field["value"]: (link, field.get("verified_at"))
        for field in account.fields[:_MOST_LINKS]
        if (link := field_link(field, allows_plain=allows_plain))
    }
    own = _addresses(runtime, account)
    # One after the other: they may all stand on one small host.
    answers = [await _leads_back(runtime, url, own) for url, _ in links.values()]
    now = written(datetime.now(UTC))
    proofs = {
        value: (known or now) if is_mine else None
        for (value, (_, known)), is_mine in zip(links.items(), answers, strict=True)
        if is_mine is not None
    }
    changed = {value: at for value, at in proofs.items() if at != links[value][1]}
    async with runtime.transaction() as tx:
        if changed:
            await verified_links.set_verified(tx.db, account_id, changed)
        await verified_links.mark_checked(tx.db, account_id)


async def enqueue_due(runtime: Runtime) -> None:
    """Have the links checked whose turn it is."""
    async with runtime.transaction() as tx:
        for account_id in await verified_links.list_due(tx.db, _MOST_PER_ROUND):
            tx.enqueue("verify_links", account_id, once_key=f"verify_links {account_id}")


def _addresses(runtime: Runtime, account: Account) -> set[str]:
    """Under which a page may name the account."""
    if account.is_local:
        return {runtime.addresses.account_url(account.username), account.uri}
    # Its page counts at its own origin alone: else who names another's as theirs has their proofs.
    pages = {account.url} if account.url and is_same_origin(account.url, account.uri) else set()
    return {account.uri, *pages}


async def _leads_back(runtime: Runtime, url: str, own: set[str]) -> bool | None:
    """Whether a page names one of the addresses; None when it cannot be asked now.

    One to which a site leads on (`/out?to=`) proves nothing for that site.
    """
    try:
        answer = await fetch_page(runtime.open_web, url)
    except (Gone, Malformed, NotAllowed):
        return False
    except RemoteError:
        return None
    if registrable(authority_of(answer.url)) != registrable(authority_of(url)):
        return False
    html = decode_page(answer.body, answer.content_type)
    return await runtime.offload(names_me, html, own)
