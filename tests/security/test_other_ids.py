"""Every address of a member's own pages, asked for with somebody else's ids: it is not there.

Whoever adds such an address has to add whose thing it names.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from server.actions.filters import FilterChange, create_filter
from server.fanout.severances import record_moderators_block
from server.identity import invites, oauth
from server.identity.scopes import parse_scopes
from server.moderation.act import Act, act
from server.runtime import Runtime
from server.store import apps, archives, follows, passkeys, sessions
from server.store.accounts import Account
from server.transfer.imports import begin_import
from tests.forms import PASSWORD, proof
from tests.makers import make_member, make_remote
from tests.web.desk.test_desk import enter
from web.site import SITE

Maker = Callable[[Runtime, Account], Awaitable[int]]


async def a_session(runtime: Runtime, owner: Account) -> int:
    return (await sessions.list_sessions(runtime.db, owner.id))[0].id


async def an_app(runtime: Runtime, owner: Account) -> int:
    await oauth.member_token(runtime, owner.id, parse_scopes("read"))
    return (await apps.list_allowed(runtime.db, owner.id))[0].id


async def a_passkey(runtime: Runtime, owner: Account) -> int:
    await passkeys.insert_passkey(runtime.db, owner.id, b"id", b"key", 0, [], "mine")
    return (await passkeys.list_passkeys(runtime.db, owner.id))[0].id


async def an_invitation(runtime: Runtime, owner: Account) -> int:
    await invites.invite(runtime, owner.id, "", None, None, autofollow=False)
    return (await invites.list_links(runtime, owner.id))[0].invite.id


async def an_archive(runtime: Runtime, owner: Account) -> int:
    made = await archives.insert_archive(runtime.db, owner.id, "archives/x.zip")
    assert made is not None
    await runtime.media.put("archives/x.zip", b"PK", "application/zip")
    await archives.finish_archive(runtime.db, made, 2)
    return made


async def an_import(runtime: Runtime, owner: Account) -> int:
    return await begin_import(
        runtime, owner.id, "following", "f.csv", b"Account address\nben\n", overwrite=False
    )


async def a_severance(runtime: Runtime, owner: Account) -> int:
    remy = await make_remote(runtime)
    await follows.insert_follow(runtime.db, owner.id, remy.id, None)
    async with runtime.transaction() as tx:
        await record_moderators_block(tx, "far.example")
    return int(await runtime.db.fetchval("SELECT id FROM severances"))


async def a_strike(runtime: Runtime, owner: Account) -> int:
    await act(runtime, None, Act(owner.id, "none", "careful"))
    return int(await runtime.db.fetchval("SELECT id FROM strikes"))


async def a_filter(runtime: Runtime, owner: Account) -> int:
    change = FilterChange(title="Rain", contexts=["home"])
    return (await create_filter(runtime, owner.id, change)).id


OWN: dict[str, Maker] = {
    "/settings/filters": a_filter,
    "/settings/security/sessions": a_session,
    "/settings/security/passkeys": a_passkey,
    "/settings/apps": an_app,
    "/settings/invites": an_invitation,
    "/settings/export/archives": an_archive,
    "/settings/imports": an_import,
    "/severed_relationships": a_severance,
    "/disputes/strikes": a_strike,
}
# What an owner's own call answers with; else a redirect for a form, a page for a look.
FORM = {
    "kind": "x",
    "text": "I object",
    "current_password": PASSWORD,
    "title": "x",
    "contexts[]": "home",
}


async def test_another_s_things_are_not_there(client: httpx.AsyncClient, runtime: Runtime) -> None:
    anna = await make_member(runtime, "anna", password=PASSWORD)
    ben = await make_member(runtime, "ben", password=PASSWORD)
    rows = [
        row
        for row in SITE
        if "{id}" in row.path and row.path.startswith(("/settings", "/severed", "/disputes"))
    ]
    assert {row.path.partition("/{id}")[0] for row in rows} == set(OWN)
    await enter(client, anna)
    cookies = dict(client.cookies)  # with a passkey she would need it to come in again
    ids = {place: await make(runtime, anna) for place, make in OWN.items()}

    async def call(method: str, path: str) -> int:
        form = {**FORM, "csrf": proof(client)} if method == "POST" else None
        answer = await client.request(method, path, data=form)
        return answer.status_code

    def path_of(path: str) -> str:
        return path.replace("{id}", str(ids[path.partition("/{id}")[0]]))

    await enter(client, ben)
    before = await _everything(runtime)
    stolen = [
        (row.method, row.path) for row in rows if await call(row.method, path_of(row.path)) != 404
    ]
    assert stolen == []
    assert await _everything(runtime) == before
    client.cookies.clear()
    for row in rows:
        form = {"csrf": "x"} if row.method == "POST" else None
        answer = await client.request(row.method, path_of(row.path), data=form)
        assert answer.status_code in {302, 303, 403}, row.path  # off to the sign-in page
    # The same ids, asked for by their owner, are there; sessions last, hers may end.
    client.cookies.update(cookies)
    for row in sorted(rows, key=lambda row: (row.method, "sessions" in row.path)):
        assert await call(row.method, path_of(row.path)) in {200, 303}, row.path


async def _everything(runtime: Runtime) -> list[Any]:
    """How much there is of what was asked for."""
    tables = (
        "sessions",
        "passkeys",
        "tokens",
        "invites WHERE expires_at IS NULL",
        "archives",
        "imports WHERE state = 'unconfirmed'",
        "severances",
        "strikes",
        "appeals",
        "import_rows",
        "filters WHERE title = 'Rain'",
    )
    return [await runtime.db.fetchval(f"SELECT count(*) FROM {one}") for one in tables]
