"""Screens of channels, rules and deliveries."""

from playwright.sync_api import Page

from pynomaly.domain.access import Role
from tests.e2e.screens.screen import Screen


def send_a_test(page: Page) -> None:
    """Press the button that sends a message, which cannot arrive."""
    page.click("text=Send a test message")
    page.wait_for_selector("#trial .state")


def narrow_down(page: Page) -> None:
    """Ask for severe findings only, and see what it comes to."""
    page.fill("[name=least_severity]", "75")
    page.check("[name=channel] >> nth=0")
    page.wait_for_selector("#preview .said")


SCREENS = (
    Screen("channels", "/channels"),
    Screen("channels-empty", "/channels", stage="empty"),
    Screen("channels-not-allowed", "/channels", role=Role.VIEWER, forgiven=("403",)),
    Screen("channel-new", "/channels/new"),
    Screen("channel-new-email", "/channels/new?kind=email"),
    Screen("channel", "/channels/{channel}"),
    Screen("channel-test-failed", "/channels/{channel}", bring=send_a_test, forgiven=("424", "422")),
    Screen("rules", "/rules"),
    Screen("rules-empty", "/rules", stage="empty"),
    Screen("rule-new", "/rules/new", bring=narrow_down),
    Screen("rule-new-without-channels", "/rules/new", stage="empty"),
    Screen("rule", "/rules/{rule}"),
    Screen("deliveries", "/deliveries"),
    Screen("deliveries-empty", "/deliveries", stage="empty"),
    Screen("deliveries-none-such", "/deliveries?status=delivered"),
    Screen("delivery", "/deliveries/{delivery}"),
)
