"""Lines of the log and of lists: each thing has one, whatever others have written into it.

Paths of requests and texts of other servers stand in it: ends of lines in them would be lines of
their own, and some characters are orders to the terminal that shows them.
"""

import logging
import re
from typing import Any

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Controls but tabs, what turns the direction of writing, and halves of characters.
_ODD = re.compile(
    "[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class LineFormatter(logging.Formatter):
    """Shows odd characters as Python writes them; what goes on over several lines is indented."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """One line."""
        record.message = one_line(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """A traceback, of which no line could be another one's beginning."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"  {one_line(line)}" for line in lines)


def one_line(text: str) -> str:
    """A text that a terminal shows as it is, with odd characters escaped; tabs stay."""
    if text.isprintable():
        return text
    return _ODD.sub(lambda odd: odd[0].encode("unicode_escape").decode(), text)
