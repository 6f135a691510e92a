"""Who may do what with a post: GoToSocial's interactionPolicy, and canQuote of FEP-044f.

It is advice to those who would ask. Proof is the author's stamp alone (authorization.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.documents import reading
from federation.documents.audience import recipients
from federation.documents.reading import Document

NAMES = {"quote": "canQuote", "reply": "canReply", "like": "canLike", "announce": "canAnnounce"}
_MOST = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """Addresses of actors and of their author's collections: who may, and who may ask."""

    automatic: tuple[str, ...]
    manual: tuple[str, ...] = ()


Policy = Mapping[str, Rule]  # by what is done: quote, reply, like, announce


def read_policy(value: Any) -> dict[str, Rule]:
    """The rules that stand in an `interactionPolicy`, by the present or the former names."""
    document = reading.first(value)
    if not isinstance(document, dict):
        return {}
    found = {kind: read_rule(document, name) for kind, name in NAMES.items()}
    return {kind: rule for kind, rule in found.items() if rule}


def read_rule(value: Any, name: str) -> Rule | None:
    """One rule of an `interactionPolicy`; None when it says nothing of that."""
    document = reading.first(value)
    rule = reading.first(document.get(name)) if isinstance(document, dict) else None
    if not isinstance(rule, dict) or not rule:
        return None
    return Rule(
        _addresses(rule, "automaticApproval", "always"),
        _addresses(rule, "manualApproval", "approvalRequired"),
    )


def build_policy(policy: Policy) -> Document:
    """The `interactionPolicy` of one of our posts."""
    return {
        NAMES[kind]: {"automaticApproval": list(rule.automatic)}
        | ({"manualApproval": list(rule.manual)} if rule.manual else {})
        for kind, rule in policy.items()
    }


def _addresses(rule: Document, name: str, former_name: str) -> tuple[str, ...]:
    return tuple(recipients(rule.get(name) or rule.get(former_name))[:_MOST])
