"""For how long a key that could not be had is not asked for again."""

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
