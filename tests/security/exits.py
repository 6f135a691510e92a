"""Every way out of which a post may come; an exit added later is one line here."""

import re
from collections.abc import Awaitable, Callable

from tests.contract import table
from tests.makers import Api
from web.mastodon.routes import ROUTES
from web.routing import Table
from web.site import SITE

VIEWERS = (
    "stranger",
    "signed-in",
    "follower",
    "former",
    "pending",
    "blocked",
    "mentioned",
    "author",
    "watcher",
)
SEES = {
    "public": set(VIEWERS) - {"blocked"},
    "unlisted": set(VIEWERS) - {"blocked"},
    "private": {"follower", "mentioned", "author"},
    "direct": {"mentioned", "author"},
    "limited": {"follower", "author"},  # was put into the inbox of one follower
    "local only": set(VIEWERS) - {"blocked", "stranger"},
}
# Whether (api, id of the post, id of its author) gets to know of the post.
Exit = Callable[[Api, str, str], Awaitable[bool]]
_TABLE = Table([*ROUTES, *SITE])
_POSTS = re.compile(
    "Status|Context|Search|Notification(?!Policy)|Conversation|Annual|Translation|OEmbed|Report"
)
joined: set[tuple[str, str]] = set()  # method and path, as the routes write it, of all exits here


def _join(method: str, path: str) -> None:
    plain = path.format("1", "1").partition("?")[0]
    place = _TABLE.find(plain)
    assert place, f"{plain} is no address of ours"
    joined.add((method, place.rows[method].path))


def answers(method: str, path: str) -> Exit:
    _join(method, path)

    async def leaks(api: Api, status_id: str, _: str) -> bool:
        answer = await api(method, path.format(status_id))
        assert answer.status_code < 500
        return answer.status_code == 200

    return leaks


def reaches(method: str, path: str, **body: str) -> Exit:
    """Whether a call knows the post, whatever it makes of it."""
    _join(method, path)

    async def leaks(api: Api, status_id: str, _: str) -> bool:
        filled = {name: value.format(status_id) for name, value in body.items()}
        answer = await api(method, path.format(status_id), json=filled)
        return answer.status_code != 404

    return leaks


def leads(path: str) -> Exit:
    """Whether an address knows the post, and leads on to its page."""
    _join("GET", path)

    async def leaks(api: Api, status_id: str, _: str) -> bool:
        answer = await api("GET", path.format(status_id))
        assert answer.status_code in {302, 404}
        return answer.status_code == 302

    return leaks


def names(path: str) -> Exit:
    """Whether a page or document speaks of the post."""
    _join("GET", path)

    async def leaks(api: Api, status_id: str, author_id: str) -> bool:
        answer = await api("GET", path.format(author_id, status_id))
        assert answer.status_code == 200
        return status_id in answer.text

    return leaks


def lists(path: str) -> Exit:
    _join("GET", path)

    async def leaks(api: Api, status_id: str, author_id: str) -> bool:
        answer = await api("GET", path.format(author_id, status_id))
        found = answer.json()
        found = found.get("statuses", []) if isinstance(found, dict) else found
        return answer.status_code == 200 and status_id in [s["id"] for s in found]

    return leaks


async def reported(api: Api, status_id: str, author_id: str) -> bool:
    """Whether a report of the author shows the moderators the post."""
    form = {"account_id": author_id, "status_ids": [status_id]}
    answer = await api("POST", "/api/v1/reports", json=form)
    return answer.status_code == 200 and status_id in answer.json()["status_ids"]


async def in_thread(api: Api, status_id: str, _: str) -> bool:
    answer = await api("GET", f"/ap/contexts/{status_id}?page=true")
    return f"/ap/statuses/{status_id}" in answer.text


async def by_address(api: Api, status_id: str, _: str) -> bool:
    url = f"http://localhost:3000/@author/{status_id}"
    found = await api("GET", "/api/v2/search", params={"q": url})
    return [s["id"] for s in found.json()["statuses"]] == [status_id]


