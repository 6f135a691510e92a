from server import errors


def test_each_kind_carries_a_text_for_people_and_one_for_the_log() -> None:
    error = errors.Invalid("Too long", {"note": [("ERR_TOO_LONG", "is too long")]}, detail="9999")
    assert (error.message, error.detail, error.unreadable) == ("Too long", "9999", False)
    assert error.fields["note"] == [("ERR_TOO_LONG", "is too long")]
    assert errors.NotFound().message == "Record not found"
    assert errors.TooMany(retry_after_seconds=5).retry_after_seconds == 5
