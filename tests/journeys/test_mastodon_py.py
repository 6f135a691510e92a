"""Mastodon.py against a whole instance: sign in by the OAuth code flow, post, read, stream."""

import io
import queue
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mastodon import Mastodon, StreamListener
from mastodon.errors import MastodonNotFoundError, MastodonUnauthorizedError
from PIL import Image

from tests.journeys.clients import PASSWORD, allow
from tests.push_service import push_service
from tests.servers import Instance

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


def signed_in(instance: Instance, login: str) -> Mastodon:
    client_id, secret = Mastodon.create_app("Pilot", scopes=SCOPES, api_base_url=instance.url)
    api = Mastodon(client_id, secret, api_base_url=instance.url)
    url = api.auth_request_url(scopes=SCOPES, allow_http=True)
    api.log_in(code=allow(url, login), scopes=SCOPES, allow_http=True)
    return api


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "PNG")
    return file.getvalue()


def test_the_code_flow_gives_a_client_that_knows_who_it_is(anna: Mastodon) -> None:
    assert anna.me().acct == "anna"
    assert anna.app_verify_credentials().name == "Pilot"
    assert anna.instance_v2().domain.startswith("localhost:")


def test_a_post_with_an_image_comes_back_whole(anna: Mastodon) -> None:
    media = anna.media_post(png(), "image/png", description="A teal square", focus=(0.5, -0.5))
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


def test_a_post_arrives_on_the_open_stream(anna: Mastodon) -> None:
    heard: queue.Queue[Any] = queue.Queue()

    class Listener(StreamListener):
        def on_update(self, status: Any) -> None:
            heard.put(status)

    stream = anna.stream_user(Listener(), run_async=True)
    anna.stream_healthy()
    post = anna.status_post("streamed")
    while heard.get(timeout=10).id != post.id:
        pass
    stream.close()


def test_a_revoked_token_opens_nothing(instance: Instance) -> None:
    api = signed_in(instance, "anna")
    assert api.me().acct == "anna"
    # Mastodon.py itself revokes over https alone.
    form = {"client_id": api.client_id, "client_secret": api.client_secret}
    answer = httpx.post(f"{instance.url}/oauth/revoke", data=form | {"token": api.access_token})
    assert answer.json() == {}
    with pytest.raises(MastodonUnauthorizedError):
        api.me()


def test_a_push_message_wakes_the_app(instance: Instance, anna: Mastodon) -> None:
    token = instance.create_user("ben", "read write")
    ben = Mastodon(access_token=token, api_base_url=instance.url)
    private, public = anna.push_subscription_generate_keys()
    with push_service() as service:
        made = anna.push_subscription_set(f"{service.origin}/phone", public, mention_events=True)
        assert anna.push_subscription() == made
        post = ben.status_post("@anna wake <up>")
        deadline = time.monotonic() + 20
        while not service.pushed and time.monotonic() < deadline:
            time.sleep(0.02)
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
