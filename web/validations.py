"""What is wrong with a form, in the member's own language: Mastodon translates these alone.

The words are those of the pages. Every other message of the API stays English, and so does one that
nobody has put into words.
"""

from server.store import users
from web.pages.refusals import worded
from web.pages.rendering import language_of
from web.request import Request


async def translated(request: Request, message: str) -> str:
    """The message for who asks; in English it is Mastodon's own."""
    if not message.startswith("Validation failed: ") or await _language(request) != "nl":
        return message
    return worded("nl", message)


async def _language(request: Request) -> str:
    """As Mastodon finds it: `lang`, else what the member chose, else what the app accepts."""
    if request.viewer_id and "lang" not in request.query_params:
        user = await users.find_user(request.runtime.db, request.viewer_id)
        if user:
            return user.locale
    return language_of(request)
