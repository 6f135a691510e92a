"""Forms of pages, which are read only if they were made for this browser's session."""

from typing import TypeVar

import msgspec

from web.pages import sessions
from web.params import read_params
from web.request import Request


class PageForm(msgspec.Struct):
    """What every form of a member carries; a mere button has nothing else."""

    csrf: str = ""


F = TypeVar("F", bound=PageForm)


async def read_form(request: Request, kind: type[F]) -> F:
    """What a form says. Raises Forbidden for one that another site sends in a member's name, and
    Invalid (400) as `read_params` does.
    """
    form = await read_params(request, kind)
    sessions.check_csrf(request, form.csrf)
    return form
