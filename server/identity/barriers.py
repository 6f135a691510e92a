"""Who may not come in, or only after a look: by network, by e-mail domain, by single address."""

from server.errors import Forbidden, Invalid
from server.store import canonical_email_blocks, email_domain_blocks, ip_blocks
from server.store.database import Database


async def check_sign_up(db: Database, email: str, ip: str) -> bool:
    """Whether somebody new needs a moderator's approval, whatever the settings say.

    Raises Forbidden for a blocked network, Invalid with Mastodon's texts for a blocked address
    (a single one reads as taken, so that nobody learns who was thrown out). Attempts are counted:
    call it outside a transaction that such a refusal would undo. `ip` is "" where there is none.
    """
    severities = await ip_blocks.find_severities(db, ip)
    if severities & {"sign_up_block", ip_blocks.NO_ACCESS}:
        raise Forbidden
    blocks = await email_domain_blocks.find_blocks(db, email.rpartition("@")[2])
    if blocks and ip:
        await email_domain_blocks.note_attempts(db, [block.id for block in blocks], ip)
    if any(not block.allow_with_approval for block in blocks):
        raise _refusal("ERR_BLOCKED", "uses a disallowed e-mail provider")
    known = canonical_email_blocks.canonical_hash(email)
    if await canonical_email_blocks.find_block(db, known):
        raise _refusal("ERR_TAKEN", "has already been taken")
    return bool(blocks) or "sign_up_requires_approval" in severities


def _refusal(code: str, text: str) -> Invalid:
    return Invalid(f"Validation failed: E-mail address {text}", {"email": [(code, text)]})
