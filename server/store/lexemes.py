"""PostgreSQL's text search in its written form, made here so that no parser of its own has a say.

https://www.postgresql.org/docs/current/datatype-textsearch.html
"""

from collections.abc import Iterable, Sequence

_MOST_WORDS = 4000
_MOST_POSITIONS = 64  # of one word; PostgreSQL keeps 255
_GAP = 16  # between two texts: no phrase runs from one into the next


def vector(texts: Iterable[tuple[Sequence[str], str]], marks: Iterable[str] = ()) -> str:
    """A tsvector of texts, each as (words, weight A to D), and of marks without a place."""
    places: dict[str, list[str]] = {}
    position = 0
    for words, weight in texts:
        for word in words:
            position += 1
            if position > _MOST_WORDS:
                break
            found = places.setdefault(word, [])
            if len(found) < _MOST_POSITIONS:
                found.append(f"{position}{weight}")
        position += _GAP
    entries = [f"{quoted(word)}:{','.join(found)}" for word, found in places.items()]
    return " ".join([*entries, *map(quoted, marks)])


def phrase(words: Sequence[str], *, is_prefix: bool = False, weights: str = "") -> str:
    """A tsquery for words in a row; the last one may go on; weights like `AB` narrow it."""
    label = f":{weights}" if weights else ""
    last = f":*{weights}" if is_prefix else label
    parts = [quoted(word) + label for word in words[:-1]] + [quoted(words[-1]) + last]
    return f"({' <-> '.join(parts)})"


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it back."""
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
