"""What the server refuses is told in the reader's language."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.runtime import Runtime
from tests.forms import PASSWORD, proof, sign_in
from tests.makers import make_member
from web.errors import STATUS

DUTCH = {"Accept": "text/html", "Accept-Language": "nl"}
# All that pages alone reach; what the API says of apps is Mastodon's and stays English.
ROOMS = ("web/pages", "web/desk", "server/identity", "server/mail")
KINDS = {kind.__name__ for kind in STATUS}
OF_APPS = {"scopes.py", "oauth.py"}


def raised(path: Path) -> Iterator[str]:
    """Messages of the refusals that a module raises, a number in them as {n}."""
    tree = ast.parse(path.read_text("utf-8"))
    texts = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        call = node.exc if isinstance(node, ast.Raise) else None
        if not isinstance(call, ast.Call) or not call.args or ast.unparse(call.func) not in KINDS:
            continue
        match call.args[0]:
            case ast.Constant(value=str(text)):
                yield re.sub(r"\d+", "{n}", text)
            case ast.JoinedStr(values=parts):
                yield "".join(p.value if isinstance(p, ast.Constant) else "{n}" for p in parts)  # type: ignore[misc]
            case ast.Name(id=name) if name in texts:
                yield str(texts[name])


def test_every_refusal_that_pages_meet_is_put_into_words() -> None:
    said = tomllib.loads(Path("web/locales/nl.toml").read_text("utf-8"))["said"]
    files = [file for room in ROOMS for file in Path(room).glob("*.py") if file.name not in OF_APPS]
    met = {message for file in files for message in raised(file) if " " in message}
    assert len(met) > 15
    assert met - said.keys() == set()


async def test_pages_refuse_in_dutch(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await make_member(runtime, "anna", password=PASSWORD)
    for path, text in (
        ("/auth/confirmation?confirmation_token=x", "al gebruikt of te oud"),
        ("/auth/password/edit?reset_password_token=x", "al gebruikt of te oud"),
        ("/mail/unsubscribe?token=x", "niet volledig"),
        ("/invite/x", "niet meer geldig"),
        ("/@nobody", "bestaat niet"),
        ("/oauth/authorize?client_id=x", "niet bekend"),
    ):
        page = await client.get(path, headers=DUTCH)
        assert text in page.text, path
    await sign_in(client)
    form = {"csrf": proof(client), "current_password": "wrong", "new_password": "x"}
    page = await client.post("/settings/account/password", data=form, headers=DUTCH)
    assert "Het wachtwoord klopt niet." in page.text
    form["current_password"] = PASSWORD
    page = await client.post("/settings/account/password", data=form, headers=DUTCH)
    assert "Wachtwoord: is te kort." in page.text
    form = {"csrf": proof(client), "text": "x" * 501, "visibility": "public"}
    page = await client.post("/share", data=form, headers=DUTCH)
    assert "De tekst is langer dan 500 tekens." in page.text
    told = await client.post(
        "/auth/passkey", json={"credential": {}}, headers={"Accept-Language": "nl"}
    )
    assert told.json() == {"error": "Dat duurde te lang. Probeer het nog eens."}


@pytest.mark.parametrize("path", ["/auth/confirmation", "/auth/password/edit"])
async def test_an_old_link_leads_to_a_new_one(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path, headers=DUTCH)
    assert page.status_code == 410
    there = {"/auth/confirmation": "/auth/setup", "/auth/password/edit": "/auth/password/new"}
    assert f'<a href="{there[path]}">' in page.text
