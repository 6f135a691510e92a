"""Calls one row of the table as its recipe says, and tells all that is not as it must be."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.contract import post_things, shapes
from tests.contract.recipe import Recipe
from tests.contract.recipes import prepared
from tests.contract.table import Endpoint
from tests.contract.world import Person, Scene, World
from tests.makers import Api

_UNKNOWN = "1"
_TEXTS = {"HTML": "text/html", "XML": "xml", "Text": "text/plain"}


@dataclass(slots=True)
class Findings:
    """`problems` break the contract; `extras` are fields that Mastodon has not."""

    problems: list[str] = field(default_factory=list)
    extras: set[str] = field(default_factory=set)


async def examine(world: World, row: Endpoint, recipe: Recipe) -> Findings:
    """Everything that the table says about a row, tried."""
    findings = Findings()
    has_member = row.scopes and ("user" in row.auth or "admin" in row.auth)
    scopes = row.scopes if has_member else ("",)
    for place, scope in enumerate(scopes):
        scene = await Scene.open(world, row.role)
        try:
            call = await prepared(scene, recipe)
        except AssertionError as error:
            findings.problems.append(f"what it needs cannot be made: {error}")
            return findings
        if place == 0:
            await _refusals(scene, row, recipe, call, findings)
            if row.link_header and recipe.each:
                await _walk(scene, row, call, findings)
        await _answer(scene, row, recipe, call, scope, findings)
    return findings


async def call_row(api: Api, row: Endpoint, call: dict[str, Any]) -> httpx.Response:
    """Call the row with what its recipe prepared."""
    path = row.path
    for name, value in call["path"].items():
        path = path.replace(f":{name}", value)
    more = {key: value for key, value in call.items() if key != "path"}
    return await api(row.method, path, **more)


async def _answer(
    scene: Scene, row: Endpoint, recipe: Recipe, call: dict[str, Any], scope: str, found: Findings
) -> None:
    """The real call; with a token that carries one scope and no other, and without any."""
    apis = {"with a token": await scene.world.limited(scene.me, scope) if scope else scene.me.api}
    if row.auth == ("app",):
        apis = {"with an app's token": await scene.world.app_api()}
    if "none" in row.auth:
        apis["without a token"] = Api(scene.world.client())
    for who, api in apis.items():
        if recipe.by_caller:
            await recipe.by_caller(scene, api)
        answer = await call_row(api, row, call)
        where = f"{who}{' of ' + scope if scope else ''}"
        if answer.status_code not in recipe.status:
            found.problems.append(f"{where}: {answer.status_code} {answer.text[:300]}")
        elif answer.status_code < 300:
            _shape(row, recipe, answer, where, found)


def _shape(
    row: Endpoint, recipe: Recipe, answer: httpx.Response, where: str, found: Findings
) -> None:
    kind = answer.headers.get("content-type", "")
    if answer.status_code == 204:
        return
    if row.returns in _TEXTS:
        if _TEXTS[row.returns] not in kind:
            found.problems.append(f"{where}: is {kind}")
        return
    if not kind.startswith(("application/json", "application/jrd+json")):
        found.problems.append(f"{where}: is {kind}, not JSON")
        return
    body = answer.json()
    report = shapes.check(row.returns, body)
    found.problems += [f"{where}: {problem}" for problem in report.problems]
    found.extras |= report.extras
    if recipe.each and not keys_of(body):
        found.problems.append(f"{where}: the list is empty")


async def _refusals(
    scene: Scene, row: Endpoint, recipe: Recipe, call: dict[str, Any], found: Findings
) -> None:
    """No token 401 (403 where a role is needed, as Mastodon documents it), a token without the
    scope 403, an app's 422, unknown and others' things 404.
    """

    async def refuse(who: str, api: Api, call: dict[str, Any], status: int) -> None:
        answer = await call_row(api, row, call)
        if answer.status_code != status:
            found.problems.append(f"{who}: must be {status}, is {answer.status_code}")
        elif not answer.headers["content-type"].startswith("application/json"):
            found.problems.append(f"{who}: the refusal is not JSON")
        else:
            report = shapes.check("Error", answer.json())
            found.problems += [f"{who}: {problem}" for problem in report.problems]

    if "none" not in row.auth:
        status = 403 if row.auth == ("admin",) else 401
        await refuse("without a token", Api(scene.world.client()), call, status)
        invalid = Api(scene.world.client(), "invalid")
        await refuse("with an invalid token", invalid, call, status)
    if row.scopes and ("user" in row.auth or "admin" in row.auth):
        wrong = "profile" if "push" in row.scopes else "push"
        limited = await scene.world.limited(scene.me, wrong)
        await refuse(f"with the scope {wrong} alone", limited, call, 403)
    if row.auth == ("admin",):
        await refuse("without the role", scene.friend.api, call, 403)
    if row.auth in {("user",), ("admin",)} and row.scopes:
        await refuse("with an app's token", await scene.world.app_api(), call, 422)
    for name in call["path"] if recipe.unknown else ():
        unknown = {**call, "path": {**call["path"], name: _UNKNOWN}}
        await refuse(f"with an unknown {name}", scene.me.api, unknown, 404)
    if recipe.private:
        await refuse("for somebody else", scene.friend.api, call, 404)
    if row.path.startswith("/api/v1/statuses/:id"):
        hidden = await scene.thing(post_things.hidden_status)
        theirs = {**call, "path": {**call["path"], "id": hidden}}
        await refuse("for a post that is not for me", scene.me.api, theirs, 404)


async def _walk(scene: Scene, row: Endpoint, call: dict[str, Any], found: Findings) -> None:
    """By Link from the first page of two to the last, and back one page."""
    most = row.limit.partition("/")[2]
    whole = keys_of((await _page(scene.me, row, call, most)).json())
    if len(whole) < 3:
        found.problems.append(f"a list of {len(whole)} cannot be paged")
        return
    first = answer = await _page(scene.me, row, call, "2")
    second: httpx.Response | None = None
    pages = [keys_of(answer.json())]
    # What all see is longer than a page can be at once: its beginning is enough.
    while (after := answer.links.get("next")) and len(pages) * 2 < len(whole):
        answer = await scene.me.api("GET", after["url"])
        second = second or answer
        pages.append(keys_of(answer.json()))
    if [key for page in pages for key in page][: len(whole)] != whole:
        found.problems.append(f"paged by next it is {pages}, at once {whole}")
    if "offset" in row.page_params:  # only leads on, as in Mastodon
        return
    if second is None or "prev" not in second.links:
        found.problems.append("the second page has no prev")
        return
    back = keys_of((await scene.me.api("GET", second.links["prev"]["url"])).json())
    if back != keys_of(first.json()):
        found.problems.append(f"prev of the second page gives {back}, not {pages[0]}")
    # By place, nothing can come before the first page.
    _check_header(answer=second if "offset" in row.page_params else first, found=found)


def _check_header(answer: httpx.Response, found: Findings) -> None:
    """Next first, in quotes, whole addresses, and the other parameters kept."""
    form = r'<http[^,>]*>; rel="next", <http[^,>]*>; rel="prev"'
    header = answer.headers.get("link", "")
    if not re.fullmatch(form, header) or header.count("limit=2") != 2:
        found.problems.append(f"Link is {header}")


async def _page(who: Person, row: Endpoint, call: dict[str, Any], limit: str) -> httpx.Response:
    params = {**call.get("params", {}), "limit": limit}
    return await call_row(who.api, row, {**call, "params": params})


def keys_of(body: Any) -> list[str]:
    """What tells the elements of a list apart; those of an object are its first that has some."""
    if isinstance(body, dict):
        known = ("notification_groups", "collections", "accounts", "descendants")
        lists = [keys_of(body[name]) for name in known if name in body]
        return next(filter(None, lists), []) if lists else ["?"]
    if not isinstance(body, list):
        return []
    if len(body) == 1 and isinstance(body[0], dict) and body[0].keys() == {"id", "accounts"}:
        return keys_of(body[0]["accounts"])  # FamiliarFollowers of one account
    names = ("id", "group_key", "url", "name", "created_at")
    return [
        next((str(element[name]) for name in names if name in element), "?")
        if isinstance(element, dict)
        else str(element)
        for element in body
    ]
