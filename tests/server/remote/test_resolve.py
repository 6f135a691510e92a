from dataclasses import replace

from server.actions.drafts import Draft, compose_draft
from server.addresses import addresses_of
from server.outbox.statuses import load_note
from server.remote.resolve import find_known, resolve_handle, resolve_handles, resolve_uri
from server.remote.statuses import find_or_fetch_status
from server.runtime import Runtime
from server.store.accounts import Account
from server.store.status_views import get_status_view
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
    assert await resolve_handle(runtime, "carol", "127.0.0.1:1") is None


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


async def test_both_domains_of_our_handles_are_ours(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    settings = replace(runtime.settings, handle_domain="example.org")
    town = replace(runtime, settings=settings, addresses=addresses_of(settings, b""))
    for domain in ("example.org", "localhost:3000"):
        assert await resolve_handle(town, "anna", domain) == anna
    draft = Draft("to @anna@example.org")
    composed = await compose_draft(town, anna.id, draft, "text/plain")
    assert [account.id for account in composed.mentioned] == [anna.id]
    status = await make_status(runtime, anna, "hello @anna")
    view = await get_status_view(runtime.db, status)
    note = await load_note(runtime.db, view, town.addresses)
    assert note["tag"][0]["name"] == "@anna@example.org"


async def test_the_address_of_a_create_is_that_of_its_post(runtime: Runtime) -> None:
    with neighbour() as home:
        note = home.note(home.actor("bob"), "1")
        for number, inner in enumerate((note, note["id"])):
            address = f"{home.origin}/activities/{number}"
            home.documents[f"/activities/{number}"] = {
                "id": address,
                "type": "Create",
                "actor": note["attributedTo"],
                "object": inner,
            }
            found = await resolve_uri(runtime, address)
            assert isinstance(found, Status)
            assert found.uri == note["id"]
            assert (await find_or_fetch_status(runtime, address)).id == found.id


async def test_nobody_is_found_by_the_pages_of_others(runtime: Runtime) -> None:
    with neighbour() as home:
        page = f"{home.origin}/@bob"
        for uri in (bob := home.actor("bob", url=page), home.actor("eve")):
            note = home.note(uri, "1", url=f"{page}/1")
            await find_or_fetch_status(runtime, note["id"])
        for table in ("accounts", "statuses"):
            await runtime.db.execute(
                f"UPDATE {table} SET uri = replace(uri, $1, 'https://evil.example') "
                "WHERE uri LIKE '%eve%'",
                home.origin,
            )
        home.documents.clear()
        for address, uri in ((page, bob), (f"{page}/1", f"{bob}/statuses/1")):
            found = await find_known(runtime, address)
            assert isinstance(found, Account | Status)
            assert found.uri == uri
        await runtime.db.execute("UPDATE statuses SET url = 'https://other.example/@x/1'")
        assert await find_known(runtime, "https://other.example/@x/1") is None
