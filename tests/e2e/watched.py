"""A page that is watched: no error in its console, no breach of its policy, no request that leaves the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

TELL_BREACHES = """
addEventListener("securitypolicyviolation", (breach) =>
  console.error("policy", breach.violatedDirective, breach.blockedURI));
"""
EXPECTED = "Failed to load resource"
"""Chromium's own line for an answer of 4xx or 5xx; journeys that provoke one say so."""


@dataclass
class Watch:
    """What was noticed. forgiven: parts of console lines that a journey provokes on purpose."""

    host: str
    noticed: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=lambda: ["Service Worker registration blocked by Playwright"])

    def forgive(self, part: str) -> None:
        """Do not count console lines that contain a text: the journey provokes them."""
        self.forgiven.append(part)

    def hears(self, message: ConsoleMessage) -> None:
        """Note what the console says."""
        if message.type in ("error", "warning"):
            self.noticed.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def sees(self, request: Request) -> None:
        """Note requests that go elsewhere."""
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.noticed.append(f"left the server: {request.url}")

    def faults(self) -> list[str]:
        """Return what nobody forgave."""
        return [one for one in self.noticed if not any(part in one for part in self.forgiven)]


def watch(page: Page, watch: Watch) -> None:
    """Begin to watch a page."""
    page.on("console", watch.hears)
    page.on("pageerror", lambda error: watch.noticed.append(f"script failed: {error}"))
    page.on("request", watch.sees)


@contextmanager
def watched(context: BrowserContext, url: str) -> Iterator[tuple[Page, Watch]]:
    """Lend a page; whatever was noticed fails the journey at its end."""
    seen = Watch(urlsplit(url).netloc)
    context.add_init_script(TELL_BREACHES)
    context.on("page", lambda page: watch(page, seen))
    page = context.new_page()
    yield page, seen
    assert not seen.faults(), seen.faults()
