from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.runtime import Runtime
from server.store.lexemes import phrase, quoted, vector

_WORD = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20
)


# One database for all examples; to write them down may take long on a busy machine.
_CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, suppress_health_check=_CALM)
@given(words=st.lists(_WORD, min_size=1, max_size=10))
async def test_postgresql_reads_back_what_is_written(runtime: Runtime, words: list[str]) -> None:
    found = await runtime.db.fetchval(
        "SELECT $1::text::tsvector @@ $2::text::tsquery",
        vector([(words, "A")], ["is:x"]),
        f"{phrase(words)} & {phrase(words, is_prefix=True, weights='AB')} & {quoted('is:x')}",
    )
    assert found


async def test_no_phrase_runs_from_one_text_into_the_next(runtime: Runtime) -> None:
    written = vector([(["one", "two"], ""), (["three"], "D")])
    for query, expected in (
        (phrase(["one", "two"]), True),
        (phrase(["two", "three"]), False),
        (phrase(["three"], weights="A"), False),
        (phrase(["three"], weights="AD"), True),
        (phrase(["thr"], is_prefix=True), True),
        (phrase(["thr"]), False),
    ):
        sql = "SELECT $1::text::tsvector @@ $2::text::tsquery"
        assert await runtime.db.fetchval(sql, written, query) == expected, query


async def test_a_very_long_text_is_cut(runtime: Runtime) -> None:
    written = vector([([f"w{n}" for n in range(6000)], ""), (["same"] * 6000, "")])
    assert await runtime.db.fetchval("SELECT length($1::text::tsvector)", written) == 4000
