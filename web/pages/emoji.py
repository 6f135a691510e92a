"""Custom emoji in what people wrote: shortcodes become the pictures that stand for them."""

import re

from markupsafe import Markup

from server.addresses import Addresses
from web.entities.account import emoji_entities

# A tag with its attributes, in which nothing is replaced, or a shortcode.
_PIECE = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>|:([A-Za-z0-9_]{2,}):""")
_PICTURE = Markup(
    '<img class="emoji" src="{url}" alt=":{shortcode}:" title=":{shortcode}:"'
    ' width="20" height="20" loading="lazy">'
)


def with_emoji(
    html: Markup, emojis: list[dict[str, str]], uri: str, addresses: Addresses
) -> Markup:
    """The same HTML with still pictures; `emojis` and `uri` are the account's or the post's."""
    if not emojis:
        return html
    known = {one["shortcode"]: one["static_url"] for one in emoji_entities(emojis, uri, addresses)}

    def shown(found: re.Match[str]) -> str:
        shortcode = found[1]
        if shortcode not in known:
            return found[0]
        return _PICTURE.format(url=known[shortcode], shortcode=shortcode)

    return Markup(_PIECE.sub(shown, html))  # noqa: S704 - it was markup before
