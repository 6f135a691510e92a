import signal
import time

import pytest
import redis

from server.embedded import services, valkey
from server.embedded.children import Children
from server.errors import Unavailable
from tests.servers import short_folder


def test_it_starts_and_keeps_what_is_written_over_a_kill() -> None:
    with short_folder() as data, Children(data) as children:
        assert not valkey.is_ready(data)
        child = children.start(valkey.prepare(data))
        services.wait_until_ready(valkey, data, child)
        with redis.Redis.from_url(valkey.redis_url(data)) as connection:
            connection.set("kept", "42")
            connection.execute_command("WAITAOF", 1, 0, 60_000)
            assert connection.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"

        child.signal(signal.SIGKILL)
        assert child.wait(60)
        assert not valkey.is_ready(data)
        services.wait_until_ready(valkey, data, children.start(valkey.prepare(data)))
        with redis.Redis.from_url(valkey.redis_url(data)) as connection:
            assert connection.get("kept") == b"42"


def test_why_it_does_not_start_is_told() -> None:
    with short_folder() as data, Children(data) as children:
        program = valkey.prepare(data)
        (data / "valkey").rmdir()
        child = children.start(
            program.__class__(program.name, program.command, data, is_service=True)
        )
        began = time.monotonic()
        with pytest.raises(Unavailable, match="Valkey does not start"):
            services.wait_until_ready(valkey, data, child)
        assert time.monotonic() - began < valkey.START_SECONDS
