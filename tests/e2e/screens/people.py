"""Screens of admins, of one's account, of help, and what lies over every page."""

from playwright.sync_api import Page

from pynomaly.domain.access import Role
from tests.e2e.screens.screen import Screen


def make_key(page: Page) -> None:
    """Fill in what a key needs."""
    page.fill("[name=name]", "nightly")
    page.click("text=Make key and show it once")
    page.wait_for_selector("#new-key")


def let_in_badly(page: Page) -> None:
    """Choose a password that everybody tries first."""
    page.fill("[name=name]", "Ada")
    page.fill("[name=email]", "ada@example.org")
    page.fill("[name=password]", "password123")
    page.click("text=Let them in")
    page.wait_for_selector(".refusal")


def verify(page: Page) -> None:
    """Walk the log."""
    page.click("text=Verify the log")
    page.wait_for_selector("#verdict .state")


def search(page: Page) -> None:
    """Look for something by a part of its name."""
    page.keyboard.press("Control+k")
    page.fill("#palette-input", "fra")
    page.wait_for_selector("#palette-list :text('Fraud')")


def search_in_vain(page: Page) -> None:
    """Look for something that is not there."""
    page.keyboard.press("Control+k")
    page.fill("#palette-input", "no such thing")
    page.wait_for_selector("#option-none")


def show_keys(page: Page) -> None:
    """Ask which keys there are."""
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")


SCREENS = (
    Screen("people", "/admin"),
    Screen("people-not-allowed", "/admin", role=Role.ANALYST, forgiven=("403",)),
    Screen("user-new", "/admin/users/new"),
    Screen("user-new-refused", "/admin/users/new", bring=let_in_badly, forgiven=("422",)),
    Screen("user", "/admin/users/{viewer}"),
    Screen("keys-empty", "/admin/keys", stage="empty"),
    Screen("key-new", "/admin/keys/new"),
    Screen("key-shown", "/admin/keys/new", bring=make_key),
    Screen("keys", "/admin/keys"),
    Screen("audit", "/admin/audit"),
    Screen("audit-verified", "/admin/audit", bring=verify),
    Screen("audit-none-such", "/admin/audit?type=KeysRotated"),
    Screen("health", "/admin/health"),
    Screen("account", "/account", role=Role.ENGINEER),
    Screen("help", "/help"),
    Screen("search-page", "/palette?q=fraud"),
    Screen("search", "/help", bring=search),
    Screen("search-in-vain", "/help", bring=search_in_vain),
    Screen("keys-sheet", "/help", bring=show_keys),
)
