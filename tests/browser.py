"""One browser a worker: the machine's own Chromium, without the network."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# Milliseconds a page may take beside a whole suite on two cores; no claim about speed.
PATIENCE = 15_000
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    # A page of a test lives a second or two: what is compiled for speed costs more than it runs.
    "--js-flags=--no-opt,--no-maglev",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """For every test of a process: Playwright begins once in a thread and no second time."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    # Playwright leaves an event loop in this thread; Django would refuse the next test its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()
