"""Takes the picture of every screen, light and dark, and of some on a phone: `make screens`.

python -m tests.e2e.take_screens --folder docs/screens [--only today]
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.e2e.all_screens import SCREENS
from tests.e2e.chromium import launched
from tests.e2e.house import House, running
from tests.e2e.screens.screen import Screen
from tests.e2e.stage import Stage, set_stage
from tests.e2e.visits import DESK, PHONE, visiting

THEMES = ("light", "dark")
ON_A_PHONE = frozenset({"today", "drop", "detection", "anomaly", "studio", "detector"})
"""Screens whose picture is taken on a phone too; that all of them fit one is a test."""


def main() -> None:
    """Take the pictures."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--folder", type=Path, default=Path("docs/screens"))
    reader.add_argument(
        "--only", default="", help="only screens whose names contain one of these words, separated by commas"
    )
    asked = reader.parse_args()
    words = asked.only.split(",")
    chosen = [screen for screen in SCREENS if any(word in screen.name for word in words)]
    with tempfile.TemporaryDirectory() as work, running(Path(work)) as house, launched() as browser:
        stage = set_stage(house, Path(work))
        for screen in chosen:
            for theme in THEMES:
                take(browser, house, stage, screen, theme, DESK, asked.folder / theme / f"{screen.name}.png")
            if screen.name in ON_A_PHONE:
                take(browser, house, stage, screen, "light", PHONE, asked.folder / "phone" / f"{screen.name}.png")


def take(
    browser: Browser, house: House, stage: Stage, screen: Screen, theme: str, viewport: dict[str, int], path: Path
) -> None:
    """Take one picture."""
    place = stage.furnished if screen.stage == "furnished" else stage.empty
    token = None if screen.role is None else house.session(place, screen.role)
    with visiting(browser, house.url, token, theme=theme, viewport=viewport) as visit:
        for part in screen.forgiven:
            visit.watch.forgive(part)
        page = visit.go(screen.path.format(**stage.ids))
        screen.bring(page)
        page.wait_for_load_state("networkidle")
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)


if __name__ == "__main__":
    main()
