"""With `require_sign_in` nobody reads without signing in (or, instances, signing), at any exit.

Whoever adds an address that needs nothing at all has to name it here, with the reason.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from server.runtime import Runtime
from server.settings import Settings
from server.store import local_accounts
from tests.makers import Api, make_member, make_status, make_token, served, state_of
from tests.neighbour import Neighbour, neighbour
from web.mastodon.routes import ROUTES
from web.pages.detours import DETOURS
from web.routing import Row
from web.site import SITE

MESSAGE = {"error": "This API requires an authenticated user"}

# What says nothing of people, and what one needs to sign in or sign up.
OPEN = {
    "/api/v1/apps", "/api/v1/instance", "/api/v2/instance", "/api/v1/instance/rules",
    "/api/v1/instance/extended_description", "/api/v1/instance/privacy_policy",
    "/api/v1/instance/terms_of_service", "/api/v1/instance/terms_of_service/{date}",
    "/api/v1/instance/translation_languages", "/api/v1/instance/languages",
    "/health", "/robots.txt",
    "/", "/about", "/privacy-policy", "/terms-of-service", "/terms-of-service/{date}",
    "/auth/sign_in", "/auth/sign_out", "/auth/first_owner", "/auth/second_factor",
    "/auth/passkey", "/auth/passkey/options", "/auth/password/new", "/auth/password/edit",
    "/auth/sign_up", "/invite/{code}", "/auth/setup", "/auth/confirmation",
    "/oauth/authorize", "/oauth/authorize/native", "/oauth/token", "/oauth/revoke",
    "/.well-known/oauth-authorization-server",
    # Federation: who we are, and where to put things (which are signed).
    "/.well-known/webfinger", "/.well-known/host-meta", "/.well-known/host-meta.json",
    "/.well-known/nodeinfo",
    "/nodeinfo/{version}", "/ap/inbox", "/ap/users/{id}/inbox", "/ap/emojis/{shortcode}",
    # Files have names that nobody guesses; other servers fetch them without signing.
    "/media/{name:path}", "/media_proxy/{key}",
    "/media_proxy/{key}/{name}", "/media_proxy/{key}/{name}/still",
    # A link out of a mail, good for that alone.
    "/unsubscribe/{token}", "/mail/unsubscribe", "/mail/subscription",
    # Pages that ask for a session themselves.
    "/severed_relationships", "/authorize_interaction", "/share",
    "/disputes/strikes", "/disputes/strikes/{id}",
    "/severed_relationships/{id}/following.csv", "/severed_relationships/{id}/followers.csv",
    # They lead to others of these.
    *DETOURS,
    # They refuse everybody.
    "/api/web/push_subscriptions", "/api/web/push_subscriptions/{id}", "/api/web/settings",
}  # fmt: skip


def path_of(row: Row, account_id: int, status_id: int) -> str:
    path = row.path.replace("{username}", "anna").replace("{hashtag}", "walk")
    is_status = "status" in row.path or row.path.startswith("/@")
    path = path.replace("{id}", str(status_id if is_status else account_id))
    for name in ("list_id", "name", "account_id", "item_id"):
        path = path.replace(f"{{{name}}}", "1")
    return path


@pytest.fixture
async def closed(settings: Settings) -> AsyncIterator[Api]:
    async with served(settings, require_sign_in=True, rate_limit_factor=0.0) as stranger:
        yield stranger


@pytest.fixture
async def anna(runtime: Runtime, closed: Api) -> Any:
    account = await make_member(runtime, "anna", password="correct horse")
    status = await make_status(runtime, account, "secret words #walk")
    token = await make_token(runtime, account)
    return account, status, Api(closed._client, token)


def test_nothing_is_open_that_is_not_named_here() -> None:
    found = {row.path for row in [*ROUTES, *SITE] if row.access.kind == "public"}
    assert {path for path in found - OPEN if not path.startswith(("/settings", "/desk"))} == set()


async def test_settings_and_the_desk_ask_for_a_session_themselves(closed: Api) -> None:
    for row in SITE:
        # The last page of who left is for nobody any more, and says nothing of anybody.
        is_asking = row.path not in {*DETOURS, "/settings/delete/done"}
        if row.path.startswith(("/settings/", "/desk")) and is_asking:
            answer = await closed(row.method, re.sub(r"{\w+}", "1", row.path))
            assert answer.status_code == 302, row.path
            start = row.path.split("/")[1]
            assert answer.headers["location"].startswith(f"/auth/sign_in?next=%2F{start}"), row.path


async def test_what_is_for_anyone_is_for_members(closed: Api, anna: Any) -> None:
    account, status, member = anna
    names = {"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}
    made = await closed.post("/api/v1/apps", **names)
    grant = {"grant_type": "client_credentials", "scope": "read"}
    keys = {name: made[name] for name in ("client_id", "client_secret")}
    app = Api(closed._client, (await closed.post("/oauth/token", **grant, **keys))["access_token"])
    rows = [row for row in ROUTES if row.access.kind == "anyone"]
    assert len(rows) > 15
    for row in rows:
        path = path_of(row, account.id, status)
        for api in (closed, app):
            answer = await api(row.method, path)
            assert (answer.status_code, answer.json()) == (401, MESSAGE), path
        assert (await member(row.method, path)).status_code != 401, path


async def test_pages_lead_to_the_sign_in_page_and_open_afterwards(closed: Api, anna: Any) -> None:
    account, status, _ = anna
    pages = [path_of(row, account.id, status) for row in SITE if row.access.kind == "page"]
    assert len(pages) >= 3
    for page in pages:
        answer = await closed("GET", page, headers={"Accept": "text/html"})
        assert answer.status_code == 302, page
        assert answer.headers["location"].startswith("/auth/sign_in?next=%2F"), page
    home = await closed("GET", "/")
    assert (home.status_code, "secret words" in home.text) == (200, False)

    form = {"login": "anna", "password": "correct horse", "next": f"/@anna/{status}"}
    signed_in = await closed("POST", "/auth/sign_in", data=form)
    assert signed_in.headers["location"] == f"/@anna/{status}"
    for page in ("/", "/@anna", f"/@anna/{status}", "/tags/walk"):
        answer = await closed("GET", page, headers={"Accept": "text/html"})
        assert (answer.status_code, "secret words" in answer.text) == (200, True), page
        assert "private" in answer.headers["cache-control"]


@pytest.fixture
def home() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


async def test_objects_are_for_who_signs(closed: Api, anna: Any, home: Neighbour) -> None:
    account, status, _ = anna
    signer = home.actor("nora")
    paths = [path_of(row, account.id, status) for row in SITE if row.access.kind == "object"]
    assert len(paths) >= 8
    for path in ["/@anna", f"/@anna/{status}", *paths]:
        accept = {"Accept": "application/activity+json"}
        answer = await closed("GET", path, headers=accept)
        assert answer.status_code == 401, path
        assert "secret words" not in answer.text
        headers = home.signed_get(f"http://localhost:3000{path}", signer)
        answer = await closed("GET", path, headers={**headers, **accept})
        assert answer.status_code in {200, 404}, (path, answer.text)
        if answer.status_code == 200:
            assert answer.headers["cache-control"] == "private, no-store", path
        name = next(key for key in headers if key.lower() == "signature")
        forged = {**headers, name: headers[name].replace("a", "b")}
        assert (await closed("GET", path, headers={**forged, **accept})).status_code == 401


async def test_the_instance_s_own_actor_and_finding_stay_open(closed: Api) -> None:
    actor_id = state_of(closed._client).instance_actor_id
    actor = await closed("GET", f"/ap/users/{actor_id}")
    assert (actor.status_code, actor.json()["type"]) == (200, "Application")
    assert (await closed("GET", f"/ap/users/{actor_id}/outbox")).status_code == 401
    assert (await closed("GET", "/nodeinfo/2.0")).status_code == 200
    access = (await closed.get("/api/v2/instance"))["configuration"]["timelines_access"]
    assert {part for feed in access.values() for part in feed.values()} == {"authenticated"}


async def test_no_host_that_is_none_makes_a_path_of_another(
    closed: Api, anna: Any, runtime: Runtime
) -> None:
    """Starlette 0.x took what stands in Host for the beginning of the address."""
    account, status, _ = anna
    instance = await local_accounts.find_instance_actor(runtime.db)
    assert instance is not None
    for path in (f"/ap/users/{account.id}", f"/ap/statuses/{status}"):
        for host in (f"x/ap/users/{instance.id}?", f"x/ap/users/{instance.id}#", "a b", "a@b", ""):
            answer = await closed("GET", path, headers={"Host": host})
            assert answer.status_code in {400, 401}, (path, host)
    for host in ("localhost", "localhost:3000", "xn--e1afmkfd.example.", "[::1]:80", "a_b.test"):
        assert (await closed("GET", "/health", headers={"Host": host})).status_code == 200
