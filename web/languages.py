"""Dutch or English, as the API speaks to who asks."""

from server.store import users
from web.pages.rendering import LANGUAGES, language_of
from web.request import Request


async def language_for(request: Request) -> str:
    """As Mastodon finds it: `lang`, else what the member chose, else what the app accepts.

    Whoever joined through an app may have chosen one that is not spoken here.
    """
    if request.viewer_id and "lang" not in request.query_params:
        user = await users.find_user(request.runtime.db, request.viewer_id)
        if user and user.locale[:2] in LANGUAGES:
            return user.locale[:2]
    return language_of(request)
