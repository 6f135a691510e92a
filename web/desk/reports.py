"""Reports at the moderators' desk: those that wait, and one with all that can be done."""

from starlette.responses import RedirectResponse, Response

from server.identity.permissions import Permission
from server.moderation import reports as actions
from server.moderation.act import Act, act, kinds_for
from server.store import (
    accounts,
    moderation_notes,
    reported_posts,
    reports,
    rules,
    status_views,
    warning_presets,
)
from server.store.reports import Search
from web.desk.access import admit, desk_page
from web.desk.excerpts import excerpt, excerpt_of_gone
from web.desk.menu import ANY, first_page
from web.pages.forms import PageForm, read_form
from web.pagination import read_page
from web.request import Request


class Form(PageForm):
    """What a button of the page does; `kind` of an act."""

    do: str = ""
    kind: str = ""
    text: str = ""
    preset_id: int | None = None
    tells: bool = False
    note: str = ""


async def index(request: Request) -> Response:
    """Reports that wait, or all; whose role is for something else goes there."""
    moderator = await admit(request, ANY)
    if not moderator.may("MANAGE_REPORTS"):
        return RedirectResponse(first_page(moderator.permissions) or "/", 302)
    page = read_page(request, 40, 40)
    is_all = request.query_params.get("all") == "1"
    search = Search(resolved=None if is_all else False)
    found = await reports.report_page(request.runtime.db, page, search)
    ids = {i for r in found for i in (r.account_id, r.target_id, r.assigned_account_id) if i}
    people = await accounts.list_accounts(request.runtime.db, ids)
    return desk_page(
        request,
        moderator,
        "reports",
        reports=found,
        names={account.id: account.acct for account in people},
        is_all=is_all,
        next_id=found[-1].id if len(found) == page.limit else None,
    )


async def show(request: Request) -> Response:
    """One report."""
    moderator = await admit(request, Permission.MANAGE_REPORTS)
    db = request.runtime.db
    report = await reports.get_report(db, request.path_id())
    ids = {
        i
        for i in (report.account_id, report.target_id, report.assigned_account_id)
        if i is not None
    }
    people = {one.id: one for one in await accounts.list_accounts(db, ids)}
    views = await status_views.load_status_views(db, report.status_ids)
    there = {view.status.id for view in views}
    kept = await reported_posts.list_kept(db, report.id)
    gone = [excerpt_of_gone(post) for post in kept if post.status_id not in there]
    posts = [*(excerpt(view, request.addresses) for view in views), *gone]
    acting = await moderator.upon(request, report.target_id)
    kinds = kinds_for(people[report.target_id], acting.permissions)
    cited = await rules.find_rules(db, report.rule_ids)
    return desk_page(
        request,
        moderator,
        "report",
        report=report,
        people=people,
        target=people[report.target_id],
        posts=posts,
        missing=len(report.status_ids) - len(posts),
        rules=cited,
        notes=await moderation_notes.list_notes(db, report_id=report.id),
        kinds=[kind for kind in kinds if views or not kind.endswith(_OF_POSTS)],
        presets=await warning_presets.list_presets(db),
    )


async def change(request: Request) -> Response:
    """Do what the button says."""
    moderator = await admit(request, Permission.MANAGE_REPORTS)
    form = await read_form(request, Form)
    runtime, me, report_id = request.runtime, moderator.id, request.path_id()
    match form.do:
        case "assign" | "unassign":
            await actions.assign(runtime, me, report_id, to_oneself=form.do == "assign")
        case "resolve":
            await actions.resolve(runtime, me, report_id)
        case "reopen":
            await actions.reopen(runtime, me, report_id)
        case "note":
            await actions.write_note(runtime, me, form.note, report_id=report_id)
        case "act":
            report = await reports.get_report(runtime.db, report_id)
            new = Act(report.target_id, form.kind, form.text, report_id, form.preset_id, form.tells)
            await act(runtime, me, new)
        case _:
            pass
    return RedirectResponse(f"/desk/reports/{report_id}", 303)


_OF_POSTS = ("_statuses", "_as_sensitive")
