"""Filter and its parts, and which statuses a filter matches."""

import re
from datetime import UTC, datetime
from typing import Any

from server.store.filters import Filter, FilteredStatus, Keyword
from web.entities.values import timestamp_or_none

Entity = dict[str, Any]


class Matcher:
    """One filter, ready to look at many statuses."""

    def __init__(self, kept: Filter) -> None:
        self.expires_at = kept.expires_at
        self._entity = filter_entity(kept, with_parts=False)
        self._statuses = {status.status_id for status in kept.statuses}
        self._keywords = _pattern(kept.keywords)

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)

    def match(self, status_id: int, text: str) -> Entity | None:
        """FilterResult; None when the filter has nothing against the status."""
        if self.is_over:
            return None
        found = self._keywords.search(text) if self._keywords else None
        is_named = status_id in self._statuses
        if not found and not is_named:
            return None
        return {
            "filter": self._entity,
            "keyword_matches": [found.group()] if found else None,
            "status_matches": [str(status_id)] if is_named else None,
        }


def filter_entity(kept: Filter, *, with_parts: bool = True) -> Entity:
    """Filter; its keywords and statuses are left out where it is named as a reason."""
    entity: Entity = {
        "id": str(kept.id),
        "title": kept.title,
        "context": kept.contexts,
        "expires_at": timestamp_or_none(kept.expires_at),
        "filter_action": kept.action,
    }
    if with_parts:
        entity["keywords"] = [keyword_entity(keyword) for keyword in kept.keywords]
        entity["statuses"] = [filtered_entity(status) for status in kept.statuses]
    return entity


def keyword_entity(keyword: Keyword) -> Entity:
    """FilterKeyword."""
    return {
        "id": str(keyword.id),
        "keyword": keyword.keyword,
        "whole_word": keyword.whole_word,
    }


def filtered_entity(status: FilteredStatus) -> Entity:
    """FilterStatus."""
    return {"id": str(status.id), "status_id": str(status.status_id)}


def old_filter_entity(kept: Filter, keyword: Keyword) -> Entity:
    """V1::Filter: each keyword is a filter of its own."""
    return {
        "id": str(keyword.id),
        "phrase": keyword.keyword,
        "context": kept.contexts,
        "whole_word": keyword.whole_word,
        "expires_at": timestamp_or_none(kept.expires_at),
        "irreversible": kept.action == "hide",
    }


def _pattern(keywords: list[Keyword]) -> re.Pattern[str] | None:
    """Any of the keywords, in any case; a whole word ends where letters and digits end."""
    parts = []
    for keyword in keywords:
        word = keyword.keyword.strip()
        if not word:
            continue
        starts = r"\b" if keyword.whole_word and re.match(r"\w", word[0]) else ""
        ends = r"\b" if keyword.whole_word and re.match(r"\w", word[-1]) else ""
        parts.append(starts + re.escape(word) + ends)
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None
