"""A browser for journeys."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.chromium import FLAGS, chromium

_FLAGS = [
    *FLAGS,
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OpenPage = Callable[[bool], Page]


@pytest.fixture
def open_page() -> Iterator[OpenPage]:
    """`open_page(java_script)` opens a browser of its own, with an empty profile."""
    path = chromium()
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())

        def open_one(java_script: bool) -> Page:
            context = playwright.chromium.launch_persistent_context(
                Path(stack.enter_context(TemporaryDirectory())),
                executable_path=path,
                headless=True,
                args=_FLAGS,
                java_script_enabled=java_script,
                locale="en",
            )
            stack.callback(context.close)
            context.set_default_timeout(120_000)
            return context.pages[0]

        yield open_one
