"""What moderators decide is done, kept, told, and can be taken back."""

import base64
from dataclasses import replace

import msgspec
import pytest

from server.errors import Forbidden, Invalid, NotFound
from server.identity.permissions import Permission
from server.mail.message import Letter
from server.moderation import appeals
from server.moderation.act import Act, act
from server.moderation.restore import restore
from server.moderation.suspend import erase_now
from server.runtime import Runtime
from server.store import accounts, audit_log, reports, statuses, strikes, users, warning_presets
from server.store.accounts import Account
from server.store.pages import Page
from server.store.reports import NewReport, Report
from tests.makers import make_member, make_remote, make_status, outgoing, run_jobs


@pytest.fixture
async def mo(runtime: Runtime) -> Account:
    return await make_member(runtime, "mo", role="admin")


@pytest.fixture
async def anna(runtime: Runtime) -> Account:
    return await make_member(runtime, "anna")


async def reported(runtime: Runtime, who: Account, target: Account, *ids: int) -> Report:
    new = NewReport(target.id, "look", "spam", ids, [], [])
    report = await reports.insert_report(runtime.db, who.id, new)
    assert report
    return report


async def log_of(runtime: Runtime) -> list[tuple[str, str, str]]:
    entries = await audit_log.entry_page(runtime.db, Page(20))
    return [(entry.action, entry.target_kind, entry.target_name) for entry in entries]


