import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import UploadFile

from server import errors
from web.params import convert, nest


class Form(msgspec.Struct):
    text: str | None = None
    count: int | None = None
    flag: bool | None = None
    ids: list[str] = []
    source: dict[str, Any] = {}
    fields: list[dict[str, str]] = []
    more: list[str] | None = None


def test_rails_keys_nest() -> None:
    assert nest([("ids[]", "1"), ("ids[]", "2"), ("source[privacy]", "public")]) == {
        "ids": ["1", "2"],
        "source": {"privacy": "public"},
    }
    assert nest([("f[1][name]", "b"), ("f[0][name]", "a")]) == {"f": [{"name": "a"}, {"name": "b"}]}
    assert nest([("f[][name]", "a"), ("f[][value]", "1"), ("f[][name]", "b")]) == {
        "f": [{"name": "a", "value": "1"}, {"name": "b"}]
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        ("1", True),
        ("on", True),
        ("maybe", True),
        (True, True),
        ("false", False),
        ("0", False),
        ("", None),
    ],
)
def test_booleans_come_in_many_shapes(value: Any, expected: bool | None) -> None:
    assert convert({"flag": value}, Form).flag is expected


def test_ids_that_are_none_name_nothing() -> None:
    class Chosen(msgspec.Struct):
        id: list[int] | int = []
        status_ids: list[int] = []
        in_reply_to_id: int | None = None
        offset: int = 0
        external_id: str = ""

    given = {"id": ["5", 6, "x", "7.5"], "status_ids": "x", "in_reply_to_id": "x", "offset": " 9x"}
    assert convert({**given, "external_id": "x"}, Chosen) == Chosen([5, 6, 0, 7], [], 0, 9, "x")
    assert convert({"id": "9" * 5000}, Chosen).id == 2**63 - 1


class Poll(msgspec.Struct):
    options: list[str] = []
    expires_in: int = 0
    multiple: bool = False


def test_forms_in_a_form_are_as_lenient() -> None:
    class Post(msgspec.Struct):
        poll: Poll | None = None
        polls: list[Poll] = []

    poll = {"options": [2026, "b"], "expires_in": "600", "multiple": "on", "unknown": [1]}
    read = Poll(["2026", "b"], 600, multiple=True)
    assert convert({"poll": poll}, Post) == Post(read)
    assert convert({"polls": {"0": poll, "1": {"expires_in": ""}}}, Post) == Post(
        None, [read, Poll()]
    )
    for nothing in ([], [1], "", None):
        assert convert({"poll": nothing}, Post) == Post()
    with pytest.raises(errors.Invalid):
        convert({"poll": {"expires_in": "soon"}}, Post)


def test_a_number_may_stand_for_a_text() -> None:
    assert convert({"text": 2026}, Form).text == "2026"
    with pytest.raises(errors.Invalid):
        convert({"text": True}, Form)


def test_null_empty_and_unknown_mean_not_given() -> None:
    form = convert({"count": "", "text": "", "flag": None, "unknown": [1]}, Form)
    assert (form.count, form.text, form.flag) == (None, "", None)


def test_an_empty_field_of_files_brings_none() -> None:
    class Pictured(msgspec.Struct):
        avatar: UploadFile | None = None

    assert convert({"avatar": ""}, Pictured).avatar is None


def test_a_key_of_thousands_of_digits_is_no_place_in_a_list() -> None:
    key = "9" * 5000
    assert nest([(f"f[{key}]", "a")]) == {"f": {key: "a"}}
    assert nest([("f[²]", "a")]) == {"f": {"²": "a"}}
    with pytest.raises(errors.Invalid):
        convert({"ids": {key: "1"}}, Form)
    with pytest.raises(errors.Invalid):
        convert({"ids": {"²": "1"}}, Form)


def test_a_hash_of_numbers_is_a_list() -> None:
    form = convert({"fields": {"1": {"name": "b"}, "0": {"name": "a"}}}, Form)
    assert form.fields == [{"name": "a"}, {"name": "b"}]


@pytest.mark.parametrize(
    "values", [{"count": "many"}, {"fields": [1]}, {"source": [1]}, {"text": "a\x00b"}]
)
def test_wrong_values_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid) as caught:
        convert(values, Form)
    assert caught.value.unreadable


def test_what_has_another_shape_is_not_given() -> None:
    values = {"text": {"a": 1}, "count": [1], "ids": "undefined", "source": "x", "more": "x"}
    assert convert(values, Form) == Form()


@pytest.mark.parametrize(
    "pairs", [[("a[b][c][d][e]", "1")], [("a", "1"), ("a[b]", "2")], [("a", "")] * 1001]
)
def test_absurd_nesting_is_refused(pairs: list[tuple[str, Any]]) -> None:
    with pytest.raises(errors.Invalid):
        nest(pairs)


@given(st.lists(st.tuples(st.text("ab[]01", max_size=8), st.text(max_size=3)), max_size=8))
def test_any_form_nests_or_is_refused(pairs: list[tuple[str, Any]]) -> None:
    with contextlib.suppress(errors.Invalid):
        convert(nest(pairs), Form)
