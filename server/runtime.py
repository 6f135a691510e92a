"""All that a process of the instance works with, opened once and handed down."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import asyncpg

from federation.signatures.keys import SigningKey
from federation.transport.budget import Budget
from federation.transport.client import Client, open_client
from server.addresses import Addresses, addresses_of
from server.bus import CONNECTED, RULES, Bus
from server.media.storage import Storage, open_storage
from server.secrets import Cipher, open_cipher
from server.settings import Settings
from server.store.database import AWAY, Pool, close_pool, leaving, open_pool
from server.store.domain_rules import DomainRules
from server.store.inbound_rules import InboundRules
from server.store.instance_keys import InstanceKey
from server.store.ip_blocks import ClosedNetworks
from server.transaction import Transaction, open_transaction

_RULES_SECONDS = 10.0
_SECONDS_OF_A_SITE = 300  # of a worker's sixteen times 300 for what comes in
_GATHER_SECONDS = 0.2  # a list of thousands that is imported is not read thousands of times

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings and open resources; the same for web, worker, command line and tests."""

    settings: Settings
    addresses: Addresses
    db: Pool
    bus: Bus
    cipher: Cipher
    http: Client  # for federation alone: knows the private hosts of the settings
    open_web: Client  # for whatever else people and pages name: public hosts alone
    media: Storage
    threads: ThreadPoolExecutor
    domain_rules: DomainRules
    inbound_rules: InboundRules
    inbox_budget: Budget  # of activities, and of the seconds that they take
    closed_networks: ClosedNetworks
    signing_keys: dict[int, SigningKey] = field(default_factory=dict)  # of our accounts, opened
    instance_keys: dict[str, InstanceKey] = field(default_factory=dict)  # by name, sealed

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """`async with runtime.transaction() as tx:` commits at the end, then rings."""
        return open_transaction(self.db, self.bus, self.addresses, self.cipher)

    async def offload(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something slow (a signature, a password hash) in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, lambda: function(*args, **kwargs))


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Connect to all that the settings name; close it at the end of the block.

    Raises OSError or asyncpg errors when the database does not answer.
    """
    cipher = open_cipher(settings)
    threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="offload")
    bus = Bus(settings.redis_url)
    pool = await open_pool(settings.database_url, settings.database_connections)
    rules = DomainRules(is_allow_list=settings.federation_mode == "allow-list")
    inbound_rules = InboundRules()
    networks = ClosedNetworks()
    try:
        async with (
            open_client(
                settings.origin,
                settings.federation_private_hosts,
                refuses=rules.refuses,
                ca_file=settings.federation_ca_file,
                fetches=settings.federation_budget_fetches,
            ) as http,
            open_client(
                settings.origin, allows_plain=True, fetches=settings.federation_budget_fetches
            ) as open_web,
            _kept_up_to_date(pool, bus, rules, inbound_rules, networks),
        ):
            yield Runtime(
                settings,
                addresses_of(settings, cipher.derive("remote pictures")),
                pool,
                bus,
                cipher,
                http,
                open_web,
                open_storage(settings),
                threads,
                rules,
                inbound_rules,
                Budget(
                    {
                        "actor": settings.federation_budget_actor,
                        "host": settings.federation_budget_host,
                        "domain": settings.federation_budget_domain,
                        "seconds": _SECONDS_OF_A_SITE,
                    }
                ),
                networks,
            )
    finally:
        await close_pool(pool)
        await bus.close()
        threads.shutdown(wait=False)


@asynccontextmanager
async def _kept_up_to_date(
    pool: Pool, bus: Bus, *kept: DomainRules | InboundRules | ClosedNetworks
) -> AsyncIterator[None]:
    """Read the rules when somebody says that they changed, and now and then: a word may be lost.

    They are known before the block begins: nobody gets in because a process has just started.
    """
    changed = asyncio.Event()

    async def hear() -> None:
        async for channel, text in bus.listen(RULES):
            if channel or text == CONNECTED:
                changed.set()

    async def read_them() -> None:
        changed.clear()
        with contextlib.suppress(*AWAY, asyncpg.UndefinedTableError):
            for rules in kept:
                await rules.load(pool)

    async def read_again() -> None:
        while True:
            await asyncio.sleep(_GATHER_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_RULES_SECONDS):
                    await changed.wait()
            await read_them()

    await read_them()
    tasks = [asyncio.create_task(hear()), asyncio.create_task(read_again())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        with leaving(pool):
            await asyncio.wait(tasks)
