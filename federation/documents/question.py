"""Question: a poll, as Mastodon and its relatives write it.

https://docs.joinmastodon.org/spec/activitypub/#Question
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.documents import reading
from federation.documents.reading import Document
from federation.documents.times import written

_MOST_OPTIONS = 20
_LONGEST_OPTION = 500
_HIGHEST_COUNT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Question:
    """The choices and their counts; `voters_count` is None where it is not told."""

    options: Sequence[str]
    votes: Sequence[int]
    multiple: bool
    end: datetime | None
    voters_count: int | None


def read_question(document: Document) -> Question | None:
    """The poll of a document; None without choices."""
    any_of = reading.as_list(document.get("anyOf"))
    choices = any_of or reading.as_list(document.get("oneOf"))
    found = [
        (name[:_LONGEST_OPTION], _count(choice.get("replies")))
        for choice in choices[:_MOST_OPTIONS]
        if isinstance(choice, dict) and (name := reading.string(choice.get("name")))
    ]
    if not found:
        return None
    ends = (reading.time(document.get("endTime")), reading.time(document.get("closed")))
    return Question(
        options=[name for name, _ in found],
        votes=[votes for _, votes in found],
        multiple=bool(any_of),
        end=next((end for end in ends if end), None),
        voters_count=_number(document.get("votersCount")),
    )


def build_question(question: Question, closed: datetime | None) -> Document:
    """The properties that make a Note a Question."""
    choices = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}
        for name, votes in zip(question.options, question.votes, strict=True)
    ]
    document: Document = {"type": "Question", "anyOf" if question.multiple else "oneOf": choices}
    if question.end:
        document["endTime"] = written(question.end, "seconds")
    if closed:
        document["closed"] = written(closed, "seconds")
    if question.voters_count is not None:
        document["votersCount"] = question.voters_count
    return document


def _count(replies: object) -> int:
    return (_number(replies.get("totalItems")) or 0) if isinstance(replies, dict) else 0


def _number(value: object) -> int | None:
    """A count that somebody else claims: never negative, never absurd."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return min(max(value, 0), _HIGHEST_COUNT)
