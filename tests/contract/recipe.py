"""How a row of the table is called with data in place.

A value is a text or a maker of `things`; makers run once a scene. `each` makes the rows of a list.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.world import Person, Scene
from tests.makers import Api

Maker = Callable[[Scene], Awaitable[Any]]
RowMaker = Callable[[Scene, Person], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """`first` runs before; `private` says that the path names something of the caller's alone."""

    path: dict[str, Any] = field(default_factory=dict)
    query: Any = field(default_factory=dict)
    body: Any = None
    form: Any = None
    upload: bool = False
    each: RowMaker | None = None
    first: Maker | None = None
    by_caller: Callable[[Scene, Api], Awaitable[Any]] | None = None  # with the call's own token
    status: tuple[int, ...] = (200,)
    private: bool = False
    unknown: bool = True  # an unknown id in the path is 404
    rows: int = 5  # enough for three pages of two


def at(**path: Any) -> Recipe:
    """Called with nothing but what stands in its path."""
    return Recipe(path)


def mine(**path: Any) -> Recipe:
    """The same for a thing of the caller's that is hidden from others."""
    return Recipe(path, private=True)


def rows(each: RowMaker, /, **more: Any) -> Recipe:
    """A list that `each` fills."""
    return Recipe(each=each, **more)
