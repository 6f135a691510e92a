"""Everything that two people on two instances do with each other, calm and disturbed."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from mastodon import Mastodon

from tests.certificates import authority, certificate
from tests.journeys.story import Person, differences, eventually
from tests.pictures import picture
from tests.servers import Instance


@pytest.fixture
def pair(
    is_disturbed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Instance, Instance]]:
    """Two instances; the disturbed ones over https, by an authority of the departments' own."""
    environment = {}
    if is_disturbed:
        trusted = authority(tmp_path)
        issued = certificate(tmp_path, "localhost", 1, trusted)
        environment = {
            "WANDELGANG_TLS_CERT": str(issued.cert),
            "WANDELGANG_TLS_KEY": str(issued.key),
            "WANDELGANG_FEDERATION_CA_FILE": str(trusted.cert),
            "WANDELGANG_FEDERATION_PRIVATE_HOSTS": "localhost=127.0.0.0/8",
        }
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted.cert))  # for the clients
    with ExitStack() as stack:
        here, there = Instance(**environment), Instance(**environment)
        yield stack.enter_context(here), stack.enter_context(there)


def person(instance: Instance, name: str) -> Person:
    token = instance.create_user(name, "read write follow push")
    api = Mastodon(access_token=token, api_base_url=instance.url, request_timeout=60)
    return Person(name, api, instance.domain)


@pytest.mark.slow
@pytest.mark.parametrize("is_disturbed", [False, True], ids=["calm", "disturbed, over https"])
def test_two_people_on_two_instances(pair: tuple[Instance, Instance], is_disturbed: bool) -> None:
    here, there = pair
    anna, carla, ben = person(here, "anna"), person(here, "carla"), person(there, "ben")

    def disturb() -> None:
        """Empty both queues and kill a worker: nothing may be lost but time."""
        if is_disturbed:
            here.flush_valkey()
            there.flush_valkey()
            there.kill_worker()

    follow(anna, ben)
    stream = anna.listen()
    disturb()
    post = post_with_image(anna, ben)
    disturb()
    answer_boost_and_favourite(anna, ben, post)
    disturb()
    edit(anna, ben, post)
    keep_private(anna, ben, carla)
    disturb()
    delete(anna, ben, post)
    unfollow(anna, ben)
    disturb()
    ask_to_follow(anna, ben)
    stream.close()


def follow(anna: Person, ben: Person) -> None:
    ben_here = anna.find(ben)
    anna.api.account_follow(ben_here.id)
    eventually("the follow is accepted", lambda: relation(anna, ben).following)
    assert [a.acct for a in ben.api.account_followers(ben.api.me().id)] == [anna.handle[1:]]
    assert [a.acct for a in anna.api.account_following(anna.api.me().id)] == [ben.handle[1:]]
    eventually("ben is told of the follow", lambda: ben.told("follow", anna))


def post_with_image(anna: Person, ben: Person) -> Any:
    image = ben.api.media_post(
        picture(size=(320, 240), colour="red"), "image/png", description="A red square"
    )
    post = ben.api.status_post(
        f"Pilot starts, {anna.handle} #trying https://127.0.0.1/report",
        media_ids=[image.id],
        spoiler_text="news",
        language="en",
    )
    eventually("the post stands in anna's home", lambda: post.uri in anna.home())
    assert anna.hears("update", lambda status: status.uri == post.uri)
    eventually("anna is told of the mention", lambda: anna.told("mention", ben))
    assert same(anna, ben, post) == []
    seen = anna.see(post.uri)
    assert [tag.name for tag in seen.tags] == ["trying"]
    assert [m.acct for m in seen.mentions] == ["anna"]
    [shown] = seen.media_attachments
    assert shown.description == "A red square"
    copy = requests.get(shown.url, timeout=60)
    assert (copy.status_code, copy.headers["content-type"]) == (200, "image/png")
    return post


