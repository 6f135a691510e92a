"""What a check found: whether it is well, said in a sentence, with what to do if it is not."""

from dataclasses import dataclass
from typing import Any

from server.cli.dutch import DUTCH


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with places for values; English is its key in the table of translations."""

    english: str
    values: dict[str, Any]

    def say(self, language: str) -> str:
        """The sentence in `nl`, or else in English."""
        template = DUTCH[self.english] if language == "nl" else self.english
        return template.format(**self.values)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor."""

    is_well: bool
    what: Text
    advice: Text | None = None


def well(english: str, **values: Any) -> Finding:
    """It is as it should be."""
    return Finding(True, Text(english, values))


def ill(english: str, advice: str, **values: Any) -> Finding:
    """It is not, and this helps; both sentences take the same values."""
    return Finding(False, Text(english, values), Text(advice, values))
