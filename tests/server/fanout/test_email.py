"""Mails about what a member missed, from the deed to the mail server."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from server.actions.report import report_account
from server.fanout.email import mail_missed
from server.fanout.notifications import notify
from server.mail.unsubscribe import read_token
from server.runtime import Runtime
from server.settings import Settings
from server.store import mail_choices, markers, mutes
from server.store.accounts import Account
from server.store.local_accounts import set_suspended
from server.store.reports import NewReport
from tests.forms import PASSWORD, proof, sign_in
from tests.mail_server import MailServer, mail_server
from tests.makers import Api, make_member, make_remote, make_status, make_token, run_jobs, take
from tests.push_service import Phone


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def settings(settings: Settings, post: MailServer) -> Settings:
    return replace(settings, smtp_url=post.url, smtp_from="mail@wandel.example")


@pytest.fixture
async def reader(runtime: Runtime) -> Account:
    return await make_member(runtime, "reader", locale="nl")


async def tell(
    runtime: Runtime, reader: Account, kind: str, sender: Account, status_id: int | None = None
) -> None:
    async with runtime.transaction() as tx:
        await notify(tx, kind, [reader.id], sender.id, status_id)


async def later(runtime: Runtime, minutes: int = 5) -> None:
    """All that was told becomes so many minutes older."""
    await runtime.db.execute(
        """
        UPDATE notifications SET id = id - ($1::integer * 60000::bigint << 11),
            created_at = created_at - make_interval(mins => $1::integer)
        """,
        minutes,
    )


async def send(runtime: Runtime) -> None:
    await mail_missed(runtime)
    await run_jobs(runtime)


async def test_a_mention_is_mailed_once(
    runtime: Runtime, reader: Account, post: MailServer
) -> None:
    writer = await make_member(runtime, "writer")
    status = await make_status(runtime, writer, "@reader kom je?", visibility="private")
    await send(runtime)
    assert post.mails == []  # there is time to read it in an app
    await later(runtime)
    for _ in range(2):
        await send(runtime)
    (mail,) = post.mails
    assert post.receivers == ["reader@example.org"]
    assert mail["Subject"] == "writer noemde je"
    body = mail.get_body(("plain",))
    assert body
    text = body.get_content()
    assert "kom je?" in text
    assert f"http://localhost:3000/@writer/{status}" in text
    link = mail["List-Unsubscribe"].strip("<>")
    assert read_token(runtime, link.partition("token=")[2]) == (reader.id, "mention")


async def test_many_of_a_kind_are_one_mail(
    runtime: Runtime, reader: Account, post: MailServer
) -> None:
    await mail_choices.choose(runtime.db, reader.id, ["follow"])
    for number in range(12):
        sender = await make_remote(runtime, f"remy{number}")
        await tell(runtime, reader, "follow", sender)
    await later(runtime)
    await send(runtime)
    (mail,) = post.mails
    assert mail["Subject"] == "remy0 volgt je, en nog 11"
    body = mail.get_body(("plain",))
    assert body
    text = body.get_content()
    assert "http://localhost:3000/@remy9@far.example\r\n" in text
    assert "remy10" not in text
    assert "En nog 2." in text


@pytest.mark.parametrize(
    ("chosen", "kind", "expected"),
    [
        (None, "mention", 1),
        (None, "follow_request", 1),
        (None, "favourite", 0),
        (None, "follow", 0),
        (["favourite"], "favourite", 1),
        (["favourite"], "mention", 0),
        ([], "mention", 0),
        (["status"], "status", 0),  # not a kind that is mailed
    ],
)
async def test_kinds(
    runtime: Runtime,
    reader: Account,
    post: MailServer,
    chosen: list[str] | None,
    kind: str,
    expected: int,
) -> None:
    if chosen is not None:
        await mail_choices.choose(runtime.db, reader.id, chosen)
    remy = await make_remote(runtime)
    status = await make_status(runtime, reader)
    await tell(runtime, reader, kind, remy, None if "follow" in kind else status)
    await later(runtime)
    await send(runtime)
    assert len(post.mails) == expected


@pytest.mark.parametrize(
    "how",
    [
        "active",
        "read",
        "muted",
        "suspended",
        "disabled",
        "gone",
        "refused",
        "old",
        "pushed",
        "sender suspended",
        "filtered",
    ],
)
async def test_reasons_not_to_write(
    runtime: Runtime, client: httpx.AsyncClient, reader: Account, post: MailServer, how: str
) -> None:
    writer = await make_member(runtime, "writer")
    api = Api(client, await make_token(runtime, reader))
    status = await make_status(runtime, writer, "@reader psst", visibility="private")
    match how:
        case "active":
            await api.get("/api/v1/timelines/home")
        case "read":
            newest = await runtime.db.fetchval("SELECT max(id) FROM notifications")
            await markers.set_marker(runtime.db, reader.id, "notifications", newest, None)
        case "muted":
            await mutes.insert_mute(
                runtime.db, reader.id, writer.id, hide_notifications=True, duration_seconds=0
            )
        case "suspended":
            await set_suspended(runtime.db, reader.id, is_suspended=True)
        case "sender suspended":
            await set_suspended(runtime.db, writer.id, is_suspended=True)
        case "filtered":
            await runtime.db.execute("UPDATE notifications SET filtered = true")
        case "disabled":
            await runtime.db.execute("UPDATE users SET disabled_at = now()")
        case "gone":
            await runtime.db.execute("DELETE FROM statuses WHERE id = $1", status)
        case "refused":
            await mail_choices.refuse(runtime.db, reader.id, "mention")
        case "old":
            await later(runtime, 60 * 49)
        case "pushed":
            form = Phone().form("https://push.example/abc", "mention")
            await api.post("/api/v1/push/subscription", **form)
            await runtime.db.execute("UPDATE tokens SET last_used_at = NULL")
    await later(runtime)
    await send(runtime)
    assert post.mails == []


async def test_who_was_there_long_before_gets_the_mail(
    runtime: Runtime, client: httpx.AsyncClient, reader: Account, post: MailServer
) -> None:
    await Api(client, await make_token(runtime, reader)).get("/api/v1/timelines/home")
    await runtime.db.execute("UPDATE tokens SET last_used_at = now() - interval '1 hour'")
    await tell(runtime, reader, "follow_request", await make_remote(runtime))
    await later(runtime)
    await send(runtime)
    assert [mail["Subject"] for mail in post.mails] == ["remy vraagt je te mogen volgen"]
    body = post.mails[0].get_body(("plain",))
    assert body
    assert "/settings/relationships" in body.get_content()  # where it can be answered


async def test_two_looks_at_once_write_one_mail(
    runtime: Runtime, reader: Account, post: MailServer
) -> None:
    await tell(runtime, reader, "follow_request", await make_remote(runtime))
    await later(runtime)
    (due,) = await mail_choices.list_due(runtime.db, 10)
    assert [await mail_choices.note_mailed(runtime.db, due) for _ in range(2)] == [True, False]
    await send(runtime)
    assert post.mails == []


async def test_a_warning_hides_the_text(
    runtime: Runtime, reader: Account, post: MailServer
) -> None:
    writer = await make_member(runtime, "writer")
    await make_status(runtime, writer, "@reader the murderer", spoiler_text="a book")
    await later(runtime)
    await send(runtime)
    assert b"a book" in post.raw[0]
    assert b"murderer" not in post.raw[0]


async def test_whoever_looks_after_reports_is_led_to_them(
    runtime: Runtime, client: httpx.AsyncClient, post: MailServer
) -> None:
    mo = await make_member(runtime, "mo", role="moderator", password=PASSWORD)
    anna, ben = [await make_member(runtime, name, password=PASSWORD) for name in ("anna", "ben")]
    report = await report_account(runtime, anna.id, NewReport(ben.id, "", "spam", [], [], []))
    await later(runtime)
    await send(runtime)
    [letter] = post.mails
    assert letter["To"] == "mo@example.org"
    assert f"/desk/reports/{report.id}" in str(letter.get_body(("plain",)))
    box = 'value="admin.report" checked'
    for who, is_offered in ((anna, False), (mo, True)):
        client.cookies.clear()
        await sign_in(client, login=who.username)
        assert (box in (await client.get("/settings/mail")).text) is is_offered
        await client.post("/settings/mail", data={"csrf": proof(client), "kinds[]": "poll"})
    for who, chosen in ((anna, ["poll", "admin.report"]), (mo, ["poll"])):
        every = [*mail_choices.KINDS, *mail_choices.OF_STAFF]
        assert await mail_choices.list_chosen(runtime.db, who.id, every) == chosen


async def test_a_mention_from_elsewhere_leads_to_where_one_can_answer(
    runtime: Runtime, reader: Account, post: MailServer
) -> None:
    remy = await make_remote(runtime)
    to = ["https://www.w3.org/ns/activitystreams#Public", reader.uri]
    note = {
        "id": "https://far.example/notes/1",
        "type": "Note",
        "attributedTo": remy.uri,
        "to": to,
        "content": "<p>hello</p>",
        "tag": [{"type": "Mention", "href": reader.uri, "name": "@reader@localhost:3000"}],
    }
    assert await take(runtime, "Create", remy, note, to=to) is None
    status = await runtime.db.fetchval("SELECT id FROM statuses WHERE uri = $1", note["id"])
    await later(runtime)
    await send(runtime)
    (mail,) = post.mails
    body = mail.get_body(("plain",))
    assert body
    assert f"http://localhost:3000/@remy@far.example/{status}\r\n" in body.get_content()
