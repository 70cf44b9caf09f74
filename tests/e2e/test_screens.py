"""Every screen in every theme as axe sees it, and on a phone: nothing serious, nothing wider than the glass."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.all_screens import SCREENS
from tests.e2e.screens.screen import Screen
from tests.e2e.stage import Stage
from tests.e2e.visits import PHONE, Visit

SERIOUS = ("serious", "critical")
EVERYTHING = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
THEMES = {"light": EVERYTHING, "dark": COLOURS, "contrast": COLOURS}
"""What is looked for in each theme: between themes only colours differ."""
WEAR = """
async (theme) => {
  document.documentElement.setAttribute("data-theme", theme);
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(changing.map((one) => one.finished));
}
"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def brought(visit: Visit, stage: Stage, screen: Screen) -> Page:
    """Open a screen and bring it into its state."""
    for part in screen.forgiven:
        visit.watch.forgive(part)
    page = visit.go(screen.path.format(**stage.ids))
    screen.bring(page)
    page.wait_for_load_state("networkidle")
    return page


def found_by_axe(page: Page, theme: str) -> list[tuple[str, list[str]]]:
    """Return what is serious in a theme."""
    page.evaluate(WEAR, theme)
    violations = Axe().run(page, options=THEMES[theme]).response["violations"]
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in violations if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_axe_finds_nothing_serious_and_a_phone_shows_all_of_it(visit, stage, screen) -> None:
    place = stage.furnished if screen.stage == "furnished" else stage.empty
    page = brought(visit(screen.role, at=place), stage, screen)
    assert {theme: found_by_axe(page, theme) for theme in THEMES} == {theme: [] for theme in THEMES}
    page.set_viewport_size(PHONE)
    assert page.evaluate(OVERFLOW) <= 0
