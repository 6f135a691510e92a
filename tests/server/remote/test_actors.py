import pytest

from federation.discovery import webfinger
from federation.errors import Blocked, Gone, RemoteError, Untrusted
from server.actions import domain_rules
from server.outbox.objects import actor_document
from server.remote.actors import fetch_account, find_or_fetch_account, refresh_account_job
from server.remote.resolve import resolve_handle
from server.runtime import Runtime
from server.store import accounts, actor_keys
from server.store.domain_rules import NewRule
from server.store.profiles import update_profile
from tests.makers import make_member, run_jobs
from tests.neighbour import Neighbour, neighbour


async def test_one_read_long_ago_is_read_again_in_the_background(runtime: Runtime) -> None:
    with neighbour() as home:
        uri = home.actor("bob")
        first = await find_or_fetch_account(runtime, uri)
        home.documents["/users/bob"]["name"] = "Robert"
        assert (await find_or_fetch_account(runtime, uri)).display_name == "Bob"
        await run_jobs(runtime)
        await runtime.db.execute("UPDATE accounts SET fetched_at = now() - interval '2 days'")
        assert (await find_or_fetch_account(runtime, uri)).display_name == "Bob"
        await run_jobs(runtime)
        again = await find_or_fetch_account(runtime, uri)
        assert (again.id, again.display_name) == (first.id, "Robert")
        home.documents.clear()
        await refresh_account_job(runtime, uri)
        assert (await find_or_fetch_account(runtime, uri)).display_name == "Robert"


async def test_what_an_actor_says_is_cleaned(runtime: Runtime) -> None:
    with neighbour() as home:
        uri = home.actor(
            "bob",
            url="https://bob_s.example/",
            summary='<p style="x">hi</p><iframe></iframe>',
            attachment=[{"type": "PropertyValue", "name": "Site", "value": "<script>x</script>y"}],
            icon={"type": "Image", "url": "javascript:alert(1)"},
            attributionDomains=["Blog.example", "<b>", "https://blog.example/x", 5, None],
        )
        home.documents["/users/bob"]["name"] = "Bob\n" + "x" * 500
        account = await fetch_account(runtime, uri)
    assert (account.note, account.url) == ("<p>hi</p>", None)
    assert account.attribution_domains == ["blog.example"]
    assert len(account.display_name) <= 200
    assert "\n" not in account.display_name
    assert "<script" not in str(account.fields)
    assert account.avatar_remote_url is None


