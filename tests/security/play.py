"""How each kind of payload is played: what must be there before, and what must be seen after."""

import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import orjson

from federation.documents.audience import PUBLIC
from federation.documents.collection import read_items
from server.runtime import Runtime
from server.store import accounts, blocks, follows, jobs
from server.store.accounts import Account
from server.worker import catalogue
from tests.makers import Api, make_status
from tests.scripted import JRD, Scripted
from tests.security.payloads import (
    ACTORS,
    READABLE,
    Json,
    Moved,
    author_of,
    id_of,
    mentions_of,
    origin_of,
    type_of,
)
from tests.security.shown import check_account, check_status, reads_as_nothing

INBOX = "http://localhost:3000/ap/inbox"
_COLLECTIONS = {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}


@dataclass
class Here:
    """Our side: a member, ann, with a post."""

    runtime: Runtime
    client: httpx.AsyncClient
    api: Api
    far: Scripted
    ann: Account
    error: str | None = field(default=None)

    async def put(self, document: Json, key_id: str) -> int:
        """Send an activity as the holder of a key and have its effect; gives the answer."""
        body = orjson.dumps(document)
        headers = self.far.sign(INBOX, body, "", key_id=key_id, key="shared")
        last = "SELECT max(id) FROM received"
        before = await self.runtime.db.fetchval(last)
        answer = await self.client.post("/ap/inbox", content=body, headers=headers)
        await self.run_jobs()
        after = await self.runtime.db.fetchval(last)
        self.error = (
            await self.runtime.db.fetchval("SELECT error FROM received WHERE id = $1", after)
            if after != before
            else None
        )
        return answer.status_code

    async def took(self, document: Json, key_id: str) -> None:
        """The same; it must be taken, and have its effect without an error."""
        assert await self.put(document, key_id) == 202
        assert self.error is None, self.error

    async def run_jobs(self) -> None:
        """As the worker does, but nothing of the open web."""
        db = self.runtime.db
        while claimed := await jobs.claim_jobs(db, uuid4(), list(catalogue.CATALOGUE), 50):
            for job in claimed:
                if job.name not in {"find_card", "verify_links", "deliver"}:
                    await catalogue.call(self.runtime, job.name, job.args)
            await jobs.delete_jobs(db, [job.id for job in claimed])

    async def follow(self, uri: str) -> Account:
        """The member follows somebody, and knows that somebody by now."""
        found = await self.api.get("/api/v2/search", q=uri, resolve="true", type="accounts")
        assert found["accounts"], f"{uri} is not found"
        account = await accounts.find_by_uri(self.runtime.db, uri)
        assert account, uri
        await follows.insert_follow(self.runtime.db, self.ann.id, account.id, None)
        return account

    async def status(self, uri: str) -> Json:
        """A status as the member sees it, None if it is not here."""
        found = await self.runtime.db.fetchval("SELECT id FROM statuses WHERE uri = $1", uri)
        return await self.api.get(f"/api/v1/statuses/{found}") if found else None

    async def post(self, **more: Json) -> tuple[str, str]:
        """Id in the API and uri of a new post of the member."""
        number = await make_status(self.runtime, self.ann, "a post", **more)
        return str(number), self.runtime.addresses.status_uri(number)


async def play(here: Here, moved: Moved) -> None:
    """Any document, by its type."""
    document = moved.document
    kind = type_of(document)
    if kind in ACTORS:
        await play_actor(here, moved, document)
    elif kind in READABLE:
        await play_readable(here, moved, document)
    elif "subject" in document:
        await play_webfinger(here, moved, document)
    elif kind == "CryptographicKey":
        await play_key(here, moved, document)
    elif kind in _COLLECTIONS:
        items = document.get("orderedItems") or document.get("items") or []
        assert len(read_items(document)) >= len(items)
    elif kind != "Tombstone":
        await play_activity(here, moved, document)


async def play_actor(here: Here, moved: Moved, document: Json) -> None:
    """Found by its address, seen by clients, and able to follow."""
    uri = document["id"]
    if not {"preferredUsername", "inbox"} <= document.keys():
        here.far.serve(uri, document)
        found = await here.api.get("/api/v2/search", q=uri, resolve="true")
        assert found["accounts"] == []
        return
    key_id = moved.serve_actor(uri)
    account = await here.follow(uri)
    check_account(await here.api.get(f"/api/v1/accounts/{account.id}"), document)
    await here.took(_activity("Follow", uri, here.ann.uri), key_id)
    assert await follows.find(here.runtime.db, "follows", account.id, here.ann.id)


async def play_readable(
    here: Here, moved: Moved, document: Json, author: str | None = None
) -> None:
    """Posted by its author, and shown to who follows that author."""
    author = author_of(document) or author or f"{moved.origin('nobody')}/actor"
    to, cc = document.get("to"), document.get("cc")
    await play_create(here, moved, _activity("Create", author, document, to=to, cc=cc))


