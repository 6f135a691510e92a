"""Every form of a page: what another site sends in a member's name changes nothing (CSRF)."""

import httpx
import pytest

from server.moderation.act import Act, act
from server.runtime import Runtime
from tests.forms import PASSWORD
from tests.makers import make_member
from tests.web.desk.test_desk import enter
from web.routing import Row
from web.site import SITE

# What needs no session has nothing of a member's to protect; each says why.
WITHOUT_SESSION = {
    "/auth/sign_up",
    "/auth/sign_in",
    "/auth/second_factor",
    "/auth/passkey",
    "/auth/passkey/options",
    "/auth/password/new",
    "/auth/confirmation",  # check the Origin
    "/mail/posts/{username}",  # checks it too
    # A secret link:
    "/auth/password/edit",
    "/auth/first_owner",
    "/mail/unsubscribe",
    "/mail/subscription",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/userinfo",  # an app's own credentials
    "/ap/inbox",
    "/ap/users/{id}/inbox",  # signed
    "/interact",  # leads a visitor to a server of theirs
}
OF_MEMBERS = [row for row in SITE if row.method == "POST" and row.path not in WITHOUT_SESSION]
CHECK_ORIGIN = (
    "/auth/sign_up",
    "/auth/sign_in",
    "/auth/second_factor",
    "/auth/password/new",
    "/auth/confirmation",
    "/mail/posts/anna",
)


async def test_a_form_without_its_proof_is_refused(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    anna = await make_member(runtime, "anna", role="owner", password=PASSWORD)
    app = {"client_name": "Pilot", "redirect_uris": "pilot://done"}
    client_id = (await client.post("/api/v1/apps", data=app)).json()["client_id"]
    await enter(client, anna)
    await act(runtime, None, Act(anna.id, "none", "careful"))
    strike_id = await runtime.db.fetchval("SELECT id FROM strikes")
    wrong = []
    for row in OF_MEMBERS:
        for proof in ("", "forged"):
            answer = await _send(client, row, proof, client_id, strike_id)
            if answer.status_code != 403:
                wrong.append((row.path, proof, answer.status_code, answer.text[:80]))
    assert wrong == []


async def _send(
    client: httpx.AsyncClient, row: Row, proof: str, client_id: str, number: int
) -> httpx.Response:
    form = {
        "csrf": proof,
        "do": "none",
        "client_id": client_id,
        "redirect_uri": "pilot://done",
        "allow": "yes",
        "uri": "http://localhost:3000/@anna",
    }
    return await client.post(row.path.replace("{id}", str(number)), data=form)


@pytest.mark.parametrize("path", CHECK_ORIGIN)
async def test_a_form_of_strangers_is_not_sent_by_another_site(
    client: httpx.AsyncClient, runtime: Runtime, path: str
) -> None:
    await make_member(runtime, "anna")
    answer = await client.post(path, data={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code in {403, 404}, answer.text
