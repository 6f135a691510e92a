"""Every page of the instance with something on it: where it is, and who sees it there."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from server.actions.announce import Draft as Announced
from server.actions.announce import add_announcement
from server.actions.collections import CollectionChange, create_collection
from server.actions.custom_emojis import add_emoji
from server.actions.filters import FilterChange, create_filter
from server.actions.inbound_rules import add_rule
from server.actions.report import report_account
from server.identity import invites, oauth
from server.identity.sign_up import Entry, sign_up
from server.mail.subscription import subscription_link
from server.mail.unsubscribe import unsubscribe_url
from server.moderation import barriers
from server.moderation.act import Act, act
from server.runtime import Runtime
from server.store import (
    block_lists,
    domain_rules,
    email_subscriptions,
    endorsements,
    featured_tags,
    follows,
    instance_texts,
    relays,
    reports,
    rules,
    severances,
    tags,
    users,
    warning_presets,
)
from server.store.accounts import Account
from server.store.domain_rules import NewRule
from server.store.filters import KeywordChange
from server.store.ip_blocks import NewIpBlock
from server.transfer.imports import begin_import
from tests.forms import PASSWORD
from tests.makers import make_member, make_remote, make_status, take
from tests.web.mastodon.test_custom_emojis import picture
from web.pages.detours import DETOURS

# What is no page: files and feeds, documents for machines, what leads elsewhere at once.
NO_PAGES = {
    "/health", "/robots.txt", "/statuses/{id}",
    "/settings", "/settings/exports/{name}", "/settings/export/archives/{id}",
    "/settings/imports/{id}/failures.csv", "/severed_relationships/{id}/following.csv",
    "/severed_relationships/{id}/followers.csv", "/tags/{name}.rss", "/@{username}.rss",
    "/@{username}/with_replies.rss", "/@{username}/media.rss", "/@{username}/tagged/{tag}.rss",
    "/users/{username}.rss", "/media/{name:path}", "/media_proxy/{key}",
    "/media_proxy/{key}/{name}", "/media_proxy/{key}/{name}/still", "/oauth/userinfo",
    "/.well-known/oauth-authorization-server", *DETOURS,
}  # fmt: skip


def is_page(path: str) -> bool:
    """Whether people look at what stands there."""
    is_machine = path.startswith(("/ap/", "/.well-known/", "/nodeinfo/"))
    return path not in NO_PAGES and not is_machine


@dataclass(frozen=True)
class Visit:
    """`row` is the path in the table of rows, `who` is signed in there ("" for nobody)."""

    row: str
    path: str
    who: str = ""
    status: int = 200


async def furnish(runtime: Runtime) -> list[Visit]:
    """Members olga (who owns it), anna and nora (who has yet to confirm), and all pages."""
    olga = await make_member(runtime, "olga", role="owner", password=PASSWORD)
    anna = await make_member(runtime, "anna", password=PASSWORD)
    entry = Entry(
        "nora", "nora@example.org", PASSWORD, "nl", agreement=True, reason="Ik werk hier."
    )
    await sign_up(runtime, entry)
    await _texts(runtime)
    values = await _things(runtime, olga, anna)
    return [
        Visit(row, path.format_map(values), who) for who, rows in _PLACES.items()
        for row, path in _spelt(rows)
    ] + _REFUSED  # fmt: skip


def _spelt(rows: dict[str, str]) -> list[tuple[str, str]]:
    """A row and the address at which it is visited, which is its own path where none is given."""
    return [(row, path or row) for row, path in rows.items()]


_PLACES: dict[str, dict[str, str]] = {
    "": dict.fromkeys((
        "/", "/about", "/directory", "/privacy-policy", "/terms-of-service", "/decisions",
        "/auth/sign_in", "/auth/sign_up", "/auth/password/new", "/settings/delete/done",
    ), "") | {
        "/terms-of-service/{date}": "/terms-of-service/2026-01-31",
        "/invite/{code}": "{invite}", "/@{username}": "/@anna",
        "/@{username}/with_replies": "/@anna/with_replies",
        "/@{username}/media": "/@anna/media", "/@{username}/featured": "/@anna/featured",
        "/@{username}/followers": "/@olga/followers",
        "/@{username}/following": "/@anna/following",
        "/@{username}/tagged/{tag}": "/@anna/tagged/soil",
        "/@{username}/{id}": "/@anna/{post}", "/@{username}/{id}/embed": "/@anna/{post}/embed",
        "/@{username}/{id}/reblogs": "/@anna/{post}/reblogs",
        "/@{username}/{id}/favourites": "/@anna/{post}/favourites",
        "/tags/{name}": "/tags/soil", "/collections/{id}": "/collections/{collection}",
        "/@{username}@{domain}": "/@remy@far.example",
        "/@{username}@{domain}/{id}": "/@remy@far.example/media",
        "/@{username}@{domain}/{part}/{rest:path}": "/@remy@far.example/tagged/soil",
        "/interact": "/interact?uri={post_uri}", "/mail/posts/{username}": "/mail/posts/olga",
        "/mail/subscription": "{subscription}", "/mail/unsubscribe": "{unsubscribe}",
    },
    "anna": dict.fromkeys((
        "/settings/profile", "/settings/preferences", "/settings/account", "/settings/security",
        "/settings/security/app", "/settings/apps", "/settings/invites", "/settings/mail",
        "/settings/relationships", "/settings/filters", "/settings/hashtags", "/settings/domains",
        "/settings/languages",
        "/settings/automatic-deletion",
        "/settings/export", "/settings/imports",
        "/settings/migration", "/settings/aliases", "/settings/delete", "/severed_relationships",
        "/disputes/strikes",
    ), "") | {
        "/oauth/authorize": "/oauth/authorize?{app}", "/share": "/share?text=hello",
        "/oauth/authorize/native": "/oauth/authorize/native?code=abc",
        "/authorize_interaction": "/authorize_interaction?uri={post_uri}",
        "/disputes/strikes/{id}": "/disputes/strikes/{strike}",
        "/settings/imports/{id}": "/settings/imports/{import_id}",
        "/settings/filters/{id}": "/settings/filters/{filter}",
    },
    "olga": dict.fromkeys((
        "/desk", "/desk/accounts", "/desk/presets", "/desk/log", "/desk/block-lists",
        "/desk/announcements", "/desk/rules", "/desk/texts", "/desk/texts/terms",
        "/desk/roles", "/desk/emojis", "/desk/emojis/others", "/desk/servers",
        "/desk/servers/allowed", "/desk/barriers", "/desk/trends",
        "/desk/invites", "/desk/strangers", "/desk/relays",
    ), "") | {
        "/desk/texts/terms/mail": "/desk/texts/terms/mail?day=2026-01-31",
        "/desk/servers/{id}": "/desk/servers/{server}",
        "/desk/trends/tags/{id}": "/desk/trends/tags/{tag}",
        "/desk/rules/{id}": "/desk/rules/{rule}", "/desk/roles/{id}": "/desk/roles/1",
        "/desk/texts/{kind}/{language}": "/desk/texts/privacy_policy/nl",
        "/desk/announcements/{id}": "/desk/announcements/{announcement}",
        "/desk/reports/{id}": "/desk/reports/{report}",
        "/desk/accounts/{id}": "/desk/accounts/{anna}",
    },
    "nora": {"/auth/setup": ""},
}  # fmt: skip
# Pages that refuse, and rows whose page needs a step before it (the test takes these).
_REFUSED = [
    Visit("", "/nothing", status=404),
    Visit("", "/oauth/authorize?client_id=x", status=400),
    Visit("/auth/confirmation", "/auth/confirmation", status=410),
    Visit("/auth/password/edit", "/auth/password/edit", status=410),
    Visit("", "/desk", "anna", 403),
    Visit("", "/desk/barriers?list=domains", "olga"),
    Visit("", "/desk/barriers?list=addresses", "olga"),
    Visit("", "/desk/trends?list=posts", "olga"),
    Visit("", "/desk/trends?list=links", "olga"),
    Visit("", "/desk/trends?list=sites", "olga"),
    Visit("", "/desk/roles/everyone", "olga"),
    Visit("", "/desk/roles/3", "olga"),
    Visit("", "/settings/relationships?list=following", "anna"),
]
STEPS = {"/auth/first_owner", "/auth/second_factor"}


async def _texts(runtime: Runtime) -> None:
    await rules.insert_rule(
        runtime.db, "Be kind.", "Also when it is hard.", {"nl": {"text": "Aardig"}}
    )
    await instance_texts.put_terms(runtime.db, date(2026, 1, 31), "en", "# Terms\n\nBe there.")
    await warning_presets.insert_preset(runtime.db, "Tone", "Please mind your tone.")
    await domain_rules.put_rule(
        runtime.db, "rude.example", NewRule("suspend", public_comment="rude")
    )
    await add_emoji(runtime, "blob", picture(), "Blobs")
    await domain_rules.allow(runtime.db, "friend.example")
    await barriers.block_ip(
        runtime, None, NewIpBlock(barriers.read_network("192.0.2.0/24"), "sign_up_block", "spam")
    )
    await add_rule(runtime, None, "keyword", "casino", "hold")
    await relays.put_relay(
        runtime.db,
        "https://relay.example/inbox",
        "mastodon",
        "https://relay.example/inbox",
        None,
        "x",
    )
    list_id = await block_lists.insert_list(runtime.db, "https://lists.example/all.csv")
    await block_lists.put_changes(
        runtime.db, list_id, [block_lists.Change("ill.example", "block", NewRule("suspend"))]
    )


async def _things(runtime: Runtime, olga: Account, anna: Account) -> dict[str, Any]:
    """Values for the addresses."""
    db = runtime.db
    post = await make_status(
        runtime, anna, "Water stands high. #soil https://site.example/long/way"
    )
    await make_status(runtime, anna, "behind a word", spoiler_text="a film", language="en")
    await make_status(runtime, olga, "look", quoted_id=post)
    remy = await make_remote(runtime)
    await follows.insert_follow(db, anna.id, remy.id, None)
    await take(runtime, "Create", remy, _note_with_emoji(remy))
    await severances.insert_severances(
        db,
        "account_suspension",
        "remy@far.example",
        account_id=remy.id,
        domain=None,
        member_id=None,
    )
    await invites.invite(runtime, olga.id, "for the team", 5, 86400, autofollow=False)
    [link] = await invites.list_links(runtime, olga.id)
    report = await report_account(
        runtime, olga.id, reports.NewReport(anna.id, "see here", "spam", [post], [], [])
    )
    await act(runtime, olga.id, Act(anna.id, "none", "Mind your words.", status_ids=[post]))
    words = [KeywordChange(None, "rain", whole_word=True, destroy=False)]
    rain = await create_filter(
        runtime, anna.id, FilterChange(title="Rain", contexts=["home"], keywords=words)
    )
    change = CollectionChange(name="Colleagues", description="Whom to follow", discoverable=True)
    collection = await create_collection(runtime, anna.id, change, [olga.id])
    await follows.insert_follow(db, anna.id, olga.id, None)
    await endorsements.insert_endorsement(db, anna.id, olga.id)
    await featured_tags.insert_featured(db, anna.id, "soil")
    await users.update_preferences(db, olga.id, email_subscriptions=True)
    app, _ = await oauth.register_app(runtime, "Pilot", ["pilot://done"], "read write", None)
    subscription = await email_subscriptions.put(db, olga.id, "fan@example.org", "en")
    assert subscription
    origin = runtime.settings.origin
    return {
        "tag": await tags.find_id(db, "soil"),
        "server": await db.fetchval("SELECT id FROM domain_rules"),
        "rule": await db.fetchval("SELECT id FROM rules"),
        "announcement": await add_announcement(runtime, olga.id, Announced("Tea at four #soil")),
        "anna": anna.id, "filter": rain.id, "post": post, "report": report.id,
        "collection": collection.id,
        "post_uri": quote(runtime.addresses.status_uri(post), safe=""),
        "strike": await db.fetchval("SELECT id FROM strikes"),
        "import_id": await begin_import(
            runtime, anna.id, "following", "f.csv", b"Account address\no@x.example\n",
            overwrite=False,
        ),
        "invite": link.url.removeprefix(origin),
        "subscription": subscription_link(runtime, subscription, "confirm").removeprefix(origin),
        "unsubscribe": unsubscribe_url(runtime, anna.id, "mention").removeprefix(origin),
        "app": f"response_type=code&redirect_uri=pilot://done&client_id={app.client_id}",
    }  # fmt: skip


def _note_with_emoji(author: Account) -> dict[str, Any]:
    """A public post of another server."""
    uri, url = f"{author.uri}/1", "https://far.example/wave.png"
    emoji = {"type": "Emoji", "id": url, "name": ":wave:", "icon": {"type": "Image", "url": url}}
    return {
        "id": uri, "type": "Note", "attributedTo": author.uri, "content": "<p>:wave:</p>",
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "published": "2026-01-01T00:00:00Z",
        "tag": [emoji],
    }  # fmt: skip
