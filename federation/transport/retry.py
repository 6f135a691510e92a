"""When to try again: pure arithmetic, for one delivery and for a whole host."""

import random

_FIRST_SECONDS = 30.0
_GROWTH = 3.0
_LONGEST_SECONDS = 24 * 3600.0
MAX_ATTEMPTS = 14  # about eight days
MAX_REFUSALS = 6  # an hour, if the host was well before
HOST_OPENS_AFTER = 5  # failures in a row
_HOST_FIRST_SECONDS = 60.0
_HOST_LONGEST_SECONDS = 600.0  # so long is a member willing to wait for a server that came back


def next_attempt(attempts: int, random_share: float | None = None) -> float | None:
    """Seconds to the next attempt after so many failed ones; None when it is given up.

    Half a minute first, then three times as long each time up to a day, spread by a fifth.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    pause = min(_LONGEST_SECONDS, _FIRST_SECONDS * _GROWTH ** (attempts - 1))
    share = random.random() if random_share is None else random_share  # noqa: S311
    return pause * (0.8 + 0.4 * share)


def host_pause(failures: int) -> float | None:
    """Seconds that a host with so many failures in a row is left alone; None: it is not.

    After five failures it gets a single probe at growing distances instead of everything due.
    """
    if failures < HOST_OPENS_AFTER:
        return None
    return min(_HOST_LONGEST_SECONDS, _HOST_FIRST_SECONDS * 2.0 ** (failures - HOST_OPENS_AFTER))
