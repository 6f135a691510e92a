"""A moderator works without an app: everything at the desk, by forms alone."""

import re

import httpx
import pytest

from server.actions.delete_post import delete_status
from server.actions.erase_account import erase_account
from server.actions.report import report_account
from server.identity.permissions import Permission
from server.moderation import appeals
from server.moderation.act import Act, act
from server.runtime import Runtime
from server.store import accounts, audit_log, maintenance, reports, strikes
from server.store.accounts import Account
from server.store.domain_rules import NewRule, put_rule
from server.store.pages import Page
from server.store.reports import NewReport
from tests.forms import PASSWORD, proof, sign_in
from tests.makers import make_member, make_remote, make_status, run_jobs

PAGES = ("/desk", "/desk/accounts", "/desk/presets", "/desk/log")


async def enter(client: httpx.AsyncClient, who: Account) -> None:
    """Sign in, whoever was here before."""
    client.cookies.clear()
    assert (await sign_in(client, login=who.username)).status_code == 303


@pytest.fixture
async def mo(runtime: Runtime) -> Account:
    return await make_member(runtime, "mo", role="admin", password=PASSWORD)


@pytest.fixture
async def anna(runtime: Runtime) -> Account:
    return await make_member(runtime, "anna", password=PASSWORD)


async def text_of(client: httpx.AsyncClient, path: str, language: str = "en") -> str:
    answer = await client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


async def press(client: httpx.AsyncClient, path: str, **form: object) -> httpx.Response:
    """Send a form of a page; it leads back to one."""
    answer = await client.post(path, data={"csrf": proof(client), **form})
    assert answer.status_code == 303, answer.text
    return answer


