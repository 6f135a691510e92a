"""What does not keep the contract yet, and with what it comes.

A row or field that keeps it does not belong here: the contract test says so.
"""

OPENED: dict[str, str] = {}
OPENED_FIELDS: dict[str, str] = {}
