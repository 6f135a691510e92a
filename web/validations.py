"""What is wrong with a form, in the member's own language: Mastodon translates these alone.

The words are those of the pages. Every other message of the API stays English, and so does one that
nobody has put into words.
"""

from web.languages import language_for
from web.pages.refusals import worded
from web.request import Request


async def translated(request: Request, message: str) -> str:
    """The message for who asks; in English it is Mastodon's own."""
    if not message.startswith("Validation failed: ") or await language_for(request) != "nl":
        return message
    return worded("nl", message)