def answer_boost_and_favourite(anna: Person, ben: Person, post: Any) -> None:
    seen = anna.see(post.uri)
    answer = anna.api.status_reply(seen, "What did you learn?")
    anna.api.status_favourite(seen)
    anna.api.status_reblog(seen)
    eventually(
        "the answer stands in the thread on ben's side",
        lambda: [s.uri for s in ben.api.status_context(post.id).descendants] == [answer.uri],
    )
    for kind in ("mention", "favourite", "reblog"):
        eventually(f"ben is told of the {kind}", partial(ben.told, kind, anna))
    mine = ben.api.status(post.id)
    assert (mine.favourites_count, mine.reblogs_count, mine.replies_count) == (1, 1, 1)
    assert same(anna, ben, post) == []
    anna.api.status_unfavourite(seen)
    anna.api.status_unreblog(seen)
    eventually(
        "favourite and boost are taken back",
        lambda: counts(ben.api.status(post.id)) == (0, 0, 1),
    )
    assert same(anna, ben, post) == []


def edit(anna: Person, ben: Person, post: Any) -> None:
    ben.api.status_update(post.id, "Pilot runs #trying", spoiler_text="", sensitive=False)
    eventually("anna sees the edit", lambda: "Pilot runs" in anna.see(post.uri).content)
    anna.hears("status.update", lambda status: status.uri == post.uri)
    seen = anna.see(post.uri)
    assert seen.edited_at is not None
    assert len(anna.api.status_history(seen.id)) == len(ben.api.status_history(post.id)) == 2
    assert same(anna, ben, post) == []


def keep_private(anna: Person, ben: Person, carla: Person) -> None:
    secret = ben.api.status_post("For followers only", visibility="private")
    eventually("the follower has it", lambda: secret.uri in anna.home())
    seen = next(s for s in anna.api.timeline_home() if s.uri == secret.uri)
    assert (seen.visibility, seen.content) == ("private", secret.content)
    assert carla.see(secret.uri) is None
    assert carla.is_hidden(seen.id)
    ben_for_carla = carla.find(ben)
    assert secret.uri not in [s.uri for s in carla.api.account_statuses(ben_for_carla.id)]
    assert secret.uri not in [s.uri for s in carla.api.timeline_public()]
    assert secret.uri not in carla.home()


def delete(anna: Person, ben: Person, post: Any) -> None:
    seen = anna.see(post.uri)
    ben.api.status_delete(post.id)
    eventually("the post is gone on anna's side", lambda: anna.is_hidden(seen.id))
    anna.hears("delete", lambda status_id: status_id == str(seen.id))
    assert post.uri not in anna.home()
    assert anna.see(post.uri) is None


def unfollow(anna: Person, ben: Person) -> None:
    anna.api.account_unfollow(anna.find(ben).id)
    eventually("ben has lost the follower", lambda: not ben.api.account_followers(ben.api.me().id))
    later = ben.api.status_post("Nobody follows me", visibility="private")
    assert later.uri not in anna.home()
    assert not relation(anna, ben).following


def ask_to_follow(anna: Person, ben: Person) -> None:
    ben.api.account_update_credentials(locked=True)
    anna.api.account_follow(anna.find(ben).id)
    [asking] = eventually("ben sees the request", ben.api.follow_requests)
    assert asking.acct == anna.handle[1:]
    assert relation(anna, ben).requested
    assert not relation(anna, ben).following
    ben.api.follow_request_authorize(asking.id)
    eventually("the request is granted", lambda: relation(anna, ben).following)
    assert not ben.api.follow_requests()


def relation(anna: Person, ben: Person) -> Any:
    return anna.api.account_relationships(anna.find(ben).id)[0]


def same(anna: Person, ben: Person, post: Any) -> list[str]:
    """What the two sides show differently, after it had time to settle."""

    def settled() -> bool:
        return not differences(anna.see(post.uri), ben.api.status(post.id))

    try:
        eventually("both sides show the same", settled)
    except AssertionError:
        return differences(anna.see(post.uri), ben.api.status(post.id))
    return []


def counts(status: Any) -> tuple[int, int, int]:
    return status.favourites_count, status.reblogs_count, status.replies_count
