"""Where our own things stand. What cannot be changed later: an id is a numeric path and never
holds a name; the address for people (`url`) holds the name and changes with it.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from urllib.parse import quote

from server.settings import Settings

_AFTER_HOST = re.compile("[/?#]")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes every address of this instance; `domain` is that of its handles, `picture_key` signs
    which pictures of others we show.
    """

    origin: str
    domain: str
    media_base: str
    picture_key: bytes
    mails_posts: bool = False  # whether anybody may follow our members by mail

    def is_own_domain(self, domain: str) -> bool:
        """Whether a handle with that domain is one of ours: the host of the origin is, too."""
        return domain.lower() in {self.domain, self.origin.partition("://")[2]}

    def account_uri(self, account_id: int) -> str:
        """Id of an account's actor."""
        return f"{self.origin}/ap/users/{account_id}"

    def key_uri(self, account_id: int) -> str:
        """Id of an actor's main key."""
        return f"{self.account_uri(account_id)}#main-key"

    def inbox(self, account_id: int) -> str:
        """Inbox of one actor."""
        return f"{self.account_uri(account_id)}/inbox"

    @property
    def interaction_url(self) -> str:
        """Page on which a member does something with what was found elsewhere."""
        return f"{self.origin}/authorize_interaction"

    @property
    def share_url(self) -> str:
        """Page on which a member writes a post that begins with somebody's text."""
        return f"{self.origin}/share"

    @property
    def shared_inbox(self) -> str:
        """Inbox of all our actors."""
        return f"{self.origin}/ap/inbox"

    def collection(self, account_id: int, name: str) -> str:
        """An actor's outbox, followers, following or featured."""
        return f"{self.account_uri(account_id)}/{name}"

    def followers_part(self, account_id: int) -> str:
        """Where a server reads which of an account's followers are its own (FEP-8fcf)."""
        return f"{self.account_uri(account_id)}/followers_synchronization"

    def status_uri(self, status_id: int) -> str:
        """Id of a status (or, for a boost, of its Announce)."""
        return f"{self.origin}/ap/statuses/{status_id}"

    def context(self, thread_id: int) -> str:
        """Collection of a thread that began here."""
        return f"{self.origin}/ap/contexts/{thread_id}"

    def quote_stamp(self, status_id: int) -> str:
        """Where an author of ours agrees to being quoted by that status."""
        return f"{self.origin}/ap/quote_authorizations/{status_id}"

    def stamp(self, request_id: int) -> str:
        """Where an author of ours agrees to an answer, a favourite or a boost."""
        return f"{self.origin}/ap/authorizations/{request_id}"

    def account_url(self, username: str) -> str:
        """Profile page."""
        return f"{self.origin}/@{username}"

    def subscription_url(self, username: str) -> str:
        """Page on which whoever has no account follows a member by mail."""
        return f"{self.origin}/mail/posts/{username}"

    def status_url(self, username: str, status_id: int) -> str:
        """Page of a status."""
        return f"{self.origin}/@{username}/{status_id}"

    def collection_uri(self, account_id: int, collection_id: int) -> str:
        """Id of a collection of accounts."""
        return f"{self.account_uri(account_id)}/collections/{collection_id}"

    def collection_url(self, collection_id: int) -> str:
        """Page of a collection."""
        return f"{self.origin}/collections/{collection_id}"

    def collection_item(self, account_id: int, item_id: int) -> str:
        """Id of somebody's place in a collection of a member's."""
        return f"{self.account_uri(account_id)}/collection_items/{item_id}"

    def feature_request(self, account_id: int, item_id: int) -> str:
        """Id of the request that belongs to such a place."""
        return f"{self.account_uri(account_id)}/feature_requests/{item_id}"

    def feature_requested(self, uri: str) -> int | None:
        """The item whose request has that id."""
        found = re.fullmatch(
            rf"{re.escape(self.origin)}/ap/users/\d{{1,19}}/feature_requests/(\d{{1,18}})", uri
        )
        return int(found[1]) if found else None

    def feature_stamp(self, account_id: int, item_id: int) -> str:
        """Where a member agrees to stand in a collection."""
        return f"{self.account_uri(account_id)}/feature_authorizations/{item_id}"

    def collections_in(self, html: str) -> list[int]:
        """Ids of the collections to which a post links, by page or by id, each once."""
        links = rf'href="{re.escape(self.origin)}/(?:ap/users/\d+/)?collections/(\d{{1,18}})"'
        return list(dict.fromkeys(int(number) for number in re.findall(links, html)))

    def tag_url(self, name: str) -> str:
        """Page of a hashtag."""
        return f"{self.origin}/tags/{quote(name)}"

    def emoji_uri(self, shortcode: str) -> str:
        """Id of one of our custom emoji."""
        return f"{self.origin}/ap/emojis/{shortcode}"

    def remote_media(self, key: str) -> str:
        """A file of somebody else's, at our own address."""
        return f"{self.origin}/media_proxy/{key}"

    def remote_picture(self, url: str, host: str, *, still: bool = False) -> str:
        """A picture or emoji that somebody of that host shows, at our own address; of `still` ones
        the first frame alone. It is signed: nobody makes us fetch what no page here shows.
        """
        is_own = _AFTER_HOST.split(url.partition("://")[2], 1)[0] == host  # of odd ones as well
        name = base64.urlsafe_b64encode(url.encode()).rstrip(b"=").decode()
        end = "/still" if still else ""
        return f"{self.origin}/media_proxy/{self._picture_key(url, is_own=is_own)}/{name}{end}"

    def read_remote_picture(self, key: str, name: str) -> tuple[str, bool] | None:
        """The url behind `/media_proxy/KEY/NAME` and whether its host is the author's own; None for
        what we did not sign.
        """
        try:
            url = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
        except ValueError:
            return None
        for is_own in (True, False):
            if hmac.compare_digest(self._picture_key(url, is_own=is_own).encode(), key.encode()):
                return url, is_own
        return None

    def _picture_key(self, url: str, *, is_own: bool) -> str:
        text = f"{'own' if is_own else 'any'} {url}"
        return hmac.digest(self.picture_key, text.encode(), "sha256")[:16].hex()

    def media(self, file: str) -> str:
        """Public address of a stored file."""
        return f"{self.media_base}/{file}"

    def static(self, name: str) -> str:
        """A file that ships with the program."""
        return f"{self.origin}/static/{name}"


def addresses_of(settings: Settings, picture_key: bytes) -> Addresses:
    """The addresses that the settings lead to."""
    mails_posts = settings.email_subscriptions and bool(settings.smtp_url)
    return Addresses(
        settings.origin, settings.domain, settings.media_base_url, picture_key, mails_posts
    )
