"""What a text is searched by: its words, folded so that what people type finds them.

`Crème Brûlée` is `creme brulee`. Scripts that set no spaces (Han, kana, Thai…) and emoji give a
word for each character; who looks for several in a row looks for a phrase.
"""

import re
import unicodedata

_LONGEST_WORD = 100
_ACCENTS = re.compile("[\u0300-\u036f]")
# Letters that are no base with an accent, and those that people leave out.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t"}
    | {"ħ": "h", "ĸ": "k", "·": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u00ad": ""}
    | {"'": " ", "’": " ", "\ufe0f": ""}
)
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u3096\u309d-\u30fa\u30fc-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u2600-\u27bf\U0001f300-\U0001faff"
)
# Vowel signs and the like belong to their word although they are no letters.
_SIGNS = "".join(
    char
    for char in map(chr, range(0x370, 0x2000))
    if unicodedata.category(char) in {"Mn", "Mc"} and not re.match(f"[{_SINGLE}]", char)
)
_LETTER = f"[^\\W_{_SINGLE}]"
_WORD = re.compile(f"{_LETTER}+(?:[{_SIGNS}]+{_LETTER}*)*|[{_SINGLE}]")

_ASCII_WORD = re.compile("[a-z0-9]+")  # the same of most texts, ten times as fast


def words_of(text: str) -> list[str]:
    """The words of a text in order, each at most 100 characters."""
    folded = fold(text)
    pattern = _ASCII_WORD if folded.isascii() else _WORD
    return [word[:_LONGEST_WORD] for word in pattern.findall(folded)]


def fold(text: str) -> str:
    """Lower case, without accents, in one form of all that looks the same."""
    if text.isascii():
        return text.lower().replace("'", " ")
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", bare.translate(_LETTERS))
