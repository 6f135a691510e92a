"""Every job: its name in the rows, what it calls, its queue, tries and time limit.

Queues differ in who waits for them: `fanout` is somebody looking at a screen, `inbox` another
server's post, `push` a phone, `mail` somebody who signs in, `media` a recording, `transfer`
somebody who moves in or out with all they have, `background` whatever can wait. And in whom they
wait for: `pages` for sites of the open web, `remote` for other servers, `slow` for those of them
that take long to answer. Each queue has slots of its own, so that a slow one holds up no other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from server.actions import (
    announce,
    block_domain,
    block_lists,
    cleanup,
    domain_rules,
    erase_account,
    follow,
    interactions,
    look_back,
    newcomer,
    process_media,
    prune,
    reindex,
    schedule,
    tell_of_terms,
    vote,
)
from server.fanout import push, subscribers
from server.identity import password_resets
from server.inbox import interaction_request, process
from server.mail import queue as mail
from server.outbox import profiles
from server.outbox import statuses as outbox
from server.remote import (
    actors,
    backfill,
    cards,
    featured_collections,
    featured_tags,
    followers,
    media,
    quote_stamps,
    threads,
    verified_links,
)
from server.remote import statuses as remote_statuses
from server.remote.refresh import look_up_forwarded_job, refresh_status_job
from server.remote.relayed import take_relayed_job
from server.runtime import Runtime
from server.transfer import archive, imports, move

JobFunction = Callable[..., Awaitable[None]]  # (runtime, *args)

SLOTS = {
    "fanout": 8,
    "inbox": 16,
    "slow": 16,
    "push": 16,
    "mail": 8,
    "background": 8,
    "remote": 12,
    "pages": 6,
    "media": 2,
    "transfer": 4,
}


@dataclass(frozen=True, slots=True)
class Task:
    """A job's function and how it is run."""

    function: JobFunction
    queue: str
    tries: int = 8
    limit_seconds: float = 60.0


CATALOGUE: dict[str, Task] = {
    "publish_scheduled": Task(schedule.publish_scheduled_job, "fanout"),
    "close_poll": Task(vote.close_poll_job, "fanout"),
    "process_media": Task(process_media.process_media_job, "media", tries=3, limit_seconds=400.0),
    "publish_announcement": Task(announce.follow_clock_job, "background"),
    "end_announcement": Task(announce.follow_clock_job, "background"),
    "accept_requests": Task(follow.accept_requests_job, "background"),
    "delete_old_posts": Task(cleanup.delete_old_posts_job, "background"),
    "prune": Task(prune.prune_job, "background", limit_seconds=300.0),
    "erase_account": Task(
        erase_account.erase_account_job, "background", tries=20, limit_seconds=600.0
    ),
    "end_ties": Task(block_domain.end_ties_job, "background"),
    "import_rows": Task(imports.import_rows_job, "transfer", tries=20, limit_seconds=600.0),
    "make_archive": Task(archive.make_archive_job, "transfer", tries=5, limit_seconds=3600.0),
    "look_back": Task(look_back.look_back_job, "background"),
    "bring_followers": Task(move.bring_followers_job, "background", tries=20, limit_seconds=300.0),
    "leave_behind": Task(move.leave_behind_job, "background"),
    "process_activity": Task(process.process_activity_job, "inbox"),
    "process_slow_activity": Task(process.process_slow_activity_job, "slow"),
    "fetch_parent": Task(threads.fetch_parent_job, "remote"),
    "complete_thread": Task(threads.complete_thread_job, "remote", tries=1, limit_seconds=500.0),
    "fill_account": Task(backfill.fill_account_job, "remote", tries=3, limit_seconds=200.0),
    "read_featured_tags": Task(featured_tags.read_featured_tags_job, "remote", tries=3),
    "read_collections": Task(
        featured_collections.read_collections_job, "remote", tries=3, limit_seconds=200.0
    ),
    "link_collections": Task(featured_collections.link_collections_job, "remote", tries=5),
    "read_collection_items": Task(
        featured_collections.read_collection_items_job, "remote", tries=5, limit_seconds=300.0
    ),
    "refresh_poll": Task(remote_statuses.refresh_poll_job, "remote"),
    "send_interaction_request": Task(interactions.send_interaction_request_job, "background"),
    "verify_interaction": Task(interaction_request.verify_interaction_job, "remote"),
    "verify_quote": Task(quote_stamps.verify_quote_job, "remote"),
    "read_block_list": Task(block_lists.read_list_job, "pages", tries=3, limit_seconds=90.0),
    "synchronize_followers": Task(followers.synchronize_followers_job, "remote"),
    "sever_domain": Task(domain_rules.sever_job, "background"),
    "refresh_status": Task(refresh_status_job, "remote"),
    "look_up_forwarded": Task(look_up_forwarded_job, "remote"),
    "take_relayed": Task(take_relayed_job, "remote"),
    "refresh_account": Task(actors.refresh_account_job, "remote"),
    "find_card": Task(cards.find_card_job, "pages"),
    "fetch_card": Task(cards.fetch_card_job, "pages", tries=3, limit_seconds=90.0),
    "keep_preview": Task(cards.keep_preview_job, "pages", tries=3, limit_seconds=90.0),
    "refresh_picture": Task(media.refresh_picture_job, "pages", tries=3, limit_seconds=90.0),
    "verify_links": Task(verified_links.verify_links_job, "pages", tries=3, limit_seconds=90.0),
    "send_create": Task(outbox.send_create_job, "fanout"),
    "send_update": Task(outbox.send_update_job, "fanout"),
    "send_announce": Task(outbox.send_announce_job, "fanout"),
    "send_push": Task(push.send_push_job, "push"),
    "send_reset": Task(password_resets.send_reset_job, "mail"),
    "receive_newcomer": Task(newcomer.receive_newcomer_job, "background"),
    "mail_posts": Task(subscribers.mail_posts_job, "mail"),
    "tell_of_terms": Task(tell_of_terms.tell_of_terms_job, "mail", tries=20),
    "send_mail": Task(mail.send_mail_job, "mail", tries=20),
    "send_profile": Task(profiles.send_profile_job, "background"),
    "index_statuses": Task(reindex.index_statuses_job, "background"),
    "index_accounts": Task(reindex.index_accounts_job, "background"),
}


def names_of(queue: str) -> list[str]:
    """Names of the jobs that wait in a queue."""
    return [name for name, task in CATALOGUE.items() if task.queue == queue]


async def call(runtime: Runtime, name: str, args: list[Any]) -> None:
    """Run the job's function under its time limit. Raises what it raises, or TimeoutError."""
    task = CATALOGUE[name]
    async with asyncio.timeout(task.limit_seconds):
        await task.function(runtime, *args)
