"""Screens of the day."""

from pynomaly.domain.access import Role
from tests.e2e.screens.screen import Screen

SCREENS = (
    Screen("today", "/"),
    Screen("today-empty", "/", stage="empty"),
    Screen("today-empty-viewer", "/", stage="empty", role=Role.VIEWER),
)
