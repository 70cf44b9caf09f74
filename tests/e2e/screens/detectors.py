"""Screens of detectors."""

from playwright.sync_api import Page

from tests.e2e.screens.screen import Screen


def wish_for_too_many_trees(page: Page) -> None:
    """Send a parameter outside its range."""
    page.fill("[name='p.n_trees']", "0")
    page.click("button[form=create]")
    page.wait_for_selector(".refusal")


SCREENS = (
    Screen("detectors", "/detectors"),
    Screen("detectors-empty", "/detectors", stage="empty"),
    Screen("detector-new", "/detectors/new"),
    Screen("detector-new-empty", "/detectors/new", stage="empty"),
    Screen("detector-proposed", "/detectors/new?intent=table&dataset={dataset}"),
    Screen("detector-expert", "/detectors/new?intent=table&dataset={dataset}&expert=1"),
    Screen(
        "detector-refused",
        "/detectors/new?intent=table&dataset={dataset}",
        bring=wish_for_too_many_trees,
        forgiven=("422",),
    ),
    Screen("detector", "/detectors/{detector}"),
)
