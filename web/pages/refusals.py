"""What the server refuses, told in the reader's language: its own messages are English."""

import re

from server.errors import Invalid, ServerError
from web.pages.rendering import language_of, texts_in, texts_of
from web.request import Request

_NUMBER = re.compile(r"\d+")


def told(request: Request, error: ServerError) -> str:
    """The reason for a page: of a form's fields by name, of all else by the message."""
    texts = texts_of(request)
    found = problems(error) if isinstance(error, Invalid) else []
    pairs = [(texts.get(f"sign_up.{name}"), texts.get(f"problem.{code}")) for name, code in found]
    if pairs and all(map(all, pairs)):
        return " ".join(f"{name}: {problem}" for name, problem in pairs)
    return said(request, error.message)


def said(request: Request, message: str) -> str:
    """A message in the reader's words."""
    return worded(language_of(request), message)


def worded(language: str, message: str) -> str:
    """A message in words of a language; one that nobody has put into words stays as it is."""
    text = texts_in(language).get(f"said.{_NUMBER.sub('{n}', message)}", message)
    number = _NUMBER.search(message)
    return text.replace("{n}", number[0]) if number else text


def problems(error: Invalid) -> list[tuple[str, str]]:
    """Name of the field and code of each problem: the texts are the locales'."""
    return [(name, code) for name, found in error.fields.items() for code, _ in found]
