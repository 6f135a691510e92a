import httpx
import pytest

from server.runtime import Runtime
from server.store.accounts import Account
from tests.forms import PASSWORD
from tests.makers import make_member
from tests.web.desk.test_desk import enter


@pytest.fixture
async def boss(client: httpx.AsyncClient, runtime: Runtime) -> Account:
    """An admin who is signed in at `client`."""
    account = await make_member(runtime, "boss", role="admin", password=PASSWORD)
    await enter(client, account)
    return account
