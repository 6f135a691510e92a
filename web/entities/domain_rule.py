"""DomainBlock, Admin::DomainBlock and Admin::DomainAllow."""

import hashlib
from typing import Any

from server.store.domain_rules import Allowed, Rule
from web.entities.values import timestamp

Entity = dict[str, Any]


def domain_block_entity(rule: Rule, *, with_comment: bool) -> Entity:
    """What everybody may know of a rule."""
    entity = {
        "domain": _obfuscated(rule.domain) if rule.obfuscate else rule.domain,
        "digest": _digest(rule.domain),
        "severity": rule.severity,
        "comment": "",
    }
    if with_comment:
        entity["comment"] = rule.public_comment or ""
    return entity


def admin_domain_block_entity(rule: Rule) -> Entity:
    """All of a rule, for moderators."""
    return {
        "id": str(rule.id),
        "domain": rule.domain,
        "digest": _digest(rule.domain),
        "created_at": timestamp(rule.created_at),
        "severity": rule.severity,
        "reject_media": rule.reject_media,
        "reject_reports": rule.reject_reports,
        "private_comment": rule.private_comment,
        "public_comment": rule.public_comment,
        "obfuscate": rule.obfuscate,
    }


def admin_domain_allow_entity(allowed: Allowed) -> Entity:
    """A domain on the list."""
    return {
        "id": str(allowed.id),
        "domain": allowed.domain,
        "created_at": timestamp(allowed.created_at),
    }


def _digest(domain: str) -> str:
    return hashlib.sha256(domain.encode()).hexdigest()


def _obfuscated(domain: str) -> str:
    """As Mastodon: the middle third is starred out, dots stay."""
    length = len(domain)
    visible = length // 4
    return "".join(
        character if place < visible or place >= length - visible or character == "." else "*"
        for place, character in enumerate(domain)
    )
