from web.kept import Kept


def test_nothing_is_kept_while_nobody_tells() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1, kept.changes())
    assert kept.get("a") is None
    kept.hear(is_told=True)
    kept.put("a", 1, kept.changes())
    assert kept.get("a") == 1
    kept.hear(is_told=False)
    assert kept.get("a") is None


def test_what_changed_while_it_was_looked_up_is_not_kept() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.hear(is_told=True)
    changes = kept.changes()
    kept.forget("a")  # told between the question and its answer
    kept.put("a", 1, changes)
    assert kept.get("a") is None


def test_the_oldest_makes_room_and_a_minute_ends() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.hear(is_told=True)
    for number, key in enumerate("abc"):
        kept.put(key, number, kept.changes())
    assert [kept.get(key) for key in "abc"] == [None, 1, 2]
    kept.SECONDS = -1.0
    kept.put("d", 3, kept.changes())
    assert kept.get("d") is None
