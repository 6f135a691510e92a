from datetime import UTC, datetime, timedelta

from federation.transport.retry import MAX_ATTEMPTS, host_pause, next_attempt

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_pauses_grow_to_a_day_and_end_after_a_week() -> None:
    times = [next_attempt(n, NOW, 0.5) for n in range(1, MAX_ATTEMPTS)]
    pauses = [at - NOW for at in times if at]
    assert pauses[0] == timedelta(seconds=30)
    assert pauses == sorted(pauses)
    assert max(pauses) == timedelta(days=1)
    assert timedelta(days=6) < sum(pauses, timedelta()) < timedelta(days=10)
    assert next_attempt(MAX_ATTEMPTS, NOW) is None


def test_a_host_is_left_alone_after_five_failures() -> None:
    assert host_pause(4, NOW) is None
    assert host_pause(5, NOW) == NOW + timedelta(minutes=1)
    assert host_pause(50, NOW) == NOW + timedelta(minutes=10)
