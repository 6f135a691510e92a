import httpx
import pytest

from server.runtime import Runtime
from server.store.accounts import Account
from tests.forms import PASSWORD, sign_in
from tests.makers import make_member


@pytest.fixture
async def nora(client: httpx.AsyncClient, runtime: Runtime) -> Account:
    """A member who is signed in at `client`."""
    account = await make_member(runtime, "nora", password=PASSWORD)
    await sign_in(client, login="nora")
    return account
