"""Keeps the words by which posts and accounts are found; called wherever their texts are written,
or a card is found, in the same transaction.
"""

import re
from collections.abc import Sequence

from server.store import search_index
from server.store.database import Database
from server.store.lexemes import vector
from server.store.search_index import AccountTexts, StatusTexts
from server.store.status_writes import NewStatus
from server.store.statuses import Status
from server.text.sanitize import plain_text
from server.text.words import words_of

_LONGEST_HTML = 60_000
_LINK = re.compile(r"<a\s[^>]*>")
_NAMING = re.compile(r'class="[^"]*\b(?:mention|hashtag)\b')
_KINDS = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}


async def index_statuses(db: Database, ids: Sequence[int]) -> None:
    """Read the texts of posts again, with media, tags and poll, and keep their words."""
    texts = await search_index.load_status_texts(db, ids)
    await search_index.put_status_words(db, [(text.id, _status_vector(text)) for text in texts])


async def index_new(
    db: Database, status: Status, new: NewStatus, options: Sequence[str], *, is_quote: bool
) -> None:
    """Keep the words of a post that was just written, without reading it again.

    `options` are those of its poll; what uploads show is known to the database alone.
    """
    if new.media_ids:
        return await index_statuses(db, [status.id])
    texts = StatusTexts(
        id=status.id,
        content=status.content,
        spoiler_text=status.spoiler_text,
        language=status.language,
        sensitive=status.sensitive,
        is_reply=bool(status.in_reply_to_id or status.in_reply_to_uri),
        is_quote=is_quote,
        has_player=False,
        media=[[media.type, media.description] for media in new.remote_media],
        tags=[name for name, _ in new.tags],
        options=list(options),
    )
    return await search_index.put_status_words(db, [(status.id, _status_vector(texts))])


async def index_accounts(db: Database, ids: Sequence[int]) -> None:
    """Read again what accounts tell of themselves, and keep its words."""
    texts = await search_index.load_account_texts(db, ids)
    await search_index.put_account_words(db, [(text.id, _account_vector(text)) for text in texts])


def _status_vector(texts: StatusTexts) -> str:
    parts = [texts.spoiler_text, plain_text(texts.content[:_LONGEST_HTML])]
    parts += texts.options or []
    parts += [description for _, description in texts.media if description]
    parts += texts.tags
    return vector([(words_of(part), "") for part in parts], _properties(texts))


def _properties(texts: StatusTexts) -> list[str]:
    """What `has:`, `is:`, `language:` and hashtags find; see text/search_query.py."""
    links = _LINK.findall(texts.content[:_LONGEST_HTML])
    found = {
        "reply": texts.is_reply,
        "quote": texts.is_quote,
        "embed": texts.has_player,
        "sensitive": texts.sensitive,
        "poll": bool(texts.options),
        "link": any(not _NAMING.search(link) for link in links),
        "media": bool(texts.media),
    }
    names = {name for name, is_so in found.items() if is_so}
    names |= {_KINDS[kind] for kind, _ in texts.media if kind in _KINDS}
    marks = [f"is:{name}" for name in sorted(names)]
    if texts.language:
        language = texts.language.lower()
        marks += [f"language:{tag}" for tag in dict.fromkeys((language, language.split("-")[0]))]
    return marks + [f"#{name}" for name in texts.tags]


def _account_vector(texts: AccountTexts) -> str:
    name = texts.username.lower()
    parts = [([name], "A")]
    if (words := words_of(name)) != [name]:
        parts.append((words, "A"))
    parts.append((words_of(texts.display_name), "B"))
    if texts.domain:
        parts.append(([texts.domain.lower()], "C"))
    told = [texts.note, *(f"{field['name']} {field['value']}" for field in texts.fields)]
    parts += [(words_of(plain_text(html[:_LONGEST_HTML])), "D") for html in told]
    return vector(parts)
