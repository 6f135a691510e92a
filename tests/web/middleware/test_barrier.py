import httpx

from server.moderation import barriers
from server.runtime import Runtime
from server.store.ip_blocks import NewIpBlock
from tests.makers import served


async def test_a_closed_network_reaches_nothing(runtime: Runtime) -> None:
    await barriers.block_ip(
        runtime, None, NewIpBlock(barriers.read_network("127.0.0.0/8"), "no_access")
    )
    async with served(runtime.settings) as stranger:
        for method, path in (("GET", "/"), ("GET", "/api/v2/instance"), ("POST", "/ap/inbox")):
            answer: httpx.Response = await stranger(method, path)
            assert (answer.status_code, answer.text) == (403, "Forbidden")
