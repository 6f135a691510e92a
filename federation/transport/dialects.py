"""Which dialect of signatures each host takes: asked by knocking twice, and remembered.

https://docs.joinmastodon.org/spec/security/ and what Fedify calls double-knocking: whoever is not
known is spoken to in the old dialect first.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass

from federation.signatures.sign import Dialect

_REMEMBERED = 10_000
_SECONDS = 24 * 3600.0
_REFUSED_SECONDS = 3600.0
_REFUSALS = {400, 401, 403}


@dataclass(slots=True)
class _Host:
    dialect: Dialect
    has_worked: bool
    until: float  # on the monotonic clock


class Dialects:
    """What this process has learnt of hosts; the ones of long ago are forgotten."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def of(self, host: str) -> Dialect:
        """The dialect to speak to a host first."""
        known = self._known(host)
        return known.dialect if known else Dialect.CAVAGE

    def may_try_other(self, host: str, status: int) -> bool:
        """Whether an answer may be about the dialect.

        A refusal may, unless both were refused within the hour; one 500 of a host that never took
        the dialect may; 502 to 504 never.
        """
        known = self._known(host)
        if status in _REFUSALS:
            return known is None or known.has_worked
        return status == 500 and known is None

    def worked(self, host: str, dialect: Dialect) -> None:
        """The host took something that was signed so."""
        known = self._hosts.get(host)
        if known is None or known.dialect is not dialect or not known.has_worked:
            self._put(host, _Host(dialect, True, time.monotonic() + _SECONDS))

    def refused(self, host: str) -> None:
        """The host takes neither: it means something else."""
        self._put(host, _Host(Dialect.CAVAGE, False, time.monotonic() + _REFUSED_SECONDS))

    def _known(self, host: str) -> _Host | None:
        known = self._hosts.get(host)
        return known if known and known.until > time.monotonic() else None

    def _put(self, host: str, known: _Host) -> None:
        self._hosts[host] = known
        self._hosts.move_to_end(host)
        while len(self._hosts) > _REMEMBERED:
            self._hosts.popitem(last=False)
