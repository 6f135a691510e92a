"""Admin::IpBlock, Admin::EmailDomainBlock and Admin::CanonicalEmailBlock."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from server.store.canonical_email_blocks import CanonicalEmailBlock
from server.store.email_domain_blocks import DayOfAttempts, EmailDomainBlock
from server.store.ip_blocks import IpBlock
from web.entities.values import timestamp, timestamp_or_none

Entity = dict[str, Any]


def ip_block_entity(block: IpBlock) -> Entity:
    """Mastodon's Admin::IpBlock."""
    return {
        "id": str(block.id),
        "ip": str(block.ip),
        "severity": block.severity,
        "comment": block.comment,
        "created_at": timestamp(block.created_at),
        "expires_at": timestamp_or_none(block.expires_at),
    }


def email_domain_block_entity(block: EmailDomainBlock, history: Sequence[DayOfAttempts]) -> Entity:
    """Mastodon's Admin::EmailDomainBlock with who ran into it."""
    return {
        "id": str(block.id),
        "domain": block.domain,
        "created_at": timestamp(block.created_at),
        "allow_with_approval": block.allow_with_approval,
        "history": [
            {
                "day": str(int(datetime.combine(day.day, time(), UTC).timestamp())),
                "accounts": str(day.accounts),
                "uses": str(day.uses),
            }
            for day in history
        ],
    }


def canonical_email_block_entity(block: CanonicalEmailBlock) -> Entity:
    """Mastodon's Admin::CanonicalEmailBlock."""
    return {"id": str(block.id), "canonical_email_hash": block.hash}
