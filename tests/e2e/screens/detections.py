"""Screens of detections."""

from pynomaly.domain.access import Role
from tests.e2e.screens.screen import Screen

SCREENS = (
    Screen("detections", "/detections"),
    Screen("detections-empty", "/detections", stage="empty"),
    Screen("detection", "/detections/{detection}"),
    Screen("detection-nothing-found", "/detections/{quiet_detection}"),
    Screen("detection-nothing-so-severe", "/detections/{other_detection}?severity=90"),
    Screen("anomaly", "/detections/{detection}/rows/{row}"),
    Screen("anomaly-for-a-viewer", "/detections/{detection}/rows/{row}", role=Role.VIEWER),
)
