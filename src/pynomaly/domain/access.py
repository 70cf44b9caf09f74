"""Who may do what: permissions, roles as sets of them, and the principal a request acts as."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pynomaly.domain.errors import Forbidden
from pynomaly.domain.identifiers import TenantId


class Permission(StrEnum):
    """One thing that can be allowed."""

    READ = "read"  # datasets, algorithms, detectors, detections, jobs and schedules of the workspace
    SCORE = "score"  # score rows and run detections
    JUDGE = "judge"  # say whether rows of a detection are anomalies
    WRITE_DATASETS = "write_datasets"
    WRITE_DETECTORS = "write_detectors"  # create, change, train, promote, retire, delete
    MANAGE_JOBS = "manage_jobs"  # cancel and retry the jobs of others
    WRITE_SCHEDULES = "write_schedules"
    MANAGE_CHANNELS = "manage_channels"  # channels, notification rules and deliveries
    MANAGE_SOURCES = "manage_sources"  # create, change, test, delete places that rows are read from
    MANAGE_USERS = "manage_users"
    MANAGE_KEYS = "manage_keys"
    READ_AUDIT = "read_audit"


class Role(StrEnum):
    """What people are in a workspace."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ENGINEER = "engineer"
    ADMIN = "admin"


_VIEWER = frozenset({Permission.READ})
_ANALYST = _VIEWER | {Permission.SCORE, Permission.JUDGE, Permission.WRITE_DATASETS}
_ENGINEER = _ANALYST | {
    Permission.WRITE_DETECTORS,
    Permission.MANAGE_JOBS,
    Permission.WRITE_SCHEDULES,
    Permission.MANAGE_CHANNELS,
    Permission.MANAGE_SOURCES,
}

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.ANALYST: _ANALYST,
    Role.ENGINEER: _ENGINEER,
    Role.ADMIN: frozenset(Permission),
}
"""THE TABLE of roles."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody a request acts as: a signed-in user or an API key, in one workspace.

    id: of the user or the key.  name: for people to read.
    """

    tenant_id: TenantId
    kind: Literal["user", "api_key"]
    id: str
    name: str
    permissions: frozenset[Permission]

    @property
    def actor(self) -> str:
        """How the audit log names it."""
        return f"{self.kind}:{self.id}"

    def require(self, permission: Permission) -> None:
        """Check a permission. Raises Forbidden naming what is missing."""
        if permission not in self.permissions:
            reason = f"this needs the permission '{permission}', which {self.name} does not have; ask an admin"
            raise Forbidden(reason, missing=permission)

    def require_all_of(self, role: Role) -> None:
        """Check that somebody may do all that a role may, before they give it away. Raises Forbidden."""
        excess = ROLE_PERMISSIONS[role] - self.permissions
        if excess:
            raise Forbidden(f"you cannot give away what you do not have: {', '.join(sorted(excess))}")


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Return the roles that allow something, the least of them first.

    >>> [str(role) for role in roles_with(Permission.MANAGE_CHANNELS)]
    ['engineer', 'admin']
    """
    return tuple(role for role in Role if permission in ROLE_PERMISSIONS[role])
