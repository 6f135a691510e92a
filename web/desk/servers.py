"""Other servers: what holds for each, and with whom one talks where there is a list of them."""

from starlette.responses import RedirectResponse, Response

from server.actions import domain_rules as actions
from server.actions.domain_rules import SEVERITIES, AlreadyBlocked
from server.errors import Invalid
from server.identity.permissions import Permission
from server.store import domain_rules
from server.store.domain_rules import NewRule, Rule
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.pages.rendering import texts_of
from web.pagination import read_page
from web.request import Request

PATH = "/desk/servers"
ALLOWED = f"{PATH}/allowed"
_NEEDED = Permission.MANAGE_FEDERATION
_LONGEST = 1000


class Form(PageForm):
    """What is said of a domain, and the button."""

    do: str = ""
    domain: str = ""
    severity: str = "silence"
    reject_media: bool = False
    reject_reports: bool = False
    private_comment: str = ""
    public_comment: str = ""
    obfuscate: bool = False
    allowed_id: int = 0


async def index(request: Request) -> Response:
    """All rules, the latest first, and the form for another."""
    return await _page(request, await admit(request, _NEEDED), Form())


async def create(request: Request) -> Response:
    """Another rule."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    try:
        await actions.block(request.runtime, moderator.id, form.domain, _rule(form))
    except AlreadyBlocked as error:
        problem = texts_of(request)["servers.already"].format(domain=error.rule.domain)
        return await _page(request, moderator, form, problem=problem)
    except Invalid as error:
        return await _page(request, moderator, form, problem=told(request, error))
    return RedirectResponse(PATH, 303)


async def show(request: Request) -> Response:
    """The form of one."""
    moderator = await admit(request, _NEEDED)
    rule = await domain_rules.get_rule(request.runtime.db, request.path_id())
    form = Form(
        domain=rule.domain,
        severity=rule.severity,
        reject_media=rule.reject_media,
        reject_reports=rule.reject_reports,
        private_comment=rule.private_comment or "",
        public_comment=rule.public_comment or "",
        obfuscate=rule.obfuscate,
    )
    return await _page(request, moderator, form, rule)


async def change(request: Request) -> Response:
    """Say something else of a domain, or take it back."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    rule = await domain_rules.get_rule(request.runtime.db, request.path_id())
    if form.do == "delete":
        await actions.unblock(request.runtime, moderator.id, rule.id)
        return RedirectResponse(PATH, 303)
    try:
        await actions.change(request.runtime, moderator.id, rule.id, _rule(form))
    except Invalid as error:
        return await _page(request, moderator, form, rule, told(request, error))
    return RedirectResponse(PATH, 303)


async def index_allowed(request: Request) -> Response:
    """With whom one talks, which counts in the mode of an allow-list."""
    return await _allowed_page(request, await admit(request, _NEEDED))


async def change_allowed(request: Request) -> Response:
    """Put a domain on that list, or take one off."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    if form.allowed_id:
        await actions.disallow(request.runtime, moderator.id, form.allowed_id)
        return RedirectResponse(ALLOWED, 303)
    try:
        await actions.allow(request.runtime, moderator.id, form.domain)
    except Invalid as error:
        return await _allowed_page(request, moderator, form.domain, told(request, error))
    return RedirectResponse(ALLOWED, 303)


def _rule(form: Form) -> NewRule:
    """Raises Invalid."""
    private, public = form.private_comment.strip(), form.public_comment.strip()
    if max(len(private), len(public)) > _LONGEST:
        raise Invalid(f"Validation failed: Comment is too long (maximum is {_LONGEST} characters)")
    return NewRule(
        form.severity,
        form.reject_media,
        form.reject_reports,
        private or None,
        public or None,
        form.obfuscate,
    )


async def _page(
    request: Request,
    moderator: Moderator,
    form: Form,
    rule: Rule | None = None,
    problem: str | None = None,
) -> Response:
    """The form; without one that is changed the list below it."""
    page, name = read_page(request, 50, 50), request.query_params.get("name", "").strip().lower()
    db = request.runtime.db
    found = [] if rule else await domain_rules.rule_page(db, page, name)
    return desk_page(
        request,
        moderator,
        "servers",
        422 if problem else 200,
        form=form,
        rule=rule,
        rules=found,
        name=name,
        severities=SEVERITIES,
        longest=_LONGEST,
        next_id=found[-1].id if len(found) == page.limit else None,
        problem=problem,
    )


async def _allowed_page(
    request: Request, moderator: Moderator, domain: str = "", problem: str | None = None
) -> Response:
    page = read_page(request, 100, 100)
    found = await domain_rules.allowed_page(request.runtime.db, page)
    return desk_page(
        request,
        moderator,
        "allowed_servers",
        422 if problem else 200,
        allowed=found,
        domain=domain,
        counts=request.runtime.settings.federation_mode == "allow-list",
        next_id=found[-1].id if len(found) == page.limit else None,
        problem=problem,
    )
