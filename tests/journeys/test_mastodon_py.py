"""Mastodon.py against a whole instance: sign in by the OAuth code flow, post, read, stream."""

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from mastodon import Mastodon
from mastodon.errors import (
    MastodonDeprecationWarning,
    MastodonNotFoundError,
    MastodonUnauthorizedError,
)

from tests.forms import PASSWORD
from tests.journeys.clients import Listener, allow
from tests.journeys.story import eventually
from tests.pictures import picture
from tests.push_service import push_service
from tests.servers import Instance
from tests.web.mastodon.test_recordings import film, sound

SCOPES = ["read", "write", "follow", "push"]


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with Instance() as instance:
        create = ("user", "create", "anna", "--email", "anna@example.org", "--password", PASSWORD)
        instance.command(*create)
        yield instance


@pytest.fixture(scope="module")
def anna(instance: Instance) -> Mastodon:
    return signed_in(instance, "anna@example.org")


@pytest.fixture(scope="module")
def ben(instance: Instance) -> Mastodon:
    token = instance.create_user("ben", "read write")
    return Mastodon(access_token=token, api_base_url=instance.url)


def signed_in(instance: Instance, login: str) -> Mastodon:
    client_id, secret = Mastodon.create_app("Pilot", scopes=SCOPES, api_base_url=instance.url)
    api = Mastodon(client_id, secret, api_base_url=instance.url)
    url = api.auth_request_url(scopes=SCOPES, allow_http=True)
    api.log_in(code=allow(url, login), scopes=SCOPES, allow_http=True)
    return api


def test_the_code_flow_gives_a_client_that_knows_who_it_is(
    instance: Instance, anna: Mastodon
) -> None:
    assert anna.me().acct == "anna"
    assert anna.app_verify_credentials().name == "Pilot"
    assert anna.instance_v2().domain.startswith("localhost:")
    # Clients stream where they are told to: not by wss on a plain server.
    address = instance.url.replace("http:", "ws:")
    assert anna.instance_v2().configuration.urls.streaming == address
    with pytest.warns(MastodonDeprecationWarning):  # said by a header, as Mastodon does
        assert anna.instance_v1().urls.streaming_api == address


def test_a_post_with_an_image_comes_back_whole(anna: Mastodon) -> None:
    media = anna.media_post(
        picture(size=(640, 480)), "image/png", description="A teal square", focus=(0.5, -0.5)
    )
    assert (media.type, media.description) == ("image", "A teal square")
    post = anna.status_post("Pilot starts #trying", media_ids=[media], spoiler_text="news")
    seen = anna.status(post.id)
    assert seen.media_attachments[0].blurhash == media.blurhash
    assert seen.media_attachments[0].meta.focus.x == 0.5
    assert [tag.name for tag in seen.tags] == ["trying"]
    assert (seen.spoiler_text, seen.sensitive, seen.visibility) == ("news", True, "public")
    assert anna.timeline_home()[0].id == post.id
    assert anna.timeline_hashtag("trying")[0].id == post.id


def test_pages_lead_on_and_back(anna: Mastodon) -> None:
    posts = [anna.status_post(f"number {n}").id for n in range(5)]
    first = anna.timeline_home(limit=2)
    second = anna.fetch_next(first) or []
    assert [s.id for s in first] + [s.id for s in second] == posts[:0:-1]
    assert [s.id for s in anna.fetch_previous(second) or []] == [s.id for s in first]


def test_the_same_key_posts_once(anna: Mastodon) -> None:
    first = anna.status_post("once", idempotency_key="k")
    assert anna.status_post("once", idempotency_key="k").id == first.id


def test_a_deleted_post_is_gone(anna: Mastodon) -> None:
    post = anna.status_post("gone soon")
    assert anna.status_delete(post).text == "gone soon"
    with pytest.raises(MastodonNotFoundError):
        anna.status(post)


def test_a_revoked_token_opens_nothing(instance: Instance) -> None:
    api = signed_in(instance, "anna")
    assert api.me().acct == "anna"
    # Mastodon.py itself revokes over https alone.
    form = {"client_id": api.client_id, "client_secret": api.client_secret}
    form |= {"token": api.access_token}
    answer = httpx.post(f"{instance.url}/oauth/revoke", data=form, timeout=60)
    assert answer.json() == {}
    with pytest.raises(MastodonUnauthorizedError):
        api.me()


def test_a_push_message_wakes_the_app(anna: Mastodon, ben: Mastodon) -> None:
    private, public = anna.push_subscription_generate_keys()
    with push_service() as service:
        made = anna.push_subscription_set(f"{service.origin}/phone", public, mention_events=True)
        assert anna.push_subscription() == made
        post = ben.status_post("@anna wake <up>")
        eventually("it is pushed", lambda: service.pushed)
        (pushed,) = service.pushed
    told = anna.push_subscription_decrypt_push(
        pushed.body, private, pushed.headers["encryption"], pushed.headers["crypto-key"]
    )
    assert (told.title, told.body) == ("ben mentioned you", "@anna wake <up>")
    assert told.access_token == anna.access_token
    assert anna.notifications(id=told.notification_id).status.id == post.id
    changed = anna.push_subscription_update(follow_events=True, policy="none")
    assert (changed.policy, changed.alerts.follow, changed.alerts.mention) == ("none", True, False)
    anna.push_subscription_delete()
    with pytest.raises(MastodonNotFoundError):
        anna.push_subscription()


