"""Rules for posts of strangers: written, put into an order, and tried on the last week first."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from server.actions import inbound_rules as actions
from server.actions.inbound_rules import Hit
from server.errors import Invalid, NotFound
from server.identity.permissions import Permission
from server.remote.strangers import CONDITIONS, OUTCOMES
from server.store import inbound_rules
from server.store.inbound_rules import InboundRule
from web.desk.access import Moderator, admit, desk_page
from web.pages.forms import PageForm, read_form
from web.pages.refusals import told
from web.request import Request

PATH = "/desk/strangers"
_NEEDED = Permission.MANAGE_FEDERATION
_SHOWN = 50
_SECONDS = 20  # a trial may have to ask other servers


class Form(PageForm):
    """A rule as it is chosen, and what is done with it or with one that there is."""

    do: str = ""
    condition: str = "mentions"
    value: str = ""
    outcome: str = "hold"
    rule_id: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have held for in the last week, all of it or what was found in time."""

    hits: list[Hit]
    is_whole: bool


async def show(request: Request) -> Response:
    """The rules in their order, and the form for another."""
    return await _page(request, await admit(request, _NEEDED), Form())


async def change(request: Request) -> Response:
    """Try a rule, add it, move one or take one away."""
    moderator = await admit(request, _NEEDED)
    form = await read_form(request, Form)
    runtime, me = request.runtime, moderator.id
    try:
        match form.do:
            case "try":
                rule = actions.checked_rule(form.condition, form.value, form.outcome)
                return await _page(request, moderator, form, trial=await _try(request, rule))
            case "up" | "down":
                ids = [one.id for one in await inbound_rules.list_rules(runtime.db)]
                if form.rule_id not in ids:
                    raise NotFound
                place = ids.index(form.rule_id) + 1 + (1 if form.do == "down" else -1)
                await actions.move_rule(runtime, me, form.rule_id, place)
            case "delete":
                await actions.delete_rule(runtime, me, form.rule_id)
            case _:
                await actions.add_rule(runtime, me, form.condition, form.value, form.outcome)
    except Invalid as error:
        return await _page(request, moderator, form, told(request, error))
    return RedirectResponse(PATH, 303)


async def _try(request: Request, rule: InboundRule) -> Trial:
    """What a rule would have held for, as far as that is found out soon."""
    hits: list[Hit] = []
    try:
        async with (
            asyncio.timeout(_SECONDS),
            aclosing(actions.find_hits(request.runtime, [rule])) as found,
        ):
            async for hit in found:
                if len(hits) == _SHOWN:
                    return Trial(hits, is_whole=False)
                hits.append(hit)
    except TimeoutError:
        return Trial(hits, is_whole=False)
    return Trial(hits, is_whole=True)


async def _page(
    request: Request,
    moderator: Moderator,
    form: Form,
    problem: str | None = None,
    trial: Trial | None = None,
) -> Response:
    return desk_page(
        request,
        moderator,
        "strangers",
        422 if problem else 200,
        form=form,
        rules=await inbound_rules.list_rules(request.runtime.db),
        conditions=list(CONDITIONS),
        outcomes=OUTCOMES,
        trial=trial,
        problem=problem,
    )