async def test_a_report_from_its_arrival_to_the_appeal(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    ben = await make_member(runtime, "ben", password=PASSWORD)
    status = await make_status(runtime, ben, "<b>rude</b> & loud")
    report = await report_account(
        runtime, anna.id, NewReport(ben.id, "look <here>", "spam", [status], [], [])
    )
    await enter(client, mo)
    page = await text_of(client, "/desk")
    path = f"/desk/reports/{report.id}"
    assert path in page
    assert "look &lt;here&gt;" in page
    page = await text_of(client, path, "nl")
    assert "&lt;b&gt;rude&lt;/b&gt; &amp; loud" in page
    assert "Melding over @ben" in page
    await press(client, "/desk/presets", title="tone", text="Mind your tone.")
    preset = re.search(r'value="(\d+)">tone', await text_of(client, path))
    assert preset
    await press(client, path, do="assign")
    await press(client, path, do="note", note="known before")
    page = await text_of(client, path)
    assert "@mo looks after it" in page
    assert "known before" in page
    await press(
        client, path, do="act", kind="silence", text="Stop.", preset_id=preset[1], tells="1"
    )
    assert (await accounts.get_account(runtime.db, ben.id)).silenced_at
    assert (await reports.get_report(runtime.db, report.id)).action_taken_by_id == mo.id
    assert path not in await text_of(client, "/desk")
    assert path in await text_of(client, "/desk?all=1")

    await enter(client, ben)
    [strike] = await strikes.list_of_target(runtime.db, ben.id)
    place = f"{appeals.PATH}/{strike.id}"
    assert place in await text_of(client, appeals.PATH)
    page = await text_of(client, place)
    assert "Mind your tone." in page
    assert "@mo" not in page, "who decided is not told"
    wrong = await client.post(place, data={"csrf": proof(client), "text": " "})
    assert wrong.status_code == 422
    await press(client, place, text="It was a joke.")
    assert "It was a joke." in await text_of(client, place)

    await enter(client, mo)
    account = f"/desk/accounts/{ben.id}"
    assert account in await text_of(client, "/desk/accounts")
    assert "It was a joke." in await text_of(client, account)
    await press(client, account, do="grant", strike_id=strike.id)
    assert (await accounts.get_account(runtime.db, ben.id)).silenced_at is None
    page = await text_of(client, "/desk/log")
    for done in ("silence account", "resolve report", "assign report", "approve appeal"):
        assert f"<code>{done}</code>" in page


async def test_an_account_can_be_decided_about_and_brought_back(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    await enter(client, mo)
    path = f"/desk/accounts/{anna.id}"
    assert path in await text_of(client, "/desk/accounts?name=@ann")
    await press(client, path, do="act", kind="suspend")
    assert path in await text_of(client, "/desk/accounts?status=suspended")
    await press(client, path, do="restore", kind="suspend")
    await press(client, path, do="note", note="a nice person")
    assert "a nice person" in await text_of(client, path)
    await runtime.db.execute("UPDATE users SET approved_at = NULL WHERE account_id = $1", anna.id)
    assert path in await text_of(client, "/desk/accounts")
    await press(client, path, do="approve")
    assert path not in await text_of(client, "/desk/accounts")


async def test_only_moderators_come_to_the_desk(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    report = await report_account(runtime, anna.id, NewReport(mo.id, "", "other", [], [], []))
    places = (*PAGES, f"/desk/reports/{report.id}", f"/desk/accounts/{anna.id}")
    for path in places:
        answer = await client.get(path)
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("/auth/sign_in?next=")
    await enter(client, anna)
    for path in places:
        assert (await client.get(path)).status_code == 403
    forms = (f"/desk/reports/{report.id}", f"/desk/accounts/{mo.id}", "/desk/presets")
    for path in forms:
        body = {"csrf": proof(client), "do": "act", "kind": "suspend", "text": "x"}
        assert (await client.post(path, data=body)).status_code == 403
    await enter(client, mo)
    for path in forms:  # forged
        body = {"csrf": "x", "do": "act", "kind": "suspend", "text": "x"}
        assert (await client.post(path, data=body)).status_code == 403
    assert await audit_log.entry_page(runtime.db, Page(5)) == []


async def test_a_suspended_member_appeals_by_the_link_of_the_mail(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    await act(runtime, mo.id, Act(anna.id, "suspend", "spam"))
    [strike] = await strikes.list_of_target(runtime.db, anna.id)
    url = appeals.strike_url(runtime, strike.id).removeprefix(runtime.settings.origin)
    assert "spam" in await text_of(client, url)
    place, _, token = url.partition("?token=")
    answer = await client.post(place, data={"token": token, "text": "Not me."})
    assert answer.headers["location"] == url
    assert "Not me." in await text_of(client, url)
    ben = await make_member(runtime, "ben", password=PASSWORD)
    await act(runtime, mo.id, Act(ben.id, "silence"))
    [other] = await strikes.list_of_target(runtime.db, ben.id)
    for wrong in (f"{appeals.PATH}/{other.id}?token={token}", f"{place}?token=x"):
        assert (await client.get(wrong)).status_code == 404
    await enter(client, ben)
    assert (await client.get(place)).status_code == 404


async def test_members_see_what_was_decided(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    await act(runtime, mo.id, Act(anna.id, "silence", "secret words"))
    await put_rule(runtime.db, "bad.example", NewRule("suspend", public_comment="hatred"))
    page = await text_of(client, "/decisions")
    assert re.search(r"1 ×</dt><dd>Limited", page)
    assert not {"hatred", "anna", "secret words"} & set(re.findall(r"[\w ]+", page))
    assert "bad.example" not in page
    await enter(client, anna)
    page = await text_of(client, "/decisions")
    assert "bad.example: cut off" in page
    assert "hatred" in page


async def test_the_header_leads_those_to_the_desk_who_have_something_to_do_there(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    link = '<a href="/desk">'
    assert link not in await text_of(client, "/")
    await enter(client, anna)
    assert link not in await text_of(client, "/")
    await enter(client, mo)
    for page in ("/", "/about", "/settings/account"):
        assert link in await text_of(client, page), page
    desk = await text_of(client, "/desk")
    for page in (*PAGES, "/desk/block-lists"):
        assert f'href="{page}"' in desk, page
        assert '<a href="/desk/accounts"' in await text_of(client, page), page
    await runtime.db.execute("UPDATE roles SET permissions = $1", Permission.MANAGE_USERS.value)
    assert '<a href="/desk/accounts">' in await text_of(client, "/")


DESK = {
    Permission.MANAGE_REPORTS: {"/desk", "/desk/accounts", "/desk/presets"},
    Permission.MANAGE_USERS: {"/desk/accounts", "/desk/presets"},
    Permission.MANAGE_APPEALS: {"/desk/accounts"},
    Permission.MANAGE_USER_ACCESS: {"/desk/accounts"},
    Permission.MANAGE_ANNOUNCEMENTS: {"/desk/announcements"},
    Permission.MANAGE_FEDERATION: {
        "/desk/block-lists",
        "/desk/servers",
        "/desk/servers/allowed",
        "/desk/strangers",
        "/desk/relays",
    },
    Permission.VIEW_AUDIT_LOG: {"/desk/log"},
    Permission.MANAGE_CUSTOM_EMOJIS: {"/desk/emojis", "/desk/emojis/others"},
    Permission.MANAGE_INVITES: {"/desk/invites"},
    Permission.MANAGE_BLOCKS: {"/desk/barriers"},
    Permission.MANAGE_TAXONOMIES: {"/desk/trends"},
    Permission.MANAGE_RULES: {"/desk/rules"},
    Permission.MANAGE_ROLES: {"/desk/accounts", "/desk/roles"},
    Permission.MANAGE_SETTINGS: {"/desk/texts"},
    Permission.VIEW_DASHBOARD: set[str](),
}


@pytest.mark.parametrize("permission", DESK)
async def test_each_permission_opens_its_pages_and_no_others(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, permission: Permission
) -> None:
    await runtime.db.execute("UPDATE roles SET permissions = $1 WHERE id = 2", permission.value)
    await enter(client, mo)
    pages = set().union(*DESK.values())
    opened = {page for page in pages if (await client.get(page)).status_code == 200}
    assert opened == DESK[permission]
    header = re.search(r'<a href="(/desk[^"]*)">', await text_of(client, "/"))
    desk = await client.get("/desk", follow_redirects=True)
    assert desk.status_code == (200 if opened else 403)
    assert (header[1] in opened) if header else not opened
    for page in opened:
        linked = set(re.findall(r'<a href="(/desk[^"?]*)', await text_of(client, page)))
        for link in linked - opened:
            assert (await client.get(link)).status_code == 200, (page, link)


@pytest.mark.parametrize("permission", [Permission.MANAGE_USERS, Permission.MANAGE_APPEALS])
async def test_why_somebody_wants_to_join_is_for_who_lets_them_in(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account, permission: Permission
) -> None:
    await runtime.db.execute(
        "UPDATE users SET approved_at = NULL, sign_up_reason = 'I am Eve' WHERE account_id = $1",
        anna.id,
    )
    await runtime.db.execute("UPDATE roles SET permissions = $1 WHERE id = 2", permission.value)
    await enter(client, mo)
    for page in ("/desk/accounts", f"/desk/accounts/{anna.id}"):
        text = await text_of(client, page)
        assert "@anna" in text
        assert ("I am Eve" in text) == (permission == Permission.MANAGE_USERS), page


async def test_only_what_can_be_done_is_offered(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    remy = await make_remote(runtime)
    paths = []
    for target in (anna, remy):
        report = await report_account(
            runtime, anna.id, NewReport(target.id, "", "other", [], [], [])
        )
        paths += [f"/desk/reports/{report.id}", f"/desk/accounts/{target.id}"]
        await act(runtime, None, Act(target.id, "sensitive"))
    await enter(client, mo)

    async def offered(path: str) -> set[str]:
        return set(re.findall(r'<option value="([a-z_]+)">', await text_of(client, path)))

    everything = {"none", "disable", "sensitive", "silence", "suspend"}
    of_others = {"sensitive", "silence", "suspend"}
    kinds = [everything, everything - {"sensitive"}, of_others, of_others - {"sensitive"}]
    assert [await offered(path) for path in paths] == kinds
    assert 'value="restore"' in await text_of(client, paths[1])
    await runtime.db.execute(
        "UPDATE roles SET permissions = $1 WHERE id = 2", Permission.MANAGE_REPORTS.value
    )
    assert await offered(paths[1]) == everything - {"sensitive", "disable"}
    assert 'value="restore"' not in await text_of(client, paths[1])
    await runtime.db.execute(
        "UPDATE roles SET permissions = $1 WHERE id = 2", Permission.MANAGE_APPEALS.value
    )
    assert await offered(paths[1]) == set()
    assert "<textarea" not in await text_of(client, paths[1])


async def test_who_lost_the_way_in_is_helped_at_the_desk(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    path = f"/desk/accounts/{anna.id}"
    await runtime.db.execute("UPDATE users SET confirmed_at = NULL WHERE account_id = $1", anna.id)
    await enter(client, mo)
    assert 'value="confirm"' in await text_of(client, path)
    await press(client, path, do="confirm")
    page = await text_of(client, path)
    assert 'value="confirm"' not in page
    assert 'value="reset_password"' not in page, "there is no mail server"
    await runtime.db.execute(
        "UPDATE roles SET permissions = permissions & ~$1::bigint",
        Permission.MANAGE_USER_ACCESS.value,
    )
    assert "Ways in" not in await text_of(client, path)
    answer = await client.post(path, data={"csrf": proof(client), "do": "remove_second_factors"})
    assert answer.status_code == 403


async def test_what_was_reported_can_be_read_after_its_author_deleted_it(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    ben = await make_member(runtime, "ben")
    ids = [await make_status(runtime, ben, f"<b>rude</b> number {place}") for place in (1, 2)]
    report = await report_account(runtime, anna.id, NewReport(ben.id, "", "spam", ids, [], []))
    await delete_status(runtime, ben.id, ids[0], delete_media=True)
    await enter(client, mo)
    path = f"/desk/reports/{report.id}"
    page = await text_of(client, path)
    assert (page.count("number 1"), page.count("number 2")) == (1, 1)
    assert page.count("deleted since") == 1
    assert "Posts that are gone" not in page
    # It goes a month after all is done, and with its author.
    await press(client, path, do="resolve")
    await runtime.db.execute("UPDATE reports SET action_taken_at = now() - interval '31 days'")
    await maintenance.delete_expired(runtime.db)
    assert "number 1" not in await text_of(client, path)
    await report_account(runtime, anna.id, NewReport(ben.id, "", "spam", ids[1:], [], []))
    await erase_account(runtime, ben.id)
    await run_jobs(runtime)
    assert await runtime.db.fetchval("SELECT count(*) FROM reported_posts") == 0


async def test_whose_posts_were_deleted_still_reads_which(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    ids = [await make_status(runtime, anna, f"number {place}") for place in (1, 2)]
    report = await report_account(runtime, mo.id, NewReport(anna.id, "", "spam", ids, [], []))
    deletion = Act(anna.id, "delete_statuses", report_id=report.id, status_ids=ids[:1])
    await act(runtime, mo.id, deletion)
    [strike] = await strikes.list_of_target(runtime.db, anna.id)
    await enter(client, anna)
    page = await text_of(client, f"{appeals.PATH}/{strike.id}")
    assert ("number 1" in page, "number 2" in page) == (True, False)


async def test_nothing_is_offered_that_an_equal_or_higher_role_would_refuse(
    client: httpx.AsyncClient, runtime: Runtime, mo: Account, anna: Account
) -> None:
    boss = await make_member(runtime, "boss", role="owner", password=PASSWORD)
    peer = await make_member(runtime, "peer", role="admin", password=PASSWORD)
    paths = []
    for target in (boss, peer, mo):
        await act(runtime, None, Act(target.id, "silence"))
        report = await report_account(
            runtime, anna.id, NewReport(target.id, "", "other", [], [], [])
        )
        paths += [f"/desk/accounts/{target.id}", f"/desk/reports/{report.id}"]
    acts = re.compile(r'value="(act|restore|erase|approve|reject|confirm|reset_password)"')
    await enter(client, mo)
    for path in paths:
        page = await text_of(client, path)
        assert acts.findall(page) == [], path
        assert 'value="note"' in page
    await enter(client, boss)
    assert acts.findall(await text_of(client, paths[2])) == ["restore", "act"]
    assert acts.findall(await text_of(client, paths[0])) == [], "not upon oneself"