@pytest.mark.parametrize(
    ("make", "mime", "kind"),
    [
        (lambda folder: film(folder / "a.gif", "gif", None), "image/gif", "gifv"),
        (lambda folder: film(folder / "a.mp4", "libx264", "aac"), "video/mp4", "video"),
        (lambda folder: sound(folder / "a.ogg", "libopus"), "audio/ogg", "audio"),
    ],
    ids=["animation", "film", "sound"],
)
def test_a_recording_is_there_when_the_client_has_waited(
    anna: Mastodon, tmp_path: Path, make: Callable[[Path], bytes], mime: str, kind: str
) -> None:
    media = anna.media_post(make(tmp_path), mime, description=kind, synchronous=True)
    shown = anna.status_post("listen, look", media_ids=[media]).media_attachments[0]
    assert (shown.type, shown.description) == (kind, kind)
    part = httpx.get(shown.url, headers={"Range": "bytes=0-9"}, timeout=60)
    assert (part.status_code, len(part.content)) == (206, 10)


def test_a_poll_is_voted_in(anna: Mastodon, ben: Mastodon) -> None:
    asked = anna.make_poll(["tea", "coffee"], expires_in=3600, multiple=True, hide_totals=True)
    post = anna.status_post("What first?", poll=asked)
    assert [o.votes_count for o in post.poll.options] == [None, None]
    voted = ben.poll_vote(post.poll, [0, 1])
    assert (voted.voted, voted.own_votes, voted.voters_count) == (True, [0, 1], 1)
    assert anna.poll(post.poll).votes_count == 2


def test_a_post_waits_for_its_time(anna: Mastodon) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    made = anna.status_post("later", scheduled_at=at, spoiler_text="news")
    assert (made.params.text, made.params.spoiler_text) == ("later", "news")
    moved = anna.scheduled_status_update(made, at + timedelta(hours=1))
    assert [s.scheduled_at for s in anna.scheduled_statuses()] == [moved.scheduled_at]
    anna.scheduled_status_delete(made)
    assert anna.scheduled_statuses() == []


def test_a_filter_and_a_list(anna: Mastodon, ben: Mastodon) -> None:
    anna.account_follow(ben.me())
    words = [{"keyword": "spoil", "whole_word": True}]
    made = anna.create_filter_v2("Plot", ["home"], "warn", keywords_attributes=words)
    team = anna.list_create("Team")
    anna.list_accounts_add(team, [ben.me()])
    posts = [ben.status_post(text) for text in ("do not spoil it", "unspoilt")]
    eventually("they came", lambda: posts[1].id in [s.id for s in anna.timeline_list(team)])
    for shown in (anna.timeline_home(limit=2), anna.timeline_list(team, limit=2)):
        assert [s.id for s in shown] == [posts[1].id, posts[0].id]
        assert [len(s.filtered or []) for s in shown] == [0, 1]
    [found] = anna.timeline_home(limit=2)[1].filtered
    assert (found.filter.id, found.keyword_matches) == (made.id, ["spoil"])
    anna.delete_filter_v2(made)
    anna.account_unfollow(ben.me())


def test_a_quote_is_told_and_taken_back(anna: Mastodon, ben: Mastodon) -> None:
    post = anna.status_post("quote me", quote_approval_policy="public")
    quoting = ben.status_post("as she said", quoted_status_id=post)
    assert (quoting.quote.state, quoting.quote.quoted_status.id) == ("accepted", post.id)
    assert [s.id for s in anna.status_quotes(post)] == [quoting.id]
    told = eventually("it is told", lambda: anna.notifications(types=["quote"]))
    assert told[0].status.id == quoting.id
    assert anna.status_quote_revoke(post, quoting).quote.state == "revoked"
    assert ben.status(quoting).quote.quoted_status is None


def test_what_happens_arrives_on_the_open_streams(anna: Mastodon, ben: Mastodon) -> None:
    heard: queue.Queue[tuple[str, str]] = queue.Queue()

    class Hearing(Listener):
        def on_any_event(self, name: str, data: Any = None, for_stream: str | None = None) -> None:
            heard.put((name, str(data if isinstance(data, str | int) else data.id)))

    anna.stream_healthy()
    ears = [Hearing(), Hearing(), Hearing()]
    streams = [
        anna.stream_user(ears[0], run_async=True),
        anna.stream_direct(ears[1], run_async=True),
        anna.stream_hashtag("choir", ears[2], run_async=True),
    ]
    for ear in ears:
        ear.wait_until_open()
    events: set[tuple[str, str]] = set()

    def hear(name: str, status_id: Any = None) -> None:
        while not any(n == name and status_id in (None, i) for n, i in events):
            events.add(heard.get(timeout=120))

    sung = ben.status_post("Who sings? #choir")
    whispered = ben.status_post("@anna psst", visibility="direct")
    own = anna.status_post("first words")
    hear("update", sung.id)
    hear("conversation")
    # Each act waits to be heard: of a post that is gone by then nothing but the end is told.
    hear("update", own.id)
    anna.status_update(own, "better words")
    hear("status.update", own.id)
    anna.status_delete(own)
    hear("delete", own.id)
    assert ("update", str(whispered.id)) not in events
    with ThreadPoolExecutor() as pool:  # closing waits for the next heartbeat
        list(pool.map(lambda stream: stream.close(), streams))
