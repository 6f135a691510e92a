"""The key that somebody else signed with: from the store, else from its origin, briefly."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from federation import origins
from federation.discovery.webfinger import parse_handle
from federation.documents import reading
from federation.documents.actor import key_apart
from federation.errors import (
    Gone,
    KeyUnavailable,
    Malformed,
    Missing,
    RemoteError,
    SignatureInvalid,
    Unreachable,
    Untrusted,
)
from federation.origins import authority_of
from federation.signatures.keys import PublicKey, load_public_key
from federation.transport.fetch import fetch_document
from server.identity.signing import instance_signer
from server.remote import actors
from server.remote.resolve import resolve_handle
from server.runtime import Runtime
from server.store import accounts, actor_keys

T = TypeVar("T")

_FETCH_SECONDS = 5.0
_WAIT_SECONDS = 3.0  # for others who ask the same host; then the sender comes again
_MOST_WAITING = 50
_FAILED_SECONDS = 60.0
_GONE_SECONDS = 24 * 3600.0
_REFETCH_SECONDS = 300.0
_REMEMBERED = 10_000
_REMEMBERED_HOSTS = 1_000


class _Busy(KeyUnavailable):
    """The host was not asked: it has enough to answer."""


@dataclass(slots=True)
class _Turn:
    """Who asks a host, and how many wait to."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class KeyFinder:
    """Finds keys for one process: one fetch a host at a time, failures remembered for a while."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        # What went wrong as its kind and text: an error keeps all that stood around it.
        self._failed: OrderedDict[str, tuple[float, type[RemoteError], str]] = OrderedDict()
        self._refetched: OrderedDict[str, float] = OrderedDict()
        self._turns: OrderedDict[str, _Turn] = OrderedDict()

    async def find(self, key_uri: str, refetch: bool) -> PublicKey:
        """The key with that id. Raises KeyUnavailable, Gone, Untrusted, SignatureInvalid.

        A known key that does not fit is fetched anew, at most once in five minutes; one that cannot
        be read is as good as none. Some name a handle (`acct:`) instead of a key: then it is the
        latest one of whom WebFinger names.
        """
        if key_uri.startswith("acct:"):
            key_uri = await self._of_handle(key_uri)
        if not refetch:
            known = await actor_keys.find_public_key(self._runtime.db, key_uri)
            if known and _is_readable(known):
                return known
        elif not self._may_refetch(key_uri):
            raise SignatureInvalid(f"the signature does not fit {key_uri}")
        if authority_of(key_uri) == self._runtime.settings.authority:
            raise SignatureInvalid(f"{key_uri} is none of ours that fits")  # nobody is asked
        failed = self._failed.get(key_uri)
        if failed and failed[0] > time.monotonic():
            raise failed[1](failed[2])
        try:
            return await self._guarded(
                authority_of(key_uri), lambda: self._ask_if_needed(key_uri, refetch=refetch)
            )
        except _Busy:
            raise
        except RemoteError as error:
            # Who answers 404 may be mended in a moment, and is to be believed again then.
            is_gone = isinstance(error, Gone) and not isinstance(error, Missing)
            seconds = _GONE_SECONDS if is_gone else _FAILED_SECONDS
            self._failed[key_uri] = (time.monotonic() + seconds, type(error), str(error))
            _trim(self._failed, _REMEMBERED)
            raise

    async def _of_handle(self, name: str) -> str:
        handle = parse_handle(name)
        if handle is None or self._runtime.addresses.is_own_domain(handle[1]):
            raise SignatureInvalid(f"{name} is nobody elsewhere")
        account = await accounts.find_by_handle(self._runtime.db, *handle)
        if account is None:
            account = await self._guarded(handle[1], lambda: resolve_handle(self._runtime, *handle))
        keys = await actor_keys.list_public_keys(self._runtime.db, account.id) if account else []
        if not keys:
            raise SignatureInvalid(f"{name} has no key that we know")
        return keys[0][0]

    async def _guarded(self, host: str, ask: Callable[[], Awaitable[T]]) -> T:
        """One question a host at a time, and a short one. A host that is slow on purpose holds few,
        and not for long.
        """
        turn = self._turns.setdefault(host, _Turn())
        _trim(self._turns, _REMEMBERED_HOSTS)
        await _take(turn, host)
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                return await ask()
        except (TimeoutError, Unreachable) as error:
            raise KeyUnavailable(f"{host}: {error}") from error
        finally:
            turn.lock.release()

    async def _ask_if_needed(self, key_uri: str, *, refetch: bool) -> PublicKey:
        """Who asked before us may have asked for the same."""
        known = None if refetch else await actor_keys.find_public_key(self._runtime.db, key_uri)
        return known if known and _is_readable(known) else await self._fetch_from_origin(key_uri)

    async def _fetch_from_origin(self, key_uri: str) -> PublicKey:
        """The document of a key is the actor itself, or a key that names its owner."""
        runtime = self._runtime
        signer = await instance_signer(runtime)
        document = await fetch_document(runtime.http, key_uri, signer)
        apart = None
        if "inbox" not in document:
            owner = reading.id_of(document.get("owner") or document.get("controller"))
            if not owner or not origins.is_same_origin(owner, key_uri):
                raise Untrusted(f"{key_uri} has no owner")
            apart, document = document, await fetch_document(runtime.http, owner, signer)
        account = await actors.store_actor(runtime, document)
        known = await actor_keys.find_public_key(runtime.db, key_uri)
        if known is None and apart and (key := key_apart(document, apart)):
            await actor_keys.insert_public_key(runtime.db, account.id, key)
            return key
        if known is None:
            raise SignatureInvalid(f"{key_uri} is not a key of its actor")
        return known

    def _may_refetch(self, key_uri: str) -> bool:
        last = self._refetched.get(key_uri, float("-inf"))
        if time.monotonic() - last < _REFETCH_SECONDS:
            return False
        self._refetched[key_uri] = time.monotonic()
        _trim(self._refetched, _REMEMBERED)
        return True


async def _take(turn: _Turn, host: str) -> None:
    """Wait for one's turn, briefly. Raises _Busy."""
    if turn.waiting >= _MOST_WAITING:
        raise _Busy(f"many ask {host} for a key already")
    turn.waiting += 1
    try:
        async with asyncio.timeout(_WAIT_SECONDS):
            await turn.lock.acquire()
    except TimeoutError as error:
        raise _Busy(f"{host} is being asked for a key already") from error
    finally:
        turn.waiting -= 1


def _is_readable(key: PublicKey) -> bool:
    try:
        load_public_key(key.pem)
    except Malformed:
        return False
    return True


def _trim(entries: OrderedDict[str, Any], size: int) -> None:
    while len(entries) > size:
        entries.popitem(last=False)
