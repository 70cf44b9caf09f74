"""What screens are shown with: a workspace in which work has been done, and one in which nothing has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.sample import write_sample
from tests.e2e.house import House, Workplace
from tests.e2e.stage_jobs import jobs_on_stage
from tests.e2e.telling import first_delivery, have_people_told

N_PAYMENTS = 5_000
PLANTED = (120, 988, 1507, 2760, 3333, 4100, 4890)


@dataclass(frozen=True)
class Stage:
    """Two workplaces, and the ids of what is in the furnished one, by what paths call them."""

    furnished: Workplace
    empty: Workplace
    ids: Mapping[str, str]


def set_stage(house: House, folder: Path) -> Stage:
    """Furnish a workplace with what people would have: tumours that were screened, and card payments."""
    place, empty = house.workplace("willow"), house.workplace("bare")
    workspace = place.workspace
    tumours, _ = workspace.register_dataset(
        source=str(write_sample(folder)),
        name="screened",
        source_name="breast_cancer.csv",
        roles={"patient": ColumnRole.IDENTIFIER, "malignant": ColumnRole.LABEL},
    )
    payments, _ = workspace.register_dataset(
        source=payments_table(),
        name="card payments",
        source_name="payments.csv",
        roles={"payment": ColumnRole.IDENTIFIER, "is_fraud": ColumnRole.LABEL},
    )
    told = have_people_told(workspace)
    fraud = workspace.create_detector(name="Fraud", algorithm="isolation_forest", parameters={"n_trees": 300})
    workspace.train_detector(detector=fraud.id, dataset=payments.id)
    workspace.train_detector(detector=fraud.id, dataset=payments.id, seed=1)
    screening = workspace.create_detector(name="Screening", algorithm="ecod", parameters={})
    workspace.train_detector(detector=screening.id, dataset=tumours.id)
    look_through_the_night(house, place, fraud.id, payments.id)
    found = workspace.detect_anomalies(detector=fraud.id, dataset=payments.id, n_strangest=100).detection
    other = workspace.detect_anomalies(detector=screening.id, dataset=tumours.id, n_strangest=100).detection
    sensor, _ = workspace.register_dataset(source=calm_table(), name="pump 7", source_name="pump-7.csv")
    calm = workspace.create_detector(name="Pump watch", algorithm="isolation_forest", parameters={"n_trees": 300})
    workspace.train_detector(detector=calm.id, dataset=sensor.id)
    quiet = workspace.detect_anomalies(detector=calm.id, dataset=sensor.id, n_strangest=100).detection
    april, _ = workspace.register_dataset(
        source=payments_table(seed=4),
        name="payments of April",
        source_name="payments-april.csv",
        roles={"payment": ColumnRole.IDENTIFIER, "is_fraud": ColumnRole.LABEL},
    )
    rival = workspace.create_detector(name="Rival", algorithm="ecod", parameters={})
    workspace.train_detector(detector=rival.id, dataset=payments.id)
    fresh = workspace.detect_anomalies(detector=fraud.id, dataset=april.id, n_strangest=100).detection
    by_rival = workspace.detect_anomalies(detector=rival.id, dataset=april.id, n_strangest=100).detection
    workspace.create_schedule(
        name="payments every night",
        cron="0 3 * * *",
        time_zone="Europe/Berlin",
        kind=JobKind.DETECT,
        payload={"detector_id": fraud.id, "dataset_id": payments.id},
    )
    ids = {
        "fresh_detection": fresh.id,
        "rival_detection": by_rival.id,
        "quiet_detection": quiet.id,
        "dataset": payments.id,
        "tumours": tumours.id,
        "detector": fraud.id,
        "detection": found.id,
        "other_detection": other.id,
        "row": str(found.strangest[0].row),
        "quiet_dataset": sensor.id,
        **jobs_on_stage(workspace, payments.id, sensor.id),
        "viewer": place.users[Role.VIEWER],
        "delivery": first_delivery(workspace),
        **told,
    }
    return Stage(place, empty, ids)


def look_through_the_night(house: House, place: Workplace, detector: str, dataset: str) -> None:
    """Have a detector look several times in the hours before; now and then a few rows stand out."""
    asked = Asked(place.tenant_id, f"user:{place.users[Role.ADMIN]}")
    for hours, most in ((21, 0), (16, 3), (11, 0), (7, 12), (3, 1)):
        then = datetime.now(UTC) - timedelta(hours=hours)
        workspace = open_workspace(replace(house.shared, clock=lambda then=then: then), asked)
        workspace.detect_anomalies(detector=detector, dataset=dataset, policy=AlarmBudget(rows=most), n_strangest=20)


def payments_table(n_rows: int = N_PAYMENTS, seed: int = 3) -> pa.Table:
    """Return card payments of which the planted ones are unlike the rest in several columns."""
    rng = np.random.default_rng(seed)
    is_fraud = np.isin(np.arange(n_rows), PLANTED)
    amount = np.round(rng.lognormal(3.4, 0.7, n_rows), 2)
    at = np.datetime64("2026-03-01T00:00:00") + np.sort(rng.integers(0, 28 * 86_400, n_rows)).astype("timedelta64[s]")
    country = rng.choice(["DE", "FR", "AT", "NL", "CH"], n_rows, p=[0.62, 0.14, 0.1, 0.08, 0.06])
    device = rng.choice(["ios", "android", "web"], n_rows, p=[0.46, 0.38, 0.16])
    return pa.table(
        {
            "payment": [f"P-{number:06d}" for number in range(n_rows)],
            "time": at,
            "amount": np.where(is_fraud, np.round(amount * rng.uniform(25, 60, n_rows), 2), amount),
            "items": rng.poisson(2.4, n_rows) + np.where(is_fraud, 14, 1),
            "country": np.where(is_fraud & (rng.random(n_rows) < 0.6), "KY", country),
            "device": np.where(is_fraud & (rng.random(n_rows) < 0.5), "emulator", device),
            "account_age_days": np.where(is_fraud, rng.integers(0, 3, n_rows), rng.integers(30, 2_400, n_rows)),
            "is_fraud": is_fraud,
        }
    )


def calm_table(n_rows: int = 2_000, seed: int = 5) -> pa.Table:
    """Return readings in which nothing stands out."""
    rng = np.random.default_rng(seed)
    columns = {"pressure": (4.2, 0.1), "temperature": (61.0, 1.5), "vibration": (0.8, 0.05), "flow": (118.0, 4.0)}
    return pa.table({name: rng.uniform(mean - 2 * by, mean + 2 * by, n_rows) for name, (mean, by) in columns.items()})
