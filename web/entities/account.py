"""Account, CredentialAccount and what hangs on them."""

from typing import Any
from urllib.parse import urlsplit

from server.addresses import Addresses
from server.store.account_views import AccountView
from server.store.accounts import Account
from server.store.collections import MOST_COLLECTIONS
from server.store.roles import EVERYONE, Role
from server.store.users import Preferences
from web.entities.values import day, timestamp

Entity = dict[str, Any]


def account_entity(view: AccountView, addresses: Addresses) -> Entity:
    """Mastodon's Account; of a suspended one only the name is left."""
    account = view.account
    is_suspended = account.suspended_at is not None
    entity: Entity = {
        "id": str(account.id),
        "username": account.username,
        "acct": account.acct,
        "display_name": "" if is_suspended else account.display_name,
        "locked": account.locked and not is_suspended,
        "bot": account.bot and not is_suspended,
        "discoverable": account.discoverable and not is_suspended,
        "indexable": account.indexable and not is_suspended,
        "group": account.actor_type == "Group",
        "created_at": timestamp(
            account.created_at.replace(hour=0, minute=0, second=0, microsecond=0)
        ),
        "note": "" if is_suspended else account.note,
        "url": page_url(account, addresses),
        "uri": account.uri,
        "avatar": avatar_url(account, addresses),
        "avatar_static": avatar_url(account, addresses, still=True),
        "avatar_description": account.avatar_description,
        "header": header_url(account, addresses),
        "header_static": header_url(account, addresses, still=True),
        "header_description": account.header_description,
        "followers_count": view.followers_count,
        "following_count": view.following_count,
        "statuses_count": view.statuses_count,
        "last_status_at": day(view.last_status_at),
        "hide_collections": account.hide_collections,
        "noindex": not account.indexable,
        "emojis": [] if is_suspended else emoji_entities(account.emojis, account.uri, addresses),
        "roles": _roles(view),
        "show_media": account.show_media,
        "show_media_replies": account.show_media_replies,
        "show_featured": account.show_featured,
        "feature_approval": _feature_approval(account),
        "fields": [] if is_suspended else [field_entity(field) for field in account.fields],
    }
    if addresses.mails_posts:
        entity["email_subscriptions"] = view.is_mailed and not is_suspended
    if is_suspended:
        entity["suspended"] = True
    if account.silenced_at:
        entity["limited"] = True
    if account.memorial:
        entity["memorial"] = True
    if view.moved_to:
        entity["moved"] = account_entity(view.moved_to, addresses)
    return entity


def credential_account_entity(
    view: AccountView, preferences: Preferences, requests: int, addresses: Addresses
) -> Entity:
    """Mastodon's CredentialAccount: the account for its owner, with what was typed."""
    account = view.account
    return {
        **account_entity(view, addresses),
        "source": {
            "privacy": preferences.default_visibility,
            "sensitive": preferences.default_sensitive,
            "language": preferences.default_language or "",
            "quote_policy": preferences.default_quote_policy,
            "status_content_type": preferences.default_content_type,
            "note": account.note_text,
            "fields": [
                {**field_entity(field), "value": field.get("text", field["value"])}
                for field in account.fields
            ],
            "follow_requests_count": requests,
            "hide_collections": account.hide_collections,
            "discoverable": account.discoverable,
            "indexable": account.indexable,
            "attribution_domains": account.attribution_domains,
        },
        "role": role_entity(view.role),
    }


def role_entity(role: Role | None) -> Entity:
    """Mastodon's Role: what a member may do."""
    return {
        "id": str(role.id if role else EVERYONE),
        "name": role.name if role else "",
        "color": role.color if role else "",
        "permissions": str(role.permissions if role else 0),
        "highlighted": bool(role and role.highlighted),
        "collection_limit": MOST_COLLECTIONS,
    }


def page_url(account: Account, addresses: Addresses) -> str:
    """Where people look at the account."""
    if account.is_local:
        return addresses.account_url(account.username)
    return account.url or account.uri


def avatar_url(account: Account, addresses: Addresses, *, still: bool = False) -> str:
    """The picture, or the one of who has none."""
    file, remote = account.avatar_file, account.avatar_remote_url
    return _picture(account, file, remote, addresses, still) or addresses.static("avatar.png")


def header_url(account: Account, addresses: Addresses, *, still: bool = False) -> str:
    """The banner, or the one of who has none."""
    file, remote = account.header_file, account.header_remote_url
    return _picture(account, file, remote, addresses, still) or addresses.static("header.png")


def emoji_entities(emojis: list[dict[str, str]], uri: str, addresses: Addresses) -> list[Entity]:
    """Mastodon's CustomEmoji for those in the name or text of what has that id."""
    host = urlsplit(uri).netloc
    return [
        {
            "shortcode": emoji["shortcode"],
            **emoji_urls(emoji, host, addresses),
            "visible_in_picker": True,
            "category": None,
        }
        for emoji in emojis
    ]


def emoji_urls(emoji: dict[str, str], host: str, addresses: Addresses) -> Entity:
    """`url` and `static_url` of an emoji that somebody of that host uses: ours, or copies."""
    if "file" in emoji:
        url, still = addresses.media(emoji["file"]), addresses.media(emoji["static_file"])
    else:
        url = addresses.remote_picture(emoji["url"], host)
        still = addresses.remote_picture(emoji["url"], host, still=True)
    return {"url": url, "static_url": still}


def _picture(
    account: Account, file: str | None, remote: str | None, addresses: Addresses, still: bool
) -> str | None:
    if account.suspended_at:
        return None
    if file:
        return addresses.media(file)
    return remote and addresses.remote_picture(remote, urlsplit(account.uri).netloc, still=still)


def _feature_approval(account: Account) -> Entity:
    """Who may put the account into a collection: of ours whoever wants to be found.

    It is the same for all readers: of who may by a follow it says nothing.
    """
    automatic, manual = account.feature_automatic, account.feature_manual
    if account.is_local:
        is_willing = account.discoverable and account.suspended_at is None
        automatic, manual = ["followers" if account.locked else "public"] if is_willing else [], []
    if automatic is None or manual is None:
        return {"automatic": [], "manual": [], "current_user": "missing"}
    if not automatic and not manual:
        may = "denied"
    elif "public" in automatic:
        may = "automatic"
    else:
        may = "manual" if "public" in manual else "unknown"
    return {"automatic": automatic, "manual": manual, "current_user": may}


def _roles(view: AccountView) -> list[Entity]:
    role = view.role
    if not role or not role.highlighted:
        return []
    return [{"id": str(role.id), "name": role.name, "color": role.color}]


def field_entity(field: dict[str, Any]) -> Entity:
    """Mastodon's Field, its value as HTML."""
    return {"name": field["name"], "value": field["value"], "verified_at": field.get("verified_at")}
