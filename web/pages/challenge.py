"""Once more the password, before something that cannot be taken back."""

from server.errors import Forbidden
from server.identity import passwords
from server.store import users
from server.store.sessions import Session
from web.request import Request


async def has_password(request: Request, session: Session) -> bool:
    """Whether the member has one; without one the name is asked for instead, as Mastodon does."""
    user = await users.find_user(request.runtime.db, session.account_id)
    return user is not None and user.password_hash is not None


async def is_passed(request: Request, session: Session, typed: str) -> bool:
    """Whether what was typed is the member's password. Raises TooMany after too many guesses."""
    user = await users.find_user(request.runtime.db, session.account_id)
    if user is None:
        return False
    if user.password_hash is None:
        return typed.strip().removeprefix("@").lower() == user.username.lower()
    try:
        await passwords.check_own_password(request.runtime, user, typed)
    except Forbidden:
        return False
    return True