def by_words(text: str) -> Exit:
    async def leaks(api: Api, status_id: str, _: str) -> bool:
        found = await api("GET", "/api/v2/search", params={"q": text, "type": "statuses"})
        assert found.status_code == 200
        return status_id in [s["id"] for s in found.json()["statuses"]]

    return leaks


async def by_tag_name(api: Api, _: str, __: str) -> bool:
    found = await api("GET", "/api/v2/search", params={"q": "secr", "type": "hashtags"})
    return [t["name"] for t in found.json()["hashtags"]] == ["secret"]


async def by_trending_link(api: Api, status_id: str, _: str) -> bool:
    found = await api.get("/api/v1/timelines/link", url="https://trends.example/")
    return status_id in [s["id"] for s in found]


SHOWING: dict[str, Exit] = {
    "status": answers("GET", "/api/v1/statuses/{}"),
    "many": lists("/api/v1/statuses?id[]={1}"),
    "context": answers("GET", "/api/v1/statuses/{}/context"),
    "history": answers("GET", "/api/v1/statuses/{}/history"),
    "favourited_by": answers("GET", "/api/v1/statuses/{}/favourited_by"),
    "reblogged_by": answers("GET", "/api/v1/statuses/{}/reblogged_by"),
    "reactions": answers("GET", "/api/v1/pleroma/statuses/{}/reactions"),
    "reaction": answers("GET", "/api/v1/pleroma/statuses/{}/reactions/%F0%9F%94%A5"),
    "profile": lists("/api/v1/accounts/{0}/statuses"),
    "search": by_address,
}
ACTING: dict[str, Exit] = {
    "source": answers("GET", "/api/v1/statuses/{}/source"),
    "favourite": answers("POST", "/api/v1/statuses/{}/favourite"),
    "bookmark": answers("POST", "/api/v1/statuses/{}/bookmark"),
    "mute": answers("POST", "/api/v1/statuses/{}/mute"),
    "quotes": answers("GET", "/api/v1/statuses/{}/quotes"),
    "answer": reaches("POST", "/api/v1/statuses", status="x", in_reply_to_id="{}"),
    "quote": reaches("POST", "/api/v1/statuses", status="x", quoted_status_id="{}"),
    "unfavourite": reaches("POST", "/api/v1/statuses/{}/unfavourite"),
    "react": answers("PUT", "/api/v1/pleroma/statuses/{}/reactions/%F0%9F%94%A5"),
    "translation": reaches("POST", "/api/v1/statuses/{}/translate", lang="nl"),
    "react as glitch-soc": answers("POST", "/api/v1/statuses/{}/react/%F0%9F%94%A5"),
    "unreact as glitch-soc": answers("POST", "/api/v1/statuses/{}/unreact/%F0%9F%94%A5"),
    "report": reported,
    "unreact": answers("DELETE", "/api/v1/pleroma/statuses/{}/reactions/%F0%9F%94%A5"),
}
PUBLIC_ALONE: dict[str, Exit] = {
    "public": lists("/api/v1/timelines/public"),
    "local": lists("/api/v1/timelines/public?local=true"),
    "bubble": lists("/api/v1/timelines/bubble"),
    "tag": lists("/api/v1/timelines/tag/secret"),
    "link": by_trending_link,
}
PINNED: dict[str, Exit] = {"pinned": lists("/api/v1/accounts/{0}/statuses?pinned=true")}
TRENDING: dict[str, Exit] = {"trends": lists("/api/v1/trends/statuses")}
# Exits for what is the viewer's own or was addressed to the viewer, and for members what authors
# who let themselves be searched say to everybody.
SEARCHING: dict[str, Exit] = {
    "words": by_words("whispers secr"),
    "author": by_words("from:author"),
    "language": by_words("language:en"),
    "in:all": by_words("-nothing in:all"),
}
NAMING: dict[str, Exit] = {"tag name": by_tag_name}
ANYBODY: dict[str, Exit] = {
    "page": answers("GET", "/@author/{}"),
    "embed": answers("GET", "/@author/{}/embed"),
    "boosters": answers("GET", "/@author/{}/reblogs"),
    "favouriters": answers("GET", "/@author/{}/favourites"),
    "oembed": answers("GET", "/api/oembed?url=http://localhost:3000/@author/{}"),
    "object": answers("GET", "/ap/statuses/{}"),
    "activity": answers("GET", "/ap/statuses/{}/activity"),
    "replies": answers("GET", "/ap/statuses/{}/replies"),
    "thread": in_thread,
    "from elsewhere": answers("GET", "/interact?uri=http://localhost:3000/ap/statuses/{}"),
    "old address": leads("/statuses/{}"),
    "address as of others": leads("/@author@localhost:3000/{}"),
    "embed of old": answers("GET", "/api/web/embeds/{}"),
    "featured": names("/ap/users/{}/featured"),
    "profile page": names("/@author"),
    "profile feed": names("/@author.rss"),
    "answers": names("/@author/with_replies"),
    "feed of answers": names("/@author/with_replies.rss"),
    "hashtag of theirs": names("/@author/tagged/secret"),
    "feed of a hashtag of theirs": names("/@author/tagged/secret.rss"),
    "old profile feed": names("/users/author.rss"),
    "outbox": names("/ap/users/{}/outbox?page=true"),
}
FRONT: dict[str, Exit] = {
    "front page": names("/"),
    "tag page": names("/tags/secret"),
    "tag feed": names("/tags/secret.rss"),
}

