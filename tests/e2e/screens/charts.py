"""Screens that draw: the studio, evaluation and comparison."""

from playwright.sync_api import Page

from pynomaly.domain.access import Role
from tests.e2e.screens.screen import Screen


def show_tables(page: Page) -> None:
    """Swap every chart for its table."""
    for button in page.locator("[data-twin]").all():
        button.click()


def walk_a_chart(page: Page) -> None:
    """Stop at a point of the first chart."""
    page.locator(".drawing").first.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")


SCREENS = (
    Screen("studio", "/detections/{fresh_detection}/studio"),
    Screen("studio-budget", "/detections/{fresh_detection}/studio?rows=40", bring=walk_a_chart),
    Screen("studio-of-training-rows", "/detections/{detection}/studio"),
    Screen("studio-nothing-flagged", "/detections/{quiet_detection}/studio"),
    Screen("studio-refused", "/detections/{detection}/studio?threshold=high", forgiven=("400", "422")),
    Screen("studio-as-viewer", "/detections/{fresh_detection}/studio", role=Role.VIEWER),
    Screen("studio-as-table", "/detections/{fresh_detection}/studio", bring=show_tables),
    Screen("evaluation", "/detections/{fresh_detection}/evaluation"),
    Screen("evaluation-of-screening", "/detections/{other_detection}/evaluation", bring=walk_a_chart),
    Screen("evaluation-as-tables", "/detections/{fresh_detection}/evaluation", bring=show_tables),
    Screen("evaluation-without-label", "/detections/{quiet_detection}/evaluation"),
    Screen("evaluation-of-other-column", "/detections/{fresh_detection}/evaluation?label=amount", forgiven=("4",)),
    Screen("comparison", "/detections/{fresh_detection}/compare?other={rival_detection}"),
    Screen("comparison-to-be-chosen", "/detections/{fresh_detection}/compare"),
    Screen("comparison-with-nothing", "/detections/{quiet_detection}/compare"),
    Screen("comparison-of-other-rows", "/detections/{fresh_detection}/compare?other={detection}", forgiven=("409",)),
)
