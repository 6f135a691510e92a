"""A member changes the own profile."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from federation import origins
from server.actions import custom_emojis
from server.actions.upload import upload_portraits
from server.errors import Invalid
from server.media.images import Kind
from server.remote import resolve
from server.remote.verified_links import look_at_links
from server.runtime import Runtime
from server.search import index
from server.store import accounts, profiles
from server.text import compose
from server.text.profile_fields import ProfileField, keep_verified

LONGEST_NAME = 30
LONGEST_NOTE = 500
_LONGEST_FIELD = 255
MOST_FIELDS = 4
_MOST_DOMAINS = 100
_LONGEST_DESCRIPTION = 1500


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What shall change; None leaves it. `avatar` and `header` are files as they were uploaded,
    `without` names those of the two that go.
    """

    display_name: str | None = None
    note: str | None = None
    fields: list[tuple[str, str]] | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    avatar: bytes | None = None
    header: bytes | None = None
    without: Collection[Kind] = ()
    avatar_description: str | None = None
    header_description: str | None = None
    attribution_domains: list[str] | None = None


async def update_profile(runtime: Runtime, account_id: int, change: ProfileChange) -> None:
    """Change the profile and tell followers elsewhere. Raises Invalid with Mastodon's texts, and
    TooLarge; nothing is stored then.
    """
    columns = await _columns(runtime, account_id, change)
    columns |= await _store_pictures(runtime, change)
    async with runtime.transaction() as tx:
        was_locked = (await accounts.get_account(tx.db, account_id)).locked
        unused = await profiles.update_profile(tx.db, account_id, columns)
        await index.index_accounts(tx.db, [account_id])
        if change.fields is not None:
            await look_at_links(tx, await accounts.get_account(tx.db, account_id))
        if was_locked and change.locked is False:
            tx.enqueue("accept_requests", account_id, once_key=f"accept_requests {account_id}")
        tx.enqueue("send_profile", account_id, once_key=f"send_profile {account_id}")
    await runtime.media.delete(unused)


async def _store_pictures(runtime: Runtime, change: ProfileChange) -> dict[str, str]:
    """Columns with the names of the new files, "" for none any more. Raises Invalid, TooLarge."""
    given: dict[Kind, bytes | None] = {"avatar": change.avatar, "header": change.header}
    new = {kind: body for kind, body in given.items() if body is not None}
    names = dict.fromkeys(change.without, "") | await upload_portraits(runtime, new)
    return {f"{kind}_file": name for kind, name in names.items()}


async def _columns(runtime: Runtime, account_id: int, change: ProfileChange) -> dict[str, Any]:
    """What is to be stored. Raises Invalid."""
    _check(change)
    columns: dict[str, Any] = {
        name: value
        for name in (
            "display_name",
            "locked",
            "bot",
            "discoverable",
            "indexable",
            "hide_collections",
            "show_media",
            "show_media_replies",
            "show_featured",
            "avatar_description",
            "header_description",
        )
        if (value := getattr(change, name)) is not None
    }
    if change.note is not None:
        columns |= {"note_text": change.note, "note": await _html(runtime, change.note)}
    if change.fields is not None:
        columns["fields"] = await _fields(runtime, account_id, change.fields)
    if columns.keys() & {"display_name", "note_text", "fields"}:
        columns["emojis"] = await _emojis(runtime, account_id, columns)
    if change.attribution_domains is not None:
        columns["attribution_domains"] = _domains(change.attribution_domains)
    return columns


def _check(change: ProfileChange) -> None:
    if change.display_name:
        _check_length("Display name", len(change.display_name), LONGEST_NAME)
    if change.note:
        _check_length("Note", compose.count_characters(change.note), LONGEST_NOTE)
    fields = [(name.strip(), text.strip()) for name, text in change.fields or []]
    if any(text and not name for name, text in fields):
        problem = "contains values with missing labels"
        raise Invalid(
            f"Validation failed: Fields {problem}",
            {"fields": [("ERR_FIELDS_WITH_VALUES_MISSING_LABELS", problem)]},
        )
    _check_length("Fields", sum(any(pair) for pair in fields), MOST_FIELDS)
    for label, text in (
        ("Avatar description", change.avatar_description),
        ("Header description", change.header_description),
    ):
        _check_length(label, len(text or ""), _LONGEST_DESCRIPTION)


def _check_length(label: str, length: int, most: int) -> None:
    """Raises Invalid in Mastodon's words, which count fields in characters as well."""
    if length > most:
        problem = f"is too long (maximum is {most} characters)"
        name = label.lower().replace(" ", "_")
        raise Invalid(f"Validation failed: {label} {problem}", {name: [("ERR_TOO_LONG", problem)]})


async def _emojis(
    runtime: Runtime, account_id: int, columns: dict[str, Any]
) -> list[dict[str, str]]:
    """Our emoji in what is shown from now on, changed or not."""
    account = await accounts.get_account(runtime.db, account_id)
    texts = [
        columns.get("display_name", account.display_name),
        columns.get("note_text", account.note_text),
    ]
    for field in columns.get("fields", account.fields):
        texts += [field["name"], field.get("text", "")]
    return await custom_emojis.find_in_texts(runtime.db, texts)


async def _html(runtime: Runtime, text: str) -> str:
    handles = compose.handles_in(text)
    found = await resolve.resolve_handles(runtime, handles) if handles else {}
    urls = {
        handle: account.url or runtime.addresses.account_url(account.username)
        for handle, account in found.items()
    }
    return compose.compose_html(text, urls, runtime.addresses.tag_url)


async def _fields(
    runtime: Runtime, account_id: int, typed: list[tuple[str, str]]
) -> list[ProfileField]:
    """The rows of the table; a link that was proved to be the member's own stays so."""
    known = (await accounts.get_account(runtime.db, account_id)).fields
    fields: list[ProfileField] = [
        {"name": name, "value": await _field_html(runtime, text), "text": text}
        for name, text in _cut(typed)
        if name
    ]
    return keep_verified(fields, known)


def _cut(typed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As Mastodon keeps them."""
    return [(name.strip()[:_LONGEST_FIELD], text.strip()[:_LONGEST_FIELD]) for name, text in typed]


def _domains(typed: list[str]) -> list[str]:
    """Host names, each once. Raises Invalid."""
    written = [text for text in typed if text.strip()]
    hosts = {text: origins.host(text) for text in written}
    if any(host is None for host in hosts.values()):
        raise Invalid("Validation failed: Attribution domains contains invalid domain names")
    if len(written) > _MOST_DOMAINS:
        raise Invalid(f"Validation failed: Attribution domains can be at most {_MOST_DOMAINS}")
    return list(dict.fromkeys(host for host in hosts.values() if host))


async def _field_html(runtime: Runtime, text: str) -> str:
    """A field is one line; its links say that they are the member's own (rel=me)."""
    html = (await _html(runtime, text)).removeprefix("<p>").removesuffix("</p>")
    return html.replace('rel="nofollow noopener"', 'rel="nofollow noopener me"')
