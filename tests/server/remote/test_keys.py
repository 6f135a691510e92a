"""For how long a key that could not be had is not asked for again."""

import gc
import weakref

import pytest

from federation.errors import Gone
from server.remote.keys import KeyFinder
from server.runtime import Runtime
from tests.neighbour import neighbour


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_not_found_is_for_now_and_deleted_for_long(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, is_deleted: bool
) -> None:
    monkeypatch.setattr("server.remote.keys._FAILED_SECONDS", 0.0)
    keys = KeyFinder(runtime)
    with neighbour() as home:
        key_uri = f"{home.actor('bob')}#main-key"
        document = home.documents.pop("/users/bob")
        if is_deleted:
            home.gone.add("/users/bob")
        with pytest.raises(Gone):
            await keys.find(key_uri, refetch=False)
        home.gone.clear()
        home.documents["/users/bob"] = document
        if is_deleted:
            with pytest.raises(Gone):
                await keys.find(key_uri, refetch=False)
        else:
            assert (await keys.find(key_uri, refetch=False)).id == key_uri


class Request:
    """Stands for what came with a signature: a megabyte, perhaps."""


async def test_who_asks_for_a_dead_key_again_and_again_leaves_nothing_behind(
    runtime: Runtime,
) -> None:
    """An exception that is raised again keeps the frames, and what stood in them."""
    keys, came = KeyFinder(runtime), []

    async def receive(key_uri: str) -> None:
        request = Request()
        came.append(weakref.ref(request))
        with pytest.raises(Gone):
            await keys.find(key_uri, refetch=False)

    with neighbour() as home:
        key_uri = f"{home.actor('bob')}#main-key"
        home.gone.add("/users/bob")
        for _ in range(3):
            await receive(key_uri)
    gc.collect()
    assert [request() for request in came] == [None, None, None]