async def letters(runtime: Runtime) -> list[Letter]:
    """Mails that wait to be sent, the first one first."""
    rows = await runtime.db.fetch("SELECT args FROM jobs WHERE name = 'send_mail' ORDER BY id")
    return [
        msgspec.json.decode(
            runtime.cipher.decrypt(base64.b64decode(row["args"][0]), "mail"), type=Letter
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    ("kind", "column"),
    [("silence", "silenced_at"), ("sensitive", "sensitized_at"), ("suspend", "suspended_at")],
)
async def test_what_is_done_can_be_taken_back(
    runtime: Runtime, mo: Account, anna: Account, kind: str, column: str
) -> None:
    report = await reported(runtime, mo, anna)
    await act(runtime, mo.id, Act(anna.id, kind, "because"))
    assert getattr(await accounts.get_account(runtime.db, anna.id), column) is not None
    [strike] = await strikes.list_of_target(runtime.db, anna.id)
    assert (strike.action, strike.text, strike.account_id) == (kind, "because", mo.id)
    assert (await reports.get_report(runtime.db, report.id)).action_taken_by_id == mo.id
    await restore(runtime, mo.id, anna.id, kind)
    assert getattr(await accounts.get_account(runtime.db, anna.id), column) is None
    assert await log_of(runtime) == [
        (f"un{kind}", "account", "anna"),
        ("resolve", "report", "anna"),
        (kind, "account", "anna"),
    ]


async def test_a_frozen_member_may_not_sign_in(
    runtime: Runtime, mo: Account, anna: Account
) -> None:
    for kind, state in (("disable", "disabled"), ("enable", None)):
        if kind == "disable":
            await act(runtime, mo.id, Act(anna.id, "disable"))
        else:
            await restore(runtime, mo.id, anna.id, "disable")
        user = await users.find_user(runtime.db, anna.id)
        assert user
        assert user.state == state


async def test_a_warning_resolves_the_one_report_that_led_to_it(
    runtime: Runtime, mo: Account, anna: Account
) -> None:
    one, other = [await reported(runtime, mo, anna) for _ in range(2)]
    preset = await warning_presets.insert_preset(runtime.db, "tone", "Mind your tone.")
    await act(runtime, mo.id, Act(anna.id, "none", "Please.", one.id, preset))
    [strike] = await strikes.list_of_target(runtime.db, anna.id)
    assert (strike.text, strike.report_id) == ("Mind your tone.\n\nPlease.", one.id)
    found = await reports.find_reports(runtime.db, [one.id, other.id])
    assert found[one.id].action_taken_at
    assert not found[other.id].action_taken_at
    ben = await make_member(runtime, "ben")
    with pytest.raises(Invalid):
        await act(runtime, mo.id, Act(ben.id, "none", report_id=one.id))


async def test_nobody_acts_upon_an_equal_or_higher_role(runtime: Runtime, mo: Account) -> None:
    for name, role in (("alma", "admin"), ("olga", "owner")):
        other = await make_member(runtime, name, role=role)
        for kind in strikes.ACTIONS:
            with pytest.raises(Forbidden):
                await act(runtime, mo.id, Act(other.id, kind))
        with pytest.raises(Forbidden):
            await restore(runtime, mo.id, other.id, "suspend")
    with pytest.raises(Forbidden):
        await act(runtime, mo.id, Act(mo.id, "suspend"))
    with pytest.raises(NotFound):
        await act(runtime, mo.id, Act(1, "suspend"))


async def test_of_elsewhere_nobody_can_be_frozen_or_warned(runtime: Runtime, mo: Account) -> None:
    remy = await make_remote(runtime)
    for kind in ("none", "disable", "kill"):
        with pytest.raises(Invalid, match="Type is not included in the list"):
            await act(runtime, mo.id, Act(remy.id, kind))
    await act(runtime, mo.id, Act(remy.id, "suspend"))
    assert (await accounts.get_account(runtime.db, remy.id)).suspended_at


async def test_posts_are_deleted_or_marked(runtime: Runtime, mo: Account, anna: Account) -> None:
    gone = await make_status(runtime, anna, "spam")
    kept = await make_status(runtime, anna, "fine")
    mine = await make_status(runtime, mo, "mine")
    await runtime.db.execute(
        """INSERT INTO media_attachments (account_id, status_id, type, content_type)
        VALUES ($1, $2, 'image', 'image/png')""",
        anna.id,
        kept,
    )
    report = await reported(runtime, mo, anna, gone)
    await act(runtime, mo.id, Act(anna.id, "delete_statuses", report_id=report.id))
    assert await statuses.find_status(runtime.db, gone) is None
    marking = Act(anna.id, "mark_statuses_as_sensitive", status_ids=[kept, mine])
    await act(runtime, mo.id, marking)
    [marked, deleted] = await strikes.list_of_target(runtime.db, anna.id)
    assert (marked.status_ids, deleted.status_ids) == ([kept], [gone])
    assert (await statuses.get_status(runtime.db, kept)).sensitive
    with pytest.raises(Invalid, match="Statuses can't be blank"):
        await act(runtime, mo.id, Act(anna.id, "delete_statuses", status_ids=[mine]))
    await appeals.file_appeal(runtime, marked, "It was a flower.")
    await appeals.decide_appeal(runtime, mo.id, marked.id, is_approved=True)
    assert not (await statuses.get_status(runtime.db, kept)).sensitive


async def test_the_member_hears_of_it_and_may_appeal_once(
    runtime: Runtime, mo: Account, anna: Account
) -> None:
    runtime = replace(runtime, settings=replace(runtime.settings, smtp_url="smtp://localhost"))
    await act(runtime, mo.id, Act(anna.id, "silence", "because"))
    rows = await runtime.db.fetch("SELECT type, strike_id FROM notifications")
    [strike] = await strikes.list_of_target(runtime.db, anna.id)
    assert [tuple(row) for row in rows] == [("moderation_warning", strike.id)]
    await appeals.file_appeal(runtime, strike, "It was not me.")
    strike = await strikes.get_strike(runtime.db, strike.id)
    for text in ("", "again", "x" * 2001):
        with pytest.raises(Invalid):
            await appeals.file_appeal(runtime, strike, text)
    with pytest.raises(Forbidden):
        await appeals.decide_appeal(runtime, anna.id, strike.id, is_approved=True)
    await appeals.decide_appeal(runtime, mo.id, strike.id, is_approved=True)
    assert (await accounts.get_account(runtime.db, anna.id)).silenced_at is None
    assert (await strikes.get_strike(runtime.db, strike.id)).overruled_at
    with pytest.raises(Forbidden):
        await appeals.decide_appeal(runtime, mo.id, strike.id, is_approved=False)
    sent = await letters(runtime)
    assert [(letter.to, letter.template) for letter in sent] == [
        ("anna@example.org", "strike"),
        ("mo@example.org", "new_appeal"),
        ("anna@example.org", "appeal"),
    ]
    token = sent[0].values["url"].partition("?token=")[2]
    assert appeals.is_token_of(runtime, token, strike.id)
    assert not appeals.is_token_of(runtime, token, strike.id + 1)
    assert not appeals.is_token_of(runtime, "forged", strike.id)


async def test_too_late_is_too_late(runtime: Runtime, mo: Account, anna: Account) -> None:
    await act(runtime, mo.id, Act(anna.id, "silence"))
    await runtime.db.execute("UPDATE strikes SET created_at = now() - interval '21 days'")
    [strike] = await strikes.list_of_target(runtime.db, anna.id)
    with pytest.raises(Invalid):
        await appeals.file_appeal(runtime, strike, "Sorry.")


async def test_others_read_of_a_suspension(runtime: Runtime, mo: Account, anna: Account) -> None:
    from server.store import follows

    remy = await make_remote(runtime)
    await follows.insert_follow(runtime.db, remy.id, anna.id, None)
    await act(runtime, mo.id, Act(anna.id, "suspend"))
    await run_jobs(runtime)
    await restore(runtime, mo.id, anna.id, "suspend")
    await run_jobs(runtime)
    told = await outgoing(runtime)
    assert [(one["type"], one["object"].get("suspended")) for one in told] == [
        ("Update", True),
        ("Update", None),
    ]


async def test_of_who_is_gone_nothing_is_decided_any_more(
    runtime: Runtime, mo: Account, anna: Account
) -> None:
    await act(runtime, mo.id, Act(anna.id, "suspend"))
    [strike] = await strikes.list_of_target(runtime.db, anna.id)
    await erase_now(runtime, mo.id, anna.id)
    with pytest.raises(Invalid, match="too late"):
        await appeals.file_appeal(runtime, strike, "Come on.")
    for kind in ("none", "silence", "suspend"):
        with pytest.raises(Forbidden):
            await act(runtime, mo.id, Act(anna.id, kind))
    assert await strikes.list_of_target(runtime.db, anna.id) == [strike]


KINDS = {
    Permission.MANAGE_REPORTS: set(strikes.ACTIONS) - {"disable"},
    Permission.MANAGE_USERS: set(strikes.ACTIONS)
    - {"delete_statuses", "mark_statuses_as_sensitive"},
    Permission.MANAGE_APPEALS: set(),
    Permission.DELETE_USER_DATA: set(),
}


@pytest.mark.parametrize("permission", KINDS)
async def test_a_permission_allows_what_mastodon_lets_it(
    runtime: Runtime, anna: Account, permission: Permission
) -> None:
    mo = await make_member(runtime, "mo", role="moderator")
    await runtime.db.execute("UPDATE roles SET permissions = $1 WHERE id = 1", permission.value)
    for kind in strikes.ACTIONS:
        status = await make_status(runtime, anna, "spam")
        try:
            await act(runtime, mo.id, Act(anna.id, kind, status_ids=[status]))
        except Forbidden:
            assert kind not in KINDS[permission], kind
        else:
            assert kind in KINDS[permission], kind
    for kind in ("disable", "sensitive", "silence", "suspend"):
        await act(runtime, None, Act(anna.id, kind))
        if permission is Permission.MANAGE_USERS:
            await restore(runtime, mo.id, anna.id, kind)
        else:
            with pytest.raises(Forbidden):
                await restore(runtime, mo.id, anna.id, kind)
