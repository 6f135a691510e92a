"""Whose document is asked for: the account of ours that a path names by its number."""

from server.errors import Forbidden, Gone, NotFound
from server.store import accounts
from server.store.accounts import Account
from web.request import Request


async def active_account(request: Request) -> Account:
    """Raises NotFound, Gone for one that is erased, Forbidden for a suspended one."""
    account = await local_account(request)
    if account.suspended_at:
        raise Forbidden("This account is suspended")
    return account


async def local_account(request: Request) -> Account:
    """The same, suspended or not. Raises NotFound, Gone."""
    if not request.runtime.settings.federation_enabled:
        raise NotFound
    account = await accounts.get_joined(request.runtime.db, request.path_id())
    if not account.is_local:
        raise NotFound
    if account.erased_at:
        raise Gone("This account is gone")
    return account
