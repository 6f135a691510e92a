"""Invitations: links with which members let others in, one for a colleague or one for many."""

from dataclasses import dataclass

from server.errors import Forbidden, Invalid, NotFound
from server.identity import attempts
from server.identity.permissions import Permission, allows
from server.runtime import Runtime
from server.secrets import hash_token, new_token
from server.store import invites, roles
from server.store.invites import Invite

MAY_INVITE = Permission.INVITE_USERS | Permission.ADMINISTRATOR
USES = (1, 5, 10, 25, 50, 100)
SECONDS = (1800, 3600, 6 * 3600, 12 * 3600, 24 * 3600, 7 * 24 * 3600, 30 * 24 * 3600)
_MOST = 100
_LONGEST_COMMENT = 420
_PURPOSE = "invite"


@dataclass(frozen=True, slots=True)
class InviteLink:
    """An invitation and the address that its maker gives away."""

    invite: Invite
    url: str


async def may_everyone_invite(runtime: Runtime) -> bool:
    """Whether every member may invite."""
    if runtime.settings.registrations == "closed":
        return False
    permissions = await roles.permissions_of(runtime.db, roles.EVERYONE)
    return allows(permissions, Permission.INVITE_USERS)


async def may_invite(runtime: Runtime, account_id: int) -> bool:
    """Whether a member's role allows it and anybody may join at all."""
    role = await roles.role_of(runtime.db, account_id)
    is_allowed = role is not None and allows(role.permissions, Permission.INVITE_USERS)
    return is_allowed and runtime.settings.registrations != "closed"


async def invite(
    runtime: Runtime,
    account_id: int,
    comment: str,
    max_uses: int | None,
    seconds: int | None,
    *,
    autofollow: bool,
) -> None:
    """Make an invitation for so many, good for so long; None is without end.

    Raises Forbidden for who may not, Invalid for other numbers or too many invitations.
    """
    if not await may_invite(runtime, account_id):
        raise Forbidden
    if max_uses not in {None, *USES} or seconds not in {None, *SECONDS}:
        raise Invalid("Validation failed: choose one of the numbers")
    if await invites.count_good(runtime.db, account_id) >= _MOST:
        raise Invalid(f"Validation failed: more than {_MOST} invitations at once")
    code = new_token()
    sealed = runtime.cipher.encrypt(code.encode(), _PURPOSE)
    await invites.insert_invite(
        runtime.db,
        account_id,
        hash_token(code),
        sealed,
        comment.strip()[:_LONGEST_COMMENT],
        max_uses,
        seconds,
        autofollow=autofollow,
    )


async def list_links(runtime: Runtime, account_id: int) -> list[InviteLink]:
    """A member's invitations, the newest first."""
    found = await invites.list_invites(runtime.db, account_id, _MOST)
    return [InviteLink(one, _url(runtime, one)) for one in found]


async def end_invite(runtime: Runtime, account_id: int, invite_id: int) -> None:
    """End one's own invitation. Raises NotFound."""
    if not await invites.end_invite(runtime.db, account_id, invite_id):
        raise NotFound


async def find_inviter(runtime: Runtime, code: str, ip: str) -> str | None:
    """Name of who invites with this code, while it is good. Raises TooMany for guessing."""
    if not code or runtime.settings.registrations == "closed":
        return None
    who = attempts.network_of(ip)
    await attempts.count(runtime.db, attempts.INVITATION, who)
    found = await invites.inviter_of(runtime.db, hash_token(code), MAY_INVITE)
    if found:
        await attempts.take_back(runtime.db, attempts.INVITATION, who)
    return found


async def needs_no_look(runtime: Runtime, code: str) -> bool:
    """Whether who comes with a good code is let in at once where others are looked at."""
    needed = Permission.INVITE_BYPASS_APPROVAL | Permission.ADMINISTRATOR
    return await invites.inviter_of(runtime.db, hash_token(code), needed) is not None


def _url(runtime: Runtime, one: Invite) -> str:
    code = runtime.cipher.decrypt(one.code_sealed, _PURPOSE).decode()
    return f"{runtime.settings.origin}/invite/{code}"
