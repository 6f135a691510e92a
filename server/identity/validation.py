"""What is wrong with a form, told for all of its fields at once, in Mastodon's words and codes."""

import re
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address

from server.errors import Invalid

Problem = tuple[str, str]  # (ERR_* code, what is wrong, to follow the field's label)

BLANK: Problem = ("ERR_BLANK", "can't be blank")
INVALID: Problem = ("ERR_INVALID", "is invalid")
TAKEN: Problem = ("ERR_TAKEN", "has already been taken")
_LABELS = {
    "username": "Username",
    "email": "E-mail address",
    "password": "Password",
    "agreement": "Service agreement",
    "reason": "Reason",
    "date_of_birth": "Date of birth",
}
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,253}")


def refuse(problems: Mapping[str, Problem | None]) -> None:
    """Raises Invalid when a field has a problem."""
    found = {name: problem for name, problem in problems.items() if problem}
    if found:
        raise refusal(found)


def refusal(problems: Mapping[str, Problem]) -> Invalid:
    """The refusal for fields with problems."""
    fields = {name: _with_what_follows(name, one) for name, one in problems.items()}
    texts = [f"{_LABELS[name]} {text}" for name, found in fields.items() for _, text in found]
    return Invalid(f"Validation failed: {', '.join(texts)}", fields)


def _with_what_follows(name: str, problem: Problem) -> list[Problem]:
    """An address that is missing is invalid as well: Mastodon says both, and clients count."""
    return [BLANK, INVALID] if (name, problem) == ("email", BLANK) else [problem]


def email_problem(email: str) -> Problem | None:
    """What is wrong with an address; only one that a mail can be sent to is right."""
    if not email:
        return BLANK
    try:
        is_right = bool(_EMAIL.fullmatch(email) and Address(addr_spec=email).domain)
    except (HeaderParseError, ValueError, IndexError):
        is_right = False
    if not is_right or len(email) > _LONGEST_EMAIL:
        return INVALID
    return None