async def test_nobody_becomes_one_of_ours(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    with neighbour() as home:
        home.documents["/users/eve"] = {}
        home.actor("eve")
        home.documents["/users/eve"]["id"] = anna.uri
        with pytest.raises(RemoteError):
            await fetch_account(runtime, f"{home.origin}/users/eve")
    with pytest.raises(Untrusted):
        await fetch_account(runtime, f"{runtime.settings.origin}/ap/users/1")
    assert await accounts.find_account(runtime.db, anna.id) == anna


async def test_a_handle_belongs_to_whom_webfinger_names(runtime: Runtime) -> None:
    with neighbour() as home:
        real = await fetch_account(runtime, home.actor("bob"))
        uri = home.actor("mallory", preferredUsername="bob")
        with pytest.raises(RemoteError):
            await fetch_account(runtime, uri)
    found = await accounts.find_by_handle(runtime.db, "bob", home.domain)
    assert found is not None
    assert found.uri == real.uri


async def test_a_handle_may_stand_on_another_domain_than_its_server(runtime: Runtime) -> None:
    with neighbour() as host, neighbour() as town, neighbour() as liar:
        uri = host.actor("bob")
        split(host, town, uri)
        found = await fetch_account(runtime, uri)
        assert found.acct == f"bob@{town.domain}"
        for domain in (host.domain, town.domain):
            assert await resolve_handle(runtime, "bob", domain) == found
        split(liar, liar, liar.actor("bob"))
        claim = {**liar.webfingers[f"acct:bob@{liar.domain}"], "subject": f"acct:bob@{town.domain}"}
        liar.webfingers[f"acct:bob@{liar.domain}"] = claim
        other = await fetch_account(runtime, f"{liar.origin}/users/bob")
        assert other.acct == f"bob@{liar.domain}"  # the town names somebody else
        assert await resolve_handle(runtime, "bob", town.domain) == found


def split(host: Neighbour, town: Neighbour, uri: str) -> None:
    """Let the handle of an actor on `host` be one of `town`."""
    link = {"rel": "self", "type": "application/activity+json", "href": uri}
    answer = {"subject": f"acct:bob@{town.domain}", "links": [link]}
    for home in (host, town):
        for domain in (host.domain, town.domain):
            home.webfingers[f"acct:bob@{domain}"] = answer


async def test_a_handle_moves_to_another_domain_with_its_server(runtime: Runtime) -> None:
    with neighbour() as host, neighbour() as town:
        uri = host.actor("bob")
        first = await fetch_account(runtime, uri)
        assert first.domain == host.domain
        split(host, town, uri)
        assert (await fetch_account(runtime, uri)).domain == host.domain  # asked a moment ago
        await runtime.db.execute("UPDATE accounts SET fetched_at = now() - interval '2 days'")
        await refresh_account_job(runtime, uri)
        moved = await find_or_fetch_account(runtime, uri)
        assert (moved.id, moved.domain) == (first.id, town.domain)
        host.webfingers.clear()
        town.webfingers.clear()
        await runtime.db.execute("UPDATE accounts SET fetched_at = now() - interval '2 days'")
        await refresh_account_job(runtime, uri)
        assert (await find_or_fetch_account(runtime, uri)).domain == host.domain


async def test_a_blocked_domain_of_handles_is_blocked_whatever_the_host(runtime: Runtime) -> None:
    with neighbour() as host, neighbour() as town:
        uri = host.actor("bob")
        split(host, town, uri)
        await domain_rules.block(runtime, None, town.domain, NewRule("suspend"))
        with pytest.raises(Blocked):
            await fetch_account(runtime, uri)
        assert await accounts.find_by_uri(runtime.db, uri) is None


async def test_a_new_name_is_taken_over_when_webfinger_knows_it(runtime: Runtime) -> None:
    with neighbour() as home:
        uri = home.actor("bob")
        first = await fetch_account(runtime, uri)
        home.documents["/users/bob"]["preferredUsername"] = "robert"
        link = {"rel": "self", "type": "application/activity+json", "href": uri}
        home.webfingers[f"acct:robert@{home.domain}"] = {
            "subject": f"acct:robert@{home.domain}",
            "links": [link],
        }
        again = await fetch_account(runtime, uri)
        assert (again.id, again.username) == (first.id, "robert")
        carl = await fetch_account(runtime, home.actor("carl"))
        home.documents["/users/carl"]["preferredUsername"] = "robert"
        with pytest.raises(RemoteError):
            await fetch_account(runtime, carl.uri)  # WebFinger names another
    found = await accounts.find_by_handle(runtime.db, "robert", home.domain)
    assert found is not None
    assert found.uri == uri


async def test_an_actor_says_by_which_handle_it_wants_to_be_known(runtime: Runtime) -> None:
    with neighbour() as host, neighbour() as town:
        uri = host.actor("bob", webfinger=f"bob@{town.domain}")
        split(host, town, uri)
        host.webfingers.clear()
        host.gone.add("/.well-known/webfinger")
        assert (await fetch_account(runtime, uri)).acct == f"bob@{town.domain}"
        # Another one may say so too, but the town knows nothing of it.
        eve = host.actor("eve", webfinger=f"bob@{town.domain}")
        with pytest.raises(Untrusted):
            await fetch_account(runtime, eve)


async def test_one_that_is_gone_goes_and_one_that_is_missing_stays(runtime: Runtime) -> None:
    with neighbour() as home:
        uri = home.actor("bob")
        await fetch_account(runtime, uri)
        document = home.documents.pop("/users/bob")
        await refresh_account_job(runtime, uri)
        assert await accounts.find_by_uri(runtime.db, uri)
        home.documents["/users/bob"] = document
        home.gone.add("/users/bob")
        await refresh_account_job(runtime, uri)
        assert await accounts.find_by_uri(runtime.db, uri) is None


async def test_a_host_without_webfinger_may_say_where_it_is(runtime: Runtime) -> None:
    with neighbour() as home, neighbour() as other:
        uri = other.actor("bob")
        ask = webfinger.resolve_handle(runtime.http, "bob", home.domain, "http")
        template = f"{other.origin}/.well-known/webfinger?resource={{uri}}"
        home.files["/.well-known/host-meta"] = f'<Link rel="lrdd" template="{template}"/>'.encode()
        assert await ask == ("bob", home.domain, uri)
        home.gone.add("/.well-known/webfinger")
        with pytest.raises(Gone):
            await webfinger.resolve_handle(runtime.http, "bob", home.domain, "http")


async def test_which_tabs_a_profile_shows_goes_both_ways(runtime: Runtime) -> None:
    with neighbour() as home:
        shown = {"showMedia": False, "showRepliesInMedia": False, "showFeatured": False}
        silent, told = home.actor("silent"), home.actor("told", **shown)
        for uri, is_shown in ((silent, True), (told, False)):
            found = await fetch_account(runtime, uri)
            tabs = (found.show_media, found.show_media_replies, found.show_featured)
            assert tabs == (is_shown,) * 3
    anna = await make_member(runtime, "anna")
    await update_profile(runtime.db, anna.id, {"show_media": False})
    account = await accounts.get_account(runtime.db, anna.id)
    keys = await actor_keys.list_public_keys(runtime.db, anna.id)
    document = actor_document(account, keys, runtime.addresses, runtime.cipher)
    assert {name: document[name] for name in shown} == {
        "showMedia": False,
        "showRepliesInMedia": True,
        "showFeatured": True,
    }
