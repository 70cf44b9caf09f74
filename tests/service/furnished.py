"""A workspace with somebody of each role in it and something of each kind; everything is named after one word."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from pynomaly.application.ports.asking import Asked
from pynomaly.application.program import Workspace
from pynomaly.assembly.people import people_of
from pynomaly.assembly.workspace import Adapters, open_workspace
from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.identifiers import TenantId
from pynomaly.domain.job import JobKind

PASSWORD = "correct horse battery staple"
N_ROWS, PLANTED = 300, (7, 99, 250)


@dataclass(frozen=True)
class Furnished:
    """What is in a workspace. word: stands in every name and nowhere else."""

    word: str
    tenant_id: TenantId
    emails: Mapping[Role, str]
    users: Mapping[Role, str]
    keys: Mapping[Permission, str]
    key: str
    dataset: str
    detector: str
    detection: str
    job: str
    schedule: str
    password: str = PASSWORD

    @property
    def ids(self) -> dict[str, str]:
        """The id of one thing of each kind, by the noun of its addresses."""
        return {
            "datasets": self.dataset,
            "detectors": self.detector,
            "detections": self.detection,
            "jobs": self.job,
            "schedules": self.schedule,
            "users": self.users[Role.VIEWER],
            "api-keys": self.key,
        }


def furnished(shared: Adapters, word: str) -> Furnished:
    """Make a workspace and fill it."""
    tenant = people_of(shared).create_tenant(name=f"{word} works")
    emails = {role: f"{word}.{role}@example.org" for role in Role}
    membership = people_of(shared).membership(Asked(tenant.id, "furniture"))
    create = partial(membership.create_user, password=PASSWORD)
    users = {role: create(email=emails[role], name=f"{word} {role}", role=role).id for role in Role}
    made = {one: _key(membership, word, one) for one in Permission}
    spare, _ = _key(membership, f"{word} spare", Permission.READ)
    workspace = open_workspace(shared, Asked(tenant.id, f"user:{users[Role.ADMIN]}"))
    keys = {permission: text for permission, (_, text) in made.items()}
    return Furnished(word, tenant.id, emails, users, keys, spare.id, **_things(workspace, word))


def rows(seed: int = 7, prefix: str = "") -> pa.Table:
    """Return rows of which three are far out, and known to be."""
    rng = np.random.default_rng(seed)
    amount, speed = rng.normal(70.0, 9.0, N_ROWS), rng.normal(0.0, 1.0, N_ROWS)
    is_odd = np.isin(np.arange(N_ROWS), PLANTED)
    columns = {
        "order": [f"A-{number:04d}" for number in range(N_ROWS)],
        "amount": np.where(is_odd, amount * 9, amount),
        "speed": np.where(is_odd, speed + 11, speed),
        "device": rng.choice(["ios", "android", "web"], N_ROWS),
        "odd": is_odd,
    }
    return pa.table({f"{prefix}{name}": values for name, values in columns.items()})


def _key(membership: Any, name: str, permission: Permission) -> Any:
    everything = ROLE_PERMISSIONS[Role.ADMIN]
    return membership.create_api_key(name=f"{name} key", permissions=[permission], days=30, of_creator=everything)


def _things(workspace: Workspace, word: str) -> dict[str, str]:
    prefix = f"{word}_"
    roles = {f"{prefix}order": ColumnRole.IDENTIFIER, f"{prefix}odd": ColumnRole.LABEL}
    table = rows(prefix=prefix)
    dataset, _ = workspace.register_dataset(source=table, name=f"{word} orders", source_name="", roles=roles)
    detector = workspace.create_detector(name=f"{word} watch", algorithm="isolation_forest", parameters={"n_trees": 20})
    for seed in (1, 2):
        workspace.train_detector(detector=detector.id, dataset=dataset.id, seed=seed)
    look = workspace.detect_anomalies(detector=detector.id, dataset=dataset.id, n_strangest=20)
    payload = {"detector_id": detector.id, "dataset_id": dataset.id}
    job = workspace.submit_job(kind=JobKind.TRAIN, payload=payload)
    workspace.cancel_job(job=job.id)
    schedule = workspace.create_schedule(
        name=f"{word} nightly", cron="0 3 * * *", time_zone="Europe/Berlin", kind=JobKind.DETECT, payload=payload
    )
    return {
        "dataset": dataset.id,
        "detector": detector.id,
        "detection": look.detection.id,
        "job": job.id,
        "schedule": schedule.id,
    }
