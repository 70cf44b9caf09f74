"""A real Chromium for tests of the pages: the system's own. In CI there has to be one.

It is looked for at PYNOMALY_TEST_CHROMIUM, then under its usual names.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",  # containers run as root, where the sandbox cannot start
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


@cache
def chromium() -> str | None:
    """Return where Chromium is, None where it is not."""
    configured = os.environ.get("PYNOMALY_TEST_CHROMIUM")
    return configured or next(filter(None, map(shutil.which, NAMES)), None)


def require_chromium() -> str:
    """Return where Chromium is; skip loudly where there is none, and fail in CI."""
    place = chromium()
    if place is not None:
        return place
    if os.environ.get("CI"):
        pytest.fail("CI needs Chromium: install the package 'chromium'")
    pytest.skip("PAGES NOT TESTED: there is no Chromium; install it, or set PYNOMALY_TEST_CHROMIUM")


@contextmanager
def launched() -> Iterator[Browser]:
    """Lend a browser."""
    place = require_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
