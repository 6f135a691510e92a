"""A post with a link, or one whose links changed, gets a card."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from server.store.statuses import Status
from server.text.links import has_link
from server.transaction import Transaction

_SPREAD_SECONDS = 59.0


def look_for_card(tx: Transaction, status: Status, preview: Sequence[str] | None = None) -> None:
    """Have the link of a status looked for; of somebody else's within a minute, not at once.

    A `preview` is what a trusted server says of it, see keep_preview_job: nobody is asked then.

    Their posts reach many instances at the same moment: if all of them asked at once, a small
    site would fall over.
    """
    if preview:
        tx.enqueue("keep_preview", status.id, *preview)
        return
    if not has_link(status.content) and status.edited_at is None:
        return
    delay = timedelta(seconds=random.uniform(1, _SPREAD_SECONDS))  # noqa: S311
    run_at = None if status.local else datetime.now(UTC) + delay
    tx.enqueue("find_card", status.id, run_at=run_at)
