import time
from types import SimpleNamespace

import pytest

from web import rates


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> float:
    """What limits of requests take for the time: it stands, since what was counted before the end
    of five minutes counts no more after it, and a test may begin a moment before.
    """
    now = time.time()
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: now))
    return now
