"""What a status hangs on, by ActivityPub ids, for the documents that leave."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.store.database import Database

_OWN_ANSWERS = 5  # that stand in a document itself


@dataclass(frozen=True, slots=True)
class Links:
    """Ids of what a status answers, of the author's own public answers to it and of the collection
    of its thread; `quoted_local` says whose stamp an accepted quote bears.
    """

    parent_uri: str | None
    thread_id: int
    root_is_local: bool
    context_uri: str | None
    quoted_local: bool
    stamp_id: int | None  # the granted request that made it possible, and
    stamp_uri: str | None  # where its stamp stands, if with an author elsewhere
    own_answers: list[str]


async def load_links(db: Database, ids: Sequence[int]) -> dict[int, Links]:
    """Links by status, in one query."""
    rows = await db.fetch(
        """
        SELECT s.id, coalesce(parent.uri, s.in_reply_to_uri) AS parent_uri, s.thread_id,
            coalesce(root.local, false) AS root_is_local, root.context_uri,
            coalesce(quoted.local, false) AS quoted_local, r.id AS stamp_id, r.stamp_uri,
            ARRAY(SELECT answer.uri FROM statuses answer
                  WHERE answer.in_reply_to_id = s.id AND answer.account_id = s.account_id
                    AND answer.visibility IN ('public', 'unlisted') AND NOT answer.local_only
                  ORDER BY answer.id LIMIT $2) AS own_answers
        FROM statuses s
        LEFT JOIN statuses parent ON parent.id = s.in_reply_to_id
        LEFT JOIN statuses root ON root.id = s.thread_id
        LEFT JOIN quotes q ON q.status_id = s.id
        LEFT JOIN statuses quoted ON quoted.id = q.quoted_id
        LEFT JOIN interaction_requests r ON r.done_id = s.id AND r.state = 'accepted'
        WHERE s.id = ANY($1)
        """,
        list(ids),
        _OWN_ANSWERS,
    )
    return {row["id"]: Links(**{k: v for k, v in row.items() if k != "id"}) for row in rows}
