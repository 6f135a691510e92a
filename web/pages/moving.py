"""Pages on which a member moves to another server, or from one."""

from starlette.responses import RedirectResponse, Response

from server.errors import Invalid
from server.store import accounts, moves
from server.store.accounts import Account
from server.store.moves import Companion, Move
from server.store.sessions import Session
from server.transfer import move as transfer
from web.pages import challenge
from web.pages.forms import PageForm, read_form
from web.pages.rendering import render
from web.pages.settings import for_movers
from web.request import Request

MIGRATION = "/settings/migration"
ALIASES = "/settings/aliases"


class MoveForm(PageForm):
    """Where to, and whether followers come along."""

    acct: str = ""
    password: str = ""
    followers: bool = False


class AliasForm(PageForm):
    """A handle to add, or an actor's id to take away."""

    acct: str = ""
    uri: str = ""


@for_movers
async def show_migration(request: Request, session: Session) -> Response:
    """The form, or where one has gone, with how many came along."""
    return await _migration(request, session)


@for_movers
async def migrate(request: Request, session: Session) -> Response:
    """Move, with followers or without."""
    form = await read_form(request, MoveForm)
    if not await challenge.is_passed(request, session, form.password):
        return await _migration(request, session, form.acct, "challenge.wrong")
    act = transfer.move_away if form.followers else transfer.redirect
    try:
        await act(request.runtime, session.account_id, form.acct)
    except Invalid as error:
        return await _migration(request, session, form.acct, _problem(error))
    return RedirectResponse(MIGRATION, 303)


@for_movers
async def stay(request: Request, session: Session) -> Response:
    """Take the redirect back."""
    await read_form(request, PageForm)
    await transfer.stay(request.runtime, session.account_id)
    return RedirectResponse(MIGRATION, 303)


@for_movers
async def show_aliases(request: Request, session: Session) -> Response:
    """Which other accounts are the member's too, and a form for more."""
    return await _aliases(request, session)


@for_movers
async def change_aliases(request: Request, session: Session) -> Response:
    """Add one or take one away."""
    form = await read_form(request, AliasForm)
    try:
        if form.uri:
            await transfer.remove_alias(request.runtime, session.account_id, form.uri)
        else:
            await transfer.add_alias(request.runtime, session.account_id, form.acct)
    except Invalid as error:
        return await _aliases(request, session, form.acct, _problem(error))
    return RedirectResponse(ALIASES, 303)


async def _migration(
    request: Request, session: Session, acct: str = "", problem: str | None = None
) -> Response:
    db = request.runtime.db
    account = await accounts.get_account(db, session.account_id)
    target = await accounts.find_account(db, account.moved_to_id) if account.moved_to_id else None
    return render(
        request,
        "migration.html",
        422 if problem else 200,
        session=session,
        target=target,
        has_password=await challenge.has_password(request, session),
        moves=await _reports(request, account),
        acct=acct,
        problem=problem,
    )


async def _reports(
    request: Request, account: Account
) -> list[tuple[Move, str, dict[str, int], list[Companion]]]:
    """The last move away, and moves to here: each with the other one, counts, and who waits."""
    db = request.runtime.db
    last = await moves.find_last(db, account.id)
    found = ([last] if last else []) + await moves.list_arrivals(db, account.id)
    reports = []
    for one in found:
        other = await accounts.get_account(
            db, one.target_id if one.account_id == account.id else one.account_id
        )
        counts = await moves.count_companions(db, one.id)
        waiting = await moves.list_companions(db, one.id, ("asked", "stays"))
        reports.append((one, _handle(request, other), counts, waiting))
    return reports


async def _aliases(
    request: Request, session: Session, acct: str = "", problem: str | None = None
) -> Response:
    db = request.runtime.db
    account = await accounts.get_account(db, session.account_id)
    known = {one.uri: one for one in await accounts.list_by_uris(db, account.also_known_as)}
    aliases = [
        (uri, _handle(request, known[uri]) if uri in known else uri)
        for uri in account.also_known_as
    ]
    return render(
        request,
        "aliases.html",
        422 if problem else 200,
        session=session,
        aliases=aliases,
        acct=acct,
        problem=problem,
    )


def _handle(request: Request, account: Account) -> str:
    return f"@{account.username}@{account.domain or request.addresses.domain}"


def _problem(error: Invalid) -> str:
    """The text's name for what the transfer refused."""
    [(code, _)] = error.fields["acct"]
    return f"moving.{code}"
