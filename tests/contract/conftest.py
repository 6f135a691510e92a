"""One world for a module, and at the end a summary of the rows that keep the contract."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from _pytest.terminal import TerminalReporter

from tests.contract.world import World, running_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    postgres_data: Path, valkey_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """A running application with its own database; tests must share its loop."""
    data = tmp_path_factory.mktemp("world")
    async with running_world(postgres_data, valkey_url, data) as world:
        yield world


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """A line a tier, the rows that do not keep it, and what we say beyond Mastodon."""
    properties: list[tuple[str, Any]] = [
        pair
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for pair in report.user_properties
    ]
    rows = [value for name, value in properties if name == "contract"]
    if not rows:
        return
    terminalreporter.section("contract")
    kept = Counter(tier for tier, _, problems in rows if not problems)
    for tier, count in Counter(tier for tier, _, _ in rows).items():
        terminalreporter.line(f"{tier}: {kept[tier]} of {count} rows keep it")
    for _, name, problems in rows:
        if problems:
            terminalreporter.line(f"open: {name}: {problems[0][:160]}")
    extras = {extra for name, value in properties if name == "extras" for extra in value}
    terminalreporter.line(f"fields beyond Mastodon's: {', '.join(sorted(extras)) or 'none'}")
