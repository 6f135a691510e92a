"""Who is concerned by a decision may appeal once, within twenty days."""

from datetime import UTC, datetime, timedelta

from server.errors import Forbidden, Invalid, NotFound
from server.identity.permissions import Permission
from server.mail.queue import enqueue_mail
from server.mail.sealed import seal, unseal
from server.moderation import restore
from server.moderation.ranks import check_may
from server.runtime import Runtime
from server.store import accounts, audit_log, roles, strikes, users
from server.store.database import Database
from server.store.strikes import Strike

PATH = "/disputes/strikes"
_PURPOSE = "strike"
_DAYS = 20
_LONGEST_TEXT = 2000
_DECIDERS = Permission.ADMINISTRATOR | Permission.MANAGE_APPEALS


def strike_url(runtime: Runtime, strike_id: int) -> str:
    """A link that shows a decision to whom it is about, who may be unable to sign in."""
    token = seal(runtime, str(strike_id), _PURPOSE)
    return f"{runtime.settings.origin}{PATH}/{strike_id}?token={token}"


def is_token_of(runtime: Runtime, token: str, strike_id: int) -> bool:
    """Whether a link's token is for that decision."""
    try:
        return unseal(runtime, token, _PURPOSE) == str(strike_id)
    except NotFound:
        return False


async def may_appeal(db: Database, strike: Strike) -> bool:
    """Whether it is not too late, as for who is gone, and nothing was said or taken back yet."""
    account = await accounts.get_account(db, strike.target_id)
    is_recent = strike.created_at > datetime.now(UTC) - timedelta(days=_DAYS)
    is_open = strike.appeal is None and strike.overruled_at is None
    return is_recent and is_open and account.erased_at is None


async def file_appeal(runtime: Runtime, strike: Strike, text: str) -> None:
    """Ask for a decision to be looked at again; moderators are told by mail. Raises Invalid."""
    text = text.strip()
    if not text or len(text) > _LONGEST_TEXT:
        problem = "can't be blank" if not text else f"is too long (maximum is {_LONGEST_TEXT})"
        raise Invalid(f"Validation failed: Text {problem}")
    if not await may_appeal(runtime.db, strike):
        raise Invalid("Validation failed: It is too late to appeal this strike")
    async with runtime.transaction() as tx:
        if not await strikes.insert_appeal(tx.db, strike.id, text):
            raise Invalid("Validation failed: Strike has already been appealed")
        account = await accounts.get_account(tx.db, strike.target_id)
        for moderator_id in await roles.members_with(tx.db, _DECIDERS):
            if (user := await users.find_user(tx.db, moderator_id)) is None:
                continue
            values = {
                "name": user.username,
                "who": account.acct,
                "kind": strike.action,
                "text": text,
                "url": f"{runtime.settings.origin}/desk/accounts/{account.id}",
            }
            enqueue_mail(runtime, tx, user.email, "new_appeal", user.locale, values)


async def decide_appeal(
    runtime: Runtime, moderator_id: int | None, strike_id: int, *, is_approved: bool
) -> None:
    """Overrule the decision and undo what it did, or let it stand; the member is told by mail.

    Raises NotFound, Forbidden (also for one that waits no longer).
    """
    await check_may(runtime.db, moderator_id, Permission.MANAGE_APPEALS)
    strike = await strikes.get_strike(runtime.db, strike_id)
    if strike.appeal is None:
        raise NotFound
    account = await accounts.get_account(runtime.db, strike.target_id)
    state = "approved" if is_approved else "rejected"
    async with runtime.transaction() as tx:
        if not await strikes.decide_appeal(tx.db, strike.id, moderator_id, state):
            raise Forbidden
        if is_approved:
            await restore.undo(tx, account, strike)
        action = "approve" if is_approved else "reject"
        await audit_log.record(
            tx.db, moderator_id, action, "appeal", strike.id, account.acct, kind=strike.action
        )
        if user := await users.find_user(tx.db, account.id):
            values = {
                "name": account.display_name or account.username,
                "state": state,
                "kind": strike.action,
                "url": strike_url(runtime, strike.id),
            }
            enqueue_mail(runtime, tx, user.email, "appeal", user.locale, values)