async def play_create(here: Here, moved: Moved, create: Json) -> None:
    """Stored and shown, unless there is nothing to read or it is not its author's to give."""
    author, document = id_of(create.get("actor")) or "", create.get("object") or {}
    key_id = moved.serve_actor(author)
    await here.follow(author)
    for uri in {*mentions_of(document), *filter(None, map(id_of, _many(document, "attributedTo")))}:
        if uri != author:
            moved.serve_actor(uri)
    if not is_public(document):
        document["to"] = [here.ann.uri, *_many(document, "to")]
    if document.get("inReplyTo") and "name" in document and "content" not in document:
        await play_vote(here, create, key_id)
        return
    status = await here.put(create, key_id)
    assert status == 202, status
    if not document.get("id") or reads_as_nothing(document):
        return
    if author_of(document) != author or origin_of(document["id"]) != origin_of(author):
        assert await here.status(document["id"]) is None
        return
    assert here.error is None, here.error
    shown = await here.status(document["id"])
    assert shown, "not stored"
    check_status(shown, document)


async def play_vote(here: Here, create: Json, key_id: str) -> None:
    """A choice in a poll of the member."""
    from server.actions.drafts import PollDraft

    name = create["object"]["name"]
    number, uri = await here.post(poll=PollDraft([name, "other"], 3600))
    create["object"]["inReplyTo"] = uri
    await here.took(create, key_id)
    poll = (await here.api.get(f"/api/v1/statuses/{number}"))["poll"]
    assert [option["votes_count"] for option in poll["options"]] == [1, 0]


async def play_webfinger(here: Here, moved: Moved, document: Json) -> None:
    """The handle leads to the actor, if it names one."""
    name, _, host = document["subject"].removeprefix("acct:").partition("@")
    links = [v for v in document["links"] if v["rel"] == "self" and "json" in v.get("type", "")]
    actor = links[0]["href"] if links else None
    if actor:
        moved.known[actor] = {
            "type": "Person",
            "inbox": f"{actor}/inbox",
            "preferredUsername": name,
        }
        moved.serve_actor(actor)
    url = f"http://{host}/.well-known/webfinger?resource={document['subject']}"
    here.far.serve(url, document, kind=JRD)
    found = await here.api.get("/api/v2/search", q=f"@{name}@{host}", resolve="true")
    assert [a["uri"] for a in found["accounts"]] == ([actor] if actor else [])


async def play_key(here: Here, moved: Moved, document: Json) -> None:
    """A key with a document of its own holds if it says whose it is."""
    owner = document.get("owner") or f"{origin_of(document['id'])}/owner"
    moved.known[owner] = {
        "type": "Person",
        "inbox": f"{owner}/inbox",
        "publicKey": {"id": document["id"]},
    }
    moved.serve_actor(owner)
    here.far.serve(document["id"], {**document, "publicKeyPem": here.far.key("shared")})
    status = await here.put(_activity("Follow", owner, here.ann.uri), document["id"])
    assert status == (202 if "owner" in document else 403), status


async def play_activity(here: Here, moved: Moved, document: Json) -> None:
    """Any other activity; of a kind that we do not know, that it does no harm."""
    actor = id_of(document.get("actor"))
    if actor is None:
        key_id = moved.serve_actor(f"{moved.origin('nobody')}/actor")
        assert await here.put(document, key_id) == (400 if type_of(document) in _PLAYS else 202)
        return
    known = _PLAYS.get(type_of(document))
    if known:
        await known(here, moved, document)
    else:
        await here.took(document, moved.serve_actor(actor))


async def play_update(here: Here, moved: Moved, document: Json) -> None:
    """What there was before is shown as it is now."""
    actor, inner = id_of(document["actor"]) or "", document["object"]
    if type_of(inner) in ACTORS:
        key_id = moved.serve_actor(actor)
        if id_of(inner) == actor:
            moved.serve_actor(actor, name="before", summary="before")
            account = await here.follow(actor)
            moved.serve_actor(actor, **{k: inner.get(k) for k in ("name", "summary")})
            await here.took({**document, "object": moved.known[actor]}, key_id)
            check_account(await here.api.get(f"/api/v1/accounts/{account.id}"), inner)
        else:
            await here.took(document, key_id)
        return
    before = copy.deepcopy({**inner, "content": "before", "updated": None})
    await play_create(here, moved, _activity("Create", actor, before))
    await here.took(document, moved.serve_actor(actor))
    check_status(await here.status(inner["id"]), inner)


async def play_announce(here: Here, moved: Moved, document: Json) -> None:
    """The boost shows what stands at its origin."""
    actor, inner = id_of(document["actor"]) or "", document["object"]
    key_id = moved.serve_actor(actor)
    account = await here.follow(actor)
    passed_on = type_of(inner) in {"Create", "Update"}
    uri = id_of(inner["object"] if passed_on else inner) or ""
    author = author_of(moved.known.get(uri, {})) or f"{origin_of(uri)}/users/author"
    if author != actor:
        moved.serve_actor(author)
    original = moved.serve_note(uri, author)
    await here.took(document, key_id)
    if type_of(inner) != "Update" and is_public(original):
        [boost] = await here.api.get(f"/api/v1/accounts/{account.id}/statuses")
        check_status(boost["reblog"], original)


