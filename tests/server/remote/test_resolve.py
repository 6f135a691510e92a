from server.remote.resolve import resolve_handle, resolve_handles, resolve_uri
from server.runtime import Runtime
from server.store.accounts import Account
from server.store.statuses import Status
from tests.makers import make_member, make_status
from tests.neighbour import neighbour


async def test_a_handle_is_asked_for_once(runtime: Runtime) -> None:
    with neighbour() as home:
        uri = home.actor("bob", summary="<p>hi</p><script>x</script>")
        found = await resolve_handle(runtime, "bob", home.domain)
        assert found is not None
        assert (found.uri, found.note, found.domain) == (uri, "<p>hi</p>", home.domain)
        home.documents.clear()
        assert (await resolve_handle(runtime, "Bob", home.domain)) == found
        assert await resolve_handle(runtime, "nobody", home.domain) is None
    assert await resolve_handle(runtime, "carol", home.domain) is None


async def test_addresses_of_others_and_of_ours(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    status = await make_status(runtime, anna)
    with neighbour() as home:
        bob = home.actor("bob")
        note = home.note(bob, "1")
        found = await resolve_uri(runtime, note["id"])
        assert isinstance(found, Status)
        assert found.content == "<p>hello</p>"
        assert isinstance(await resolve_uri(runtime, bob), Account)
        assert await resolve_uri(runtime, f"{home.origin}/nothing") is None
    origin = runtime.settings.origin
    assert await resolve_uri(runtime, f"{origin}/@anna") == anna
    own = await resolve_uri(runtime, f"{origin}/@anna/{status}")
    assert isinstance(own, Status)
    assert own.id == status
    assert await resolve_uri(runtime, f"{origin}/ap/users/1") is None


async def test_names_of_ours_with_and_without_domain(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    handles = [("anna", None), ("anna", runtime.settings.authority), ("nobody", None)]
    found = await resolve_handles(runtime, handles)
    assert found == {handles[0]: anna, handles[1]: anna}