ALL = SHOWING | PINNED | ACTING | PUBLIC_ALONE | TRENDING | SEARCHING | NAMING | ANYBODY | FRONT
# Where somebody finds again what was theirs to see, and is not any more.
KEPT = (
    "/api/v1/favourites",
    "/api/v1/bookmarks",
    "/api/v1/timelines/home",
    "/api/v1/timelines/list/{0}",
    "/api/v1/notifications",
    "/api/v2/notifications",
    "/api/v1/conversations",
    "/api/v1/timelines/direct",
)
WAITING = ("/api/v1/notifications/requests", "/api/v1/notifications/requests/{0}")
ONE = (  # the same, one by one: a conversation, a notification and its group
    ("POST", "/api/v1/conversations/{conversation}/read"),
    ("POST", "/api/v1/conversations/{conversation}/unread"),
    ("GET", "/api/v1/notifications/{notification}"),
    ("GET", "/api/v2/notifications/{group}"),
)
LOST = ("reblog", "unreblog", "unfavourite", "unbookmark", "unmute")  # calls that then refuse
OWN = (  # calls that are for an author alone
    ("PUT", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("POST", "/pin"),
    ("POST", "/unpin"),
    ("PUT", "/interaction_policy"),
    ("POST", "/quotes/1/revoke"),
)
TEAM = (  # what only moderators are shown
    ("GET", "/api/v1/admin/reports"),
    ("GET", "/api/v1/admin/reports/{0}"),
    ("PUT", "/api/v1/admin/reports/{0}"),
    *(
        ("POST", f"/api/v1/admin/reports/{{0}}/{act}")
        for act in ("assign_to_self", "unassign", "resolve", "reopen")
    ),
    ("GET", "/api/v1/admin/trends/statuses"),
    ("POST", "/api/v1/admin/trends/statuses/{1}/approve"),
    ("POST", "/api/v1/admin/trends/statuses/{1}/reject"),
    ("GET", "/desk/reports/{0}"),
)
for path in (*KEPT, *WAITING):
    _join("GET", path)
for method, path in ONE:
    _join(method, path.format(conversation=1, notification=1, group="x"))
for act in LOST:
    _join("POST", f"/api/v1/statuses/{{}}/{act}")
for method, end in OWN:
    _join(method, f"/api/v1/statuses/{{}}{end}")
for method, path in TEAM:
    _join(method, path)
for method, path in (
    ("GET", "/api/v2/search"),
    ("GET", "/api/v1/timelines/link"),
    ("POST", "/api/v1/reports"),
    ("GET", "/ap/contexts/{}"),
    # Of posts with media alone, which those of the matrix have not: tests/web/pages/test_person.py.
    ("GET", "/@author/media"),
    ("GET", "/@author/media.rss"),
):
    _join(method, path)

# Addresses that may show posts by what they are, with why none comes out there.
_OWN, _PEOPLE = "one's own alone", "people, hashtags and numbers, no posts"
HARMLESS = {
    ("GET", "/api/v1/annual_reports"): _OWN,
    ("GET", "/api/v1/annual_reports/{year}"): _OWN,
    ("GET", "/api/v1/scheduled_statuses"): _OWN,
    ("GET", "/api/v1/scheduled_statuses/{id}"): _OWN,
    ("PUT", "/api/v1/scheduled_statuses/{id}"): _OWN,
    ("GET", "/api/v1/wandelgang/statuses_cleanup_policy"): _OWN,
    ("PUT", "/api/v1/wandelgang/statuses_cleanup_policy"): _OWN,
    ("PUT", "/api/v1/profile"): _OWN,
    ("PUT", "/api/v1/collections/{id}"): _OWN,
    ("PUT", "/api/v1/notifications/policy"): _OWN,
    ("PUT", "/api/v2/notifications/policy"): _OWN,
    ("GET", "/api/v1/interaction_requests"): "what others ask of one's own posts",
    ("GET", "/api/v1/interaction_requests/{id}"): "what others ask of one's own posts",
    ("POST", "/api/v1/interaction_requests/{id}/authorize"): "what others ask of one's own posts",
    ("POST", "/api/v1/interaction_requests/{id}/reject"): "what others ask of one's own posts",
    ("POST", "/api/v2/filters/{id}/statuses"): "numbers that the member gave",
    ("GET", "/api/v2/filters/{id}/statuses"): "numbers that the member gave",
    ("GET", "/api/v2/filters/statuses/{id}"): "numbers that the member gave",
    ("GET", "/ap/authorizations/{id}"): "addresses, to whom may see the post",
    ("GET", "/ap/quote_authorizations/{id}"): "addresses, to whom may see the post",
    ("POST", "/interact"): "leads to the visitor's own server",
    ("GET", "/mail/posts/{username}"): "a form that asks for mails",
    ("POST", "/mail/posts/{username}"): "a form that asks for mails",
    ("GET", "/decisions"): _PEOPLE,
    ("GET", "/directory"): _PEOPLE,
    ("GET", "/@{username}/featured"): _PEOPLE,
    ("GET", "/@{username}/followers"): _PEOPLE,
    ("GET", "/@{username}/following"): _PEOPLE,
    ("GET", "/@{username}@{domain}"): _PEOPLE,
    ("GET", "/@{username}@{domain}/{part}/{rest:path}"): _PEOPLE,
    ("GET", "/collections/{id}"): _PEOPLE,
    ("GET", "/ap/users/{id}"): _PEOPLE,
    ("GET", "/ap/users/{id}/followers"): _PEOPLE,
    ("GET", "/ap/users/{id}/followers_synchronization"): _PEOPLE,
    ("GET", "/ap/users/{id}/following"): _PEOPLE,
    ("GET", "/ap/users/{id}/tags"): _PEOPLE,
    ("GET", "/ap/users/{id}/featured_collections"): _PEOPLE,
    ("GET", "/ap/users/{id}/collections/{number}"): _PEOPLE,
    ("GET", "/ap/users/{id}/collection_items/{number}"): _PEOPLE,
    ("GET", "/ap/users/{id}/feature_authorizations/{number}"): _PEOPLE,
}


def may_show_posts() -> set[tuple[str, str]]:
    """Addresses at which a post could come out: pages and documents, and of the API what answers
    with such an entity or what Mastodon does not know.
    """
    returns = {(row.method, table.shape(row.path)): row.returns for row in table.read_table()}
    return {
        (row.method, row.path)
        for row in [*ROUTES, *SITE]
        if row.access.kind in {"page", "object"}
        or (
            row.path.startswith("/api/")
            and _POSTS.search(returns.get((row.method, table.shape(row.path)), "Status"))
        )
    }