async def play_delete(here: Here, moved: Moved, document: Json) -> None:
    """It was here and is not any more."""
    actor, uri = id_of(document["actor"]) or "", id_of(document["object"]) or ""
    key_id = moved.serve_actor(actor)
    if uri == actor:
        account = await here.follow(actor)
        await here.took(document, key_id)
        assert (await here.api("GET", f"/api/v1/accounts/{account.id}")).status_code == 404
        return
    await play_create(here, moved, _activity("Create", actor, _note(uri, actor)))
    await here.took(document, key_id)
    assert await here.status(uri) is None


async def play_undo(here: Here, moved: Moved, document: Json) -> None:
    """What was done is undone; found by its id alone as well."""
    actor, inner = id_of(document["actor"]) or "", document["object"]
    key_id = moved.serve_actor(actor)
    account = await here.follow(actor)
    kind, (number, post) = type_of(inner) or "Like", await here.post()
    if kind not in {"Follow", "Like", "Announce"}:
        await here.took(document, key_id)
        return
    target = here.ann.uri if kind == "Follow" else post
    done = inner if isinstance(inner, dict) else _activity(kind, actor, post, id=inner)
    done["object"] = target
    await here.took({"to": [PUBLIC], **done}, key_id)

    async def stands() -> bool:
        if kind == "Follow":
            return bool(await follows.find(here.runtime.db, "follows", account.id, here.ann.id))
        shown = await here.api.get(f"/api/v1/statuses/{number}")
        return bool(shown["favourites_count"] or shown["reblogs_count"])

    assert await stands(), "was never done"
    await here.took(document, key_id)
    assert not await stands()


async def play_follow(here: Here, moved: Moved, document: Json) -> None:
    """A Follow or a Block of the member."""
    actor = id_of(document["actor"]) or ""
    key_id = moved.serve_actor(actor)
    account = await here.follow(actor)
    await here.took({**document, "object": here.ann.uri}, key_id)
    find = follows.find(here.runtime.db, "follows", account.id, here.ann.id)
    if type_of(document) == "Block":
        find.close()
        assert await blocks.is_blocked(here.runtime.db, account.id, here.ann.id)
    else:
        assert await find


async def play_answer(here: Here, moved: Moved, document: Json) -> None:
    """An Accept or a Reject of the member's Follow, however the Follow is named."""
    actor, inner = id_of(document["actor"]) or "", document["object"]
    key_id = moved.serve_actor(actor, manuallyApprovesFollowers=True)
    found = await here.api.get("/api/v2/search", q=actor, resolve="true", type="accounts")
    [account] = found["accounts"]
    await here.api.post(f"/api/v1/accounts/{account['id']}/follow")
    ours = await here.runtime.db.fetchval(
        "SELECT uri FROM follow_requests WHERE target_id = $1", int(account["id"])
    )
    if isinstance(inner, dict):
        named = {"id": ours} if "id" in inner else {}
        inner = {**inner, **named, "actor": here.ann.uri, "object": actor}
    await here.took({**document, "object": inner if isinstance(inner, dict) else ours}, key_id)
    [seen] = await here.api.get("/api/v1/accounts/relationships", **{"id[]": account["id"]})
    assert not seen["requested"]
    assert seen["following"] is (type_of(document) == "Accept")


async def play_mark(here: Here, moved: Moved, document: Json) -> None:
    """A Like is a favourite, an EmojiReact a reaction; with an emoji that is known it shows."""
    key_id = moved.serve_actor(id_of(document["actor"]) or "")
    number, post = await here.post()
    await here.took({**document, "object": post}, key_id)
    shown = await here.api.get(f"/api/v1/statuses/{number}")
    assert shown["favourites_count"] == (type_of(document) == "Like")
    if type_of(document) == "EmojiReact":
        names = [r["name"] for r in shown["reactions"]]
        assert names
        assert names[0].partition("@")[0] == document["content"].strip(":")


_PLAYS: dict[str, Callable[[Here, Moved, Json], Awaitable[None]]] = {
    "Accept": play_answer,
    "Announce": play_announce,
    "Block": play_follow,
    "Create": play_create,
    "Delete": play_delete,
    "EmojiReact": play_mark,
    "Follow": play_follow,
    "Like": play_mark,
    "Reject": play_answer,
    "Undo": play_undo,
    "Update": play_update,
}


def is_public(document: Json) -> bool:
    """Whether everybody may see it."""
    named = [*_many(document, "to"), *_many(document, "cc")]
    return bool({PUBLIC, "as:Public", "Public"} & {v for v in named if isinstance(v, str)})


def _activity(kind: str, actor: str, inner: Json, **more: Json) -> Json:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{actor}#{kind}/{uuid4()}",
        "type": kind,
        "actor": actor,
        "object": inner,
        **more,
    }


def _note(uri: str, author: str) -> Json:
    return {
        "id": uri,
        "type": "Note",
        "attributedTo": author,
        "content": "<p>here</p>",
        "to": [PUBLIC],
        "cc": [],
        "published": "2020-01-01T00:00:00Z",
    }


def _many(document: Json, name: str) -> list[Json]:
    value = document.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]
