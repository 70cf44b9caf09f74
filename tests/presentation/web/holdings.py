"""Detections that pages of curves need: with labels that a detector could calibrate by, and looked at twice."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pynomaly.application.ports.asking import Asked
from pynomaly.application.workspace import Workspace
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import AlarmBudget
from tests.service.installed import Installation

HOSTILE = '<script>alert("1")</script>‮"><img src=x>'
N_ODD = 30


@dataclass(frozen=True)
class Holdings:
    """Ids. own: of the training rows.  fresh, rival: of the same other rows.  bare: of rows without a label."""

    workspace: Workspace
    dataset: str
    own: str
    fresh: str
    rival: str
    bare: str


def held(installation: Installation) -> Holdings:
    """Make them in the first workplace of an installation."""
    furniture = installation.here.furniture
    asked = Asked(furniture.tenant_id, f"user:{furniture.users[Role.ADMIN]}")
    workspace = open_workspace(installation.shared, asked)
    known = {"order": ColumnRole.IDENTIFIER, "odd": ColumnRole.LABEL, "spare": ColumnRole.IGNORED}
    kept, fresh, bare = (
        workspace.register_dataset(source=table(seed), name=name, source_name=name, roles=roles)[0]
        for seed, name, roles in (
            (1, "held training", known),
            (2, "held fresh", known),
            (3, "held bare", {"order": ColumnRole.IDENTIFIER, "odd": ColumnRole.FEATURE}),
        )
    )
    detectors = []
    for name, algorithm in (("held forest", "isolation_forest"), ("held rival", "ecod")):
        detector = workspace.create_detector(name=name, algorithm=algorithm, parameters={})
        workspace.train_detector(detector=detector.id, dataset=kept.id)
        detectors.append(detector.id)

    def look(detector: str, dataset: str, n_rows: int) -> str:
        policy = AlarmBudget(rows=n_rows)
        look = workspace.detect_anomalies(detector=detector, dataset=dataset, policy=policy, n_strangest=20)
        return str(look.detection.id)

    forest, rival = detectors
    found = look(forest, kept.id, 20), look(forest, fresh.id, 20), look(rival, fresh.id, 40), look(forest, bare.id, 5)
    return Holdings(workspace, fresh.id, *found)


def table(seed: int, n_rows: int = 400) -> pa.Table:
    """Return rows of which some are odd; the name of the first is hostile."""
    rng = np.random.default_rng(seed)
    is_odd = np.arange(n_rows) < N_ODD
    return pa.table(
        {
            "order": [HOSTILE, *(f"H-{number:04d}" for number in range(1, n_rows))],
            "amount": np.where(is_odd, rng.normal(120.0, 20.0, n_rows), rng.normal(70.0, 9.0, n_rows)),
            "speed": np.where(is_odd, rng.normal(3.0, 1.5, n_rows), rng.normal(0.0, 1.0, n_rows)),
            "spare": rng.choice(["yes", "no"], n_rows),
            "odd": is_odd,
        }
    )
