"""The one HTTP client that reaches out; the only module that knows how httpx is put together."""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from federation.errors import Blocked, NotAllowed, Unreachable
from federation.transport.budget import Budget
from federation.transport.dialects import Dialects
from federation.transport.resolver import GuardedResolver
from federation.transport.safety import AddressPolicy, literal_address, parse_private_hosts

_CONNECTIONS = 1000
_CONNECTIONS_PER_HOST = 8
_SECONDS = 30.0  # at most; whoever asks sets a deadline of their own
_KEEP_ALIVE_SECONDS = 30.0
_MOST_ANSWER_BYTES = 16 * 1024
_OF_THE_CALLER = aiohttp.ClientTimeout(total=None)

Refuses = Callable[[str], bool]  # whether moderators let nothing go to a host (with its port)


class GuardedTransport(AiohttpTransport):
    """Refuses schemes and literal addresses; names are guarded by the resolver."""

    def __init__(
        self, session: aiohttp.ClientSession, policy: AddressPolicy, refuses: Refuses
    ) -> None:
        super().__init__(client=session)
        self.policy = policy
        self._refuses = refuses

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises NotAllowed, or Blocked, before anything is sent."""
        self.check(request.url)
        try:
            return await super().handle_async_request(request)
        except aiohttp.ClientError as error:  # what the transport below has no name for: no HTTP
            raise httpx.RemoteProtocolError(str(error)) from error

    def check(self, url: httpx.URL, *, even_if_blocked: bool = False) -> None:
        """Raises NotAllowed, or Blocked for a host that moderators refuse."""
        check_url(url, self.policy)
        if not even_if_blocked and self._refuses(url.netloc.decode("ascii")):
            raise Blocked(f"{url.host} is blocked here")


def check_url(url: httpx.URL, policy: AddressPolicy) -> None:
    """Raises NotAllowed for a scheme or a literal address that we do not use."""
    speaks_plain = policy.allows_loopback or policy.allows_plain
    if url.scheme != "https" and not (url.scheme == "http" and speaks_plain):
        raise NotAllowed(f"{url.scheme} is not a scheme that we use")
    if url.userinfo:
        raise NotAllowed("credentials in an address")
    address = literal_address(url.host)
    port = url.port or (443 if url.scheme == "https" else 80)
    if address and not policy.is_allowed(url.host, port, address):
        raise NotAllowed(f"{url.host} is an address that we do not talk to")


class Client(httpx.AsyncClient):
    """httpx's client with the policy that guards it."""

    def __init__(
        self,
        origin: str,
        session: aiohttp.ClientSession,
        policy: AddressPolicy,
        refuses: Refuses,
        budget: Budget,
    ) -> None:
        self._session = session
        self._guarded = GuardedTransport(session, policy, refuses)
        self._headers_of_all = {
            "User-Agent": f"Wandelgang (+{origin})",
            "Accept-Encoding": "gzip, deflate",  # what fetch unpacks within bounds
        }
        super().__init__(
            transport=self._guarded,
            headers=self._headers_of_all,
            follow_redirects=False,
            trust_env=False,
            timeout=_SECONDS,
        )
        self.policy = policy
        self.dialects = Dialects()
        self.budget = budget

    async def deliver(
        self, url: str, body: bytes, headers: Mapping[str, str], *, even_if_blocked: bool = False
    ) -> int:
        """POST, and give the status of the answer; a redirect is not followed.

        Past httpx, whose share of a request costs three times the rest, and guarded as its requests
        are. Raises NotAllowed, Unreachable.
        """
        try:
            address = httpx.URL(url)
            self._guarded.check(address, even_if_blocked=even_if_blocked)
            async with self._session.post(
                str(address),
                data=body,
                headers={**self._headers_of_all, **headers},
                allow_redirects=False,
                timeout=_OF_THE_CALLER,
            ) as response:
                # A connection is kept when the answer was read; nobody needs a long one.
                await response.content.read(_MOST_ANSWER_BYTES)
                return response.status
        except (aiohttp.ClientError, httpx.InvalidURL, OSError) as error:
            raise Unreachable(f"{type(error).__name__} {error}".strip()) from error


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates are believed: the public ones (or SSL_CERT_FILE), and a PEM file's.

    Raises OSError for a file that cannot be used.
    """
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


@asynccontextmanager
async def open_client(
    origin: str,
    private_hosts: Sequence[str] = (),
    *,
    allows_plain: bool = False,
    refuses: Refuses = lambda _: False,
    ca_file: Path | None = None,
    fetches: int = 0,
) -> AsyncIterator[Client]:
    """A client for an instance with that origin; redirects are never followed by itself.

    With a plain-http origin (loopback, for trying out) it talks plain http with other loopback
    hosts; with an https one it talks https alone, unless `allows_plain`: much of the open web that
    people link to is plain. SSL_CERT_FILE is honoured, `ca_file` (PEM) trusted besides. `refuses`
    says of a host (with its port) that nothing goes there, by a decision of moderators. `fetches`
    is how much is asked of a registrable domain in five minutes, 0 any number.
    Raises OSError for a `ca_file` that cannot be used.
    """
    policy = AddressPolicy(
        origin.startswith("http:"), parse_private_hosts(private_hosts), allows_plain
    )
    connector = aiohttp.TCPConnector(
        resolver=GuardedResolver(policy),
        use_dns_cache=False,
        limit=_CONNECTIONS,
        limit_per_host=_CONNECTIONS_PER_HOST,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        ssl=trust(ca_file),
    )
    session = aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    )
    budget = Budget({"domain": fetches})
    async with session, Client(origin, session, policy, refuses, budget) as client:
        yield client
