"""A visit: one browser context of somebody, watched from its first page to its last."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from pynomaly.presentation.web.cookies import SESSION, THEME
from tests.e2e.watched import Watch, watched

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Visit:
    """Somebody's pages. watch: what was noticed, and what is forgiven."""

    page: Page
    context: BrowserContext
    watch: Watch
    url: str

    def go(self, path: str) -> Page:
        """Open an address of the server, and return when nothing is on its way any more."""
        self.page.goto(self.url + path)
        self.page.wait_for_load_state("networkidle")
        return self.page


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    token: str | None,
    *,
    theme: str = "light",
    viewport: dict[str, int] | None = None,
    **options: Any,
) -> Iterator[Visit]:
    """Lend a visit of somebody whose session a token is, or of nobody."""
    context = browser.new_context(
        viewport=viewport or DESK,
        base_url=url,
        reduced_motion="reduce",
        timezone_id="UTC",
        locale="en-GB",
        service_workers=options.pop("service_workers", "block"),
        **options,
    )
    kept = {THEME: theme} | ({} if token is None else {SESSION: token})
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in kept.items()])
    try:
        with watched(context, url) as (page, watch):
            yield Visit(page, context, watch, url)
    finally:
        context.close()
