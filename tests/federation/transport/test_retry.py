from federation.transport.retry import MAX_ATTEMPTS, host_pause, next_attempt

_DAY = 24 * 3600.0


def test_pauses_grow_to_a_day_and_end_after_a_week() -> None:
    pauses = [next_attempt(n, 0.5) or 0.0 for n in range(1, MAX_ATTEMPTS)]
    assert pauses[0] == 30.0
    assert pauses == sorted(pauses)
    assert max(pauses) == _DAY
    assert 6 * _DAY < sum(pauses) < 10 * _DAY
    assert next_attempt(MAX_ATTEMPTS) is None


def test_a_host_is_left_alone_after_five_failures() -> None:
    assert host_pause(4) is None
    assert host_pause(5) == 60.0
    assert host_pause(50) == 600.0
