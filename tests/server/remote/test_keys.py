"""Keys of others: who waits for whom, and for how long what could not be had is not asked again."""

import asyncio
import gc
import weakref

import pytest

from federation.errors import Gone, KeyUnavailable
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


async def test_people_of_one_host_who_come_at_once_wait_for_each_other(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_FETCH_SECONDS", "_WAIT_SECONDS"):
        monkeypatch.setattr(f"server.remote.keys.{name}", 60.0)
    keys = KeyFinder(runtime)
    with neighbour() as home:
        uris = [f"{home.actor(f'fan{number}')}#main-key" for number in range(8)]
        found = await asyncio.gather(*(keys.find(uri, refetch=False) for uri in uris))
    assert [key.id for key in found] == uris


@pytest.mark.parametrize("bound", [{"_MOST_WAITING": 1}, {"_WAIT_SECONDS": 0.0}])
async def test_who_waits_too_long_was_not_answered_no(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, bound: dict[str, float]
) -> None:
    keys = KeyFinder(runtime)
    with neighbour() as home:
        uris = [f"{home.actor(name)}#main-key" for name in ("bob", "eve", "kim")]
        home.may_answer.clear()
        with monkeypatch.context() as patch:
            patient = {"_FETCH_SECONDS": 60.0, "_WAIT_SECONDS": 60.0}
            for name, value in {**patient, **bound}.items():
                patch.setattr(f"server.remote.keys.{name}", value)
            asked = [asyncio.create_task(keys.find(uri, refetch=False)) for uri in uris]
            refused, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            home.may_answer.set()
            await asyncio.wait(asked)
        assert all(isinstance(one.exception(), KeyUnavailable) for one in refused)
        for uri in uris:
            assert (await keys.find(uri, refetch=False)).id == uri


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
