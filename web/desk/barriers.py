"""Who does not sign up here: networks, domains of mail, and single addresses."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from starlette.responses import RedirectResponse, Response

from server.errors import Invalid, NotFound
from server.identity.permissions import Permission
from server.moderation import barriers
from server.runtime import Runtime
from server.store import canonical_email_blocks, email_domain_blocks, ip_blocks
from server.store.canonical_email_blocks import canonical_hash
from server.store.database import Database
from server.store.ip_blocks import NO_ACCESS, SEVERITIES, NewIpBlock
from server.store.pages import Page
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pagination import Numbered, read_page
from web.request import Request

PATH = "/desk/barriers"
_NEEDED = Permission.MANAGE_BLOCKS
_SHOWN = 50
_LONGEST = 255
_DAY = 24 * 3600
_SPANS = (_DAY, 7 * _DAY, 30 * _DAY, 180 * _DAY, 365 * _DAY, 3 * 365 * _DAY)
_LISTS: dict[str, Callable[[Database, Page], Awaitable[Sequence[Numbered]]]] = {
    "networks": ip_blocks.block_page,
    "domains": email_domain_blocks.block_page,
    "addresses": canonical_email_blocks.block_page,
}
_TAKE_BACK: dict[str, Callable[[Runtime, int | None, int], Awaitable[None]]] = {
    "networks": barriers.unblock_ip,
    "domains": barriers.unblock_email_domain,
    "addresses": barriers.unblock_email,
}


class Form(PageForm):
    """Whom to keep out (`what` is a network, a domain or an address), or what is taken back."""

    what: str = ""
    severity: str = SEVERITIES[0]
    comment: str = ""
    seconds: int = 0
    allow_with_approval: bool = False
    delete_id: int = 0


async def show(request: Request) -> Response:
    """One of the three lists, and its form."""
    return await _page(request, await admit(request, _NEEDED), _list(request), Form())


async def change(request: Request) -> Response:
    """Keep somebody out, or do so no longer."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    name = _list(request)
    try:
        if form.delete_id:
            await _TAKE_BACK[name](request.runtime, moderator.id, form.delete_id)
        else:
            await _add(request, moderator, name, form)
    except Invalid as error:
        return await _page(request, moderator, name, form, told(request, error))
    return RedirectResponse(f"{PATH}?list={name}", 303)


async def _add(request: Request, moderator: Moderator, name: str, form: Form) -> None:
    """Raises Invalid."""
    runtime, what = request.runtime, form.what.strip()
    match name:
        case "networks":
            await barriers.block_ip(runtime, moderator.id, _network(request, form))
        case "domains":
            await barriers.block_email_domain(
                runtime, moderator.id, what, allow_with_approval=form.allow_with_approval
            )
        case _:
            if "@" not in what:
                raise Invalid("This is no mail address")
            await barriers.block_email(runtime, moderator.id, canonical_hash(what))


def _network(request: Request, form: Form) -> NewIpBlock:
    """Raises Invalid, also for a network that would shut the moderator out."""
    network = barriers.read_network(form.what)
    if form.severity == NO_ACCESS and request.ip and ip_address(request.ip) in network:
        raise Invalid("You come from this network yourself")
    if len(form.comment) > _LONGEST:
        raise Invalid(f"Validation failed: Comment is too long (maximum is {_LONGEST} characters)")
    until = datetime.now(UTC) + timedelta(seconds=form.seconds) if form.seconds in _SPANS else None
    return NewIpBlock(network, form.severity, form.comment.strip(), until)


def _list(request: Request) -> str:
    """Which list the address names. Raises NotFound."""
    name = request.query_params.get("list", "networks")
    if name not in _LISTS:
        raise NotFound
    return name


async def _page(
    request: Request, moderator: Moderator, name: str, form: Form, problem: str | None = None
) -> Response:
    page = read_page(request, _SHOWN, _SHOWN)
    found = await _LISTS[name](request.runtime.db, page)
    return desk_page(
        request,
        moderator,
        "barriers",
        422 if problem else 200,
        name=name,
        names=list(_LISTS),
        form=form,
        blocks=found,
        severities=SEVERITIES,
        spans=_SPANS,
        longest=_LONGEST,
        now=datetime.now(UTC),
        next_id=found[-1].id if len(found) == page.limit else None,
        problem=problem,
    )
