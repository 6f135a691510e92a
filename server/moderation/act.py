"""A moderator decides about an account: what is done, kept, resolved and told, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from server import events
from server.actions.delete_post import delete
from server.errors import Forbidden, Invalid
from server.fanout.notifications import notify
from server.identity.permissions import Permission, allows
from server.mail.queue import enqueue_mail
from server.moderation.appeals import strike_url
from server.moderation.ranks import check_may
from server.moderation.restore import mark_sensitive
from server.moderation.suspend import suspend
from server.runtime import Runtime
from server.store import (
    account_states,
    accounts,
    audit_log,
    reports,
    statuses,
    strikes,
    users,
    warning_presets,
)
from server.store.accounts import Account
from server.store.strikes import ACTIONS, NewStrike
from server.transaction import Transaction

_LONGEST_TEXT = 2000
_ABOUT_STATUSES = ("mark_statuses_as_sensitive", "delete_statuses")
_OF_MEMBERS = ("none", "disable")  # nothing of these reaches anybody elsewhere


@dataclass(frozen=True, slots=True)
class Act:
    """A decision; `kind` is one of strikes.ACTIONS, `tells` whether a member hears of it."""

    target_id: int
    kind: str
    text: str = ""
    report_id: int | None = None
    preset_id: int | None = None
    tells: bool = True
    status_ids: Sequence[int] = ()  # for what is done to posts; those of the report without any


async def act(runtime: Runtime, moderator_id: int | None, new: Act) -> None:
    """Do it, keep it as a strike, resolve reports and tell the member.

    With a warning alone the report that led to it is resolved, with more all open ones about the
    account (as Mastodon does). Raises NotFound, Forbidden, Invalid.
    """
    await check_may(runtime.db, moderator_id, _needed(new.kind), new.target_id)
    account = await accounts.get_account(runtime.db, new.target_id)
    if account.erased_at:
        raise Forbidden
    if new.kind not in kinds_for(account, Permission.ADMINISTRATOR):
        raise Invalid("Validation failed: Type is not included in the list")
    text = await _text(runtime, new)
    async with runtime.transaction() as tx:
        status_ids = await _status_ids(tx, account, new)
        await _do(tx, account, new.kind, status_ids)
        strike_id = await strikes.insert_strike(
            tx.db,
            moderator_id,
            NewStrike(account.id, new.kind, text, new.report_id, status_ids),
        )
        await _record(tx, moderator_id, account, new, text)
        await _resolve_reports(tx, moderator_id, account, new)
        if new.tells and account.is_local:
            await _tell(runtime, tx, account, new.kind, text, strike_id)


def kinds_for(account: Account, permissions: int) -> list[str]:
    """What whoever has these permissions may do to an account, if it is not above them."""
    return [
        kind
        for kind in ACTIONS
        if allows(permissions, _needed(kind)) and (account.is_local or kind not in _OF_MEMBERS)
    ]


def _needed(kind: str) -> Permission:
    """What a role must allow for an act: any one of these."""
    if kind == "disable":
        return Permission.MANAGE_USERS
    if kind in _ABOUT_STATUSES:
        return Permission.MANAGE_REPORTS
    return Permission.MANAGE_USERS | Permission.MANAGE_REPORTS


async def _text(runtime: Runtime, new: Act) -> str:
    parts = [new.text.strip()]
    if new.preset_id is not None:
        preset = await warning_presets.get_preset(runtime.db, new.preset_id)
        parts.insert(0, preset.text)
    text = "\n\n".join(part for part in parts if part)
    if len(text) > _LONGEST_TEXT:
        raise Invalid(
            f"Validation failed: Text is too long (maximum is {_LONGEST_TEXT} characters)"
        )
    return text


async def _status_ids(tx: Transaction, account: Account, new: Act) -> list[int]:
    """The posts that are meant: the account's own among those that are named. Raises NotFound."""
    wanted = list(new.status_ids)
    if new.report_id is not None:
        report = await reports.get_report(tx.db, new.report_id)
        if report.target_id != account.id:
            raise Invalid("Validation failed: Report is about another account")
        wanted = wanted or report.status_ids
    found = await statuses.list_of_account(tx.db, account.id, wanted)
    if new.kind in _ABOUT_STATUSES and not found:
        raise Invalid("Validation failed: Statuses can't be blank")
    return [status.id for status in found]


async def _do(tx: Transaction, account: Account, kind: str, status_ids: Sequence[int]) -> None:
    match kind:
        case "disable":
            await account_states.set_disabled(tx.db, account.id, is_on=True)
            events.account_changed(tx, account.id)
        case "sensitive":
            await account_states.set_state(tx.db, account.id, "sensitized", is_on=True)
        case "silence":
            await account_states.set_state(tx.db, account.id, "silenced", is_on=True)
        case "suspend":
            await suspend(tx, account)
        case "mark_statuses_as_sensitive":
            await mark_sensitive(tx, account, status_ids, is_on=True)
        case "delete_statuses":
            for status in await statuses.list_of_account(tx.db, account.id, status_ids):
                await delete(tx, status)
        case _:  # a word is all
            pass


async def _record(
    tx: Transaction, moderator_id: int | None, account: Account, new: Act, text: str
) -> None:
    """A bare warning is worth a line when it says something."""
    action = "warn" if new.kind == "none" else new.kind
    if new.kind != "none" or text:
        details = {"report_id": str(new.report_id)} if new.report_id else {}
        await audit_log.record(
            tx.db, moderator_id, action, "account", account.id, account.acct, **details
        )


async def _resolve_reports(
    tx: Transaction, moderator_id: int | None, account: Account, new: Act
) -> None:
    one = new.report_id if new.kind == "none" else None
    if new.kind == "none" and one is None:
        return
    for report_id in await reports.resolve(tx.db, moderator_id, account.id, one):
        await audit_log.record(tx.db, moderator_id, "resolve", "report", report_id, account.acct)


async def _tell(
    runtime: Runtime, tx: Transaction, account: Account, kind: str, text: str, strike_id: int
) -> None:
    """A notification of the member's own, and a mail with a way to appeal without signing in."""
    await notify(
        tx, "moderation_warning", [account.id], account.id, strike_id=strike_id, to_oneself=True
    )
    user = await users.find_user(tx.db, account.id)
    if user:
        values = {
            "name": account.display_name or account.username,
            "kind": kind,
            "text": text,
            "url": strike_url(runtime, strike_id),
        }
        enqueue_mail(runtime, tx, user.email, "strike", user.locale, values)
