"""THE LIST of screens: axe looks at each of them, and `make screens` takes their pictures."""

from tests.e2e.screens import charts, detections, detectors, entrance, people, rows, telling, today
from tests.e2e.screens.screen import Screen

SCREENS: tuple[Screen, ...] = (
    *entrance.SCREENS,
    *detections.SCREENS,
    *charts.SCREENS,
    *rows.SCREENS,
    *detectors.SCREENS,
    *today.SCREENS,
    *telling.SCREENS,
    *people.SCREENS,
)
