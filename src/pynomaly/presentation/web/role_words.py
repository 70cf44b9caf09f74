"""What roles and permissions are called, and what each permission allows."""

from collections.abc import Mapping

from pynomaly.domain.access import Permission, Role
from pynomaly.presentation.web.texts import _

ROLES: Mapping[Role, str] = {
    Role.VIEWER: _("viewer"),
    Role.ANALYST: _("analyst"),
    Role.ENGINEER: _("engineer"),
    Role.ADMIN: _("admin"),
}

PERMISSIONS: Mapping[Permission, str] = {
    Permission.READ: _("see datasets, detectors, detections and jobs"),
    Permission.SCORE: _("score rows and run detections"),
    Permission.JUDGE: _("say what flagged rows are: confirmed, expected, false alarms"),
    Permission.WRITE_DATASETS: _("add, change and delete datasets"),
    Permission.WRITE_DETECTORS: _("create, train, promote and delete detectors"),
    Permission.MANAGE_JOBS: _("cancel and retry the jobs of others"),
    Permission.WRITE_SCHEDULES: _("make and change schedules"),
    Permission.MANAGE_CHANNELS: _("keep channels and rules, and see deliveries"),
    Permission.MANAGE_SOURCES: _("keep the places that rows are read from"),
    Permission.MANAGE_USERS: _("let people in, and change what they may do"),
    Permission.MANAGE_KEYS: _("make and revoke API keys"),
    Permission.READ_AUDIT: _("read and verify the audit log"),
}
"""Each permission as what it allows; a test sees that none is missing."""
