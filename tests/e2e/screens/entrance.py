"""Screens before anybody is signed in, and pages that are not there."""

from playwright.sync_api import Page

from tests.e2e.screens.screen import Screen


def refuse(page: Page) -> None:
    """Sign in with a wrong password."""
    page.fill("[name=email]", "somebody@example.org")
    page.fill("[name=password]", "not the password")
    page.click("button[type=submit]")
    page.wait_for_selector(".refusal")


SCREENS = (
    Screen("sign-in", "/sign-in", role=None),
    Screen("sign-in-refused", "/sign-in", role=None, bring=refuse, forgiven=("401",)),
    Screen("not-found", "/detections/0123456789abcdef0123456789abcdef", forgiven=("404",)),
)
