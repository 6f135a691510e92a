"""What is asked for beside the password, and what happens when that changes."""

from server import events
from server.mail.queue import enqueue_mail
from server.runtime import Runtime
from server.store import passkeys, recovery_codes, roles, totp_secrets, users
from server.store.users import User
from server.transaction import Transaction


async def changed(runtime: Runtime, tx: Transaction, user: User, change: str) -> None:
    """Tell the member of a change (a text of the mail's locale), in case it was somebody else.

    Recovery codes go with the last second factor. A role that demands one may open or close now.
    """
    now = await users.find_user(tx.db, user.account_id)
    assert now is not None
    if not now.has_second_factor:
        await recovery_codes.replace_codes(tx.db, user.account_id, [])
    if now.state != user.state:
        events.account_changed(tx, user.account_id)
    tell(runtime, tx, user, change)


async def remove_all(runtime: Runtime, tx: Transaction, user: User) -> None:
    """For who has lost everything, recovery codes too, and proved to a person who they are."""
    await totp_secrets.delete_secret(tx.db, user.account_id)
    await passkeys.delete_passkeys_of(tx.db, user.account_id)
    await changed(runtime, tx, user, "removed")


async def demand_of(runtime: Runtime, role_id: int, *, is_demanded: bool) -> None:
    """Whether members of a role do nothing before they have a second factor."""
    async with runtime.transaction() as tx:
        await roles.set_require_2fa(tx.db, role_id, is_demanded=is_demanded)
        for account_id in await roles.members_of(tx.db, role_id):
            events.account_changed(tx, account_id)


def tell(runtime: Runtime, tx: Transaction, user: User, change: str) -> None:
    """Mail the member about their second factors."""
    values = {"name": user.username, "change": change}
    enqueue_mail(runtime, tx, user.email, "second_factor", user.locale, values)
