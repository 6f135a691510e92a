"""What is wrong with a form, in the member's own language: Mastodon translates these alone.

Every other message of the API stays English, and so does one that nobody has translated.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from server.store import users
from web.pages.rendering import language_of
from web.request import Request

_FILE = Path(__file__).parent / "locales" / "validations.nl.toml"
_ENGLISH, _DUTCH = "Validation failed: ", "Dat kan niet: "
_NUMBER = re.compile(r"\d+")


async def translated(request: Request, message: str) -> str:
    """The message for who asks."""
    if not message.startswith(_ENGLISH) or await _language(request) != "nl":
        return message
    text = _texts().get(_NUMBER.sub("{n}", message.removeprefix(_ENGLISH)))
    if text is None:
        return message
    number = _NUMBER.search(message)
    return _DUTCH + (text.replace("{n}", number[0]) if number else text)


async def _language(request: Request) -> str:
    """As Mastodon finds it: `lang`, else what the member chose, else what the app accepts."""
    if request.viewer_id and "lang" not in request.query_params:
        user = await users.find_user(request.runtime.db, request.viewer_id)
        if user:
            return user.locale
    return language_of(request)


@cache
def _texts() -> dict[str, str]:
    return tomllib.loads(_FILE.read_text("utf-8"))
