import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Crème Brûlée", ["creme", "brulee"]),
        ("Straße, ÆSIR øl Łódź", ["strasse", "aesir", "ol", "lodz"]),
        ("and/or e-mail foo_bar l'école", ["and", "or", "e", "mail", "foo", "bar", "l", "ecole"]),
        ("ΜΆΪΟΣ Ёлка", ["μαιοσ", "елка"]),
        ("日本語 テスト 🎉!", [*"日本語", *"テスト", "🎉"]),
        ("हिन्दी العربية", ["हिन्दी", "العربية"]),
        ("ﬁne ① x²", ["fine", "1", "x2"]),
        ("... -- ''", []),
        ("a" * 500, ["a" * 100]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_any_text_has_words_that_are_their_own(text: str) -> None:
    words = words_of(text)
    assert all(words)
    assert not any(set(word) & set(" :'\\\0_") for word in words)
    assert words_of(" ".join(words)) == words
