"""What is asked while something is broken: one of each thing that people and programs do all day."""

import uuid
from dataclasses import dataclass

import numpy as np

from tests.faults.traffic import Question
from tests.storms.customers import N_COLUMNS, Customer

N_ROWS = 300


@dataclass(frozen=True, slots=True)
class Furniture:
    """What the questions are about."""

    dataset: str
    detector: str
    detection: str


def furnish(customer: Customer) -> Furniture:
    """Make a dataset, a trained detector and a detection; somebody has to be at work."""
    dataset, detector = customer.upload(N_ROWS), customer.create("isolation_forest")
    customer.train(detector, dataset)
    customer.wait_for_all()
    made = customer.client.ask("POST", "/detections", {"detector_id": detector, "dataset_id": dataset})
    return Furniture(dataset, detector, made.content["id"])


def questions(about: Furniture, rng: np.random.Generator) -> tuple[Question, ...]:
    """Return reading, scoring and changing; each has its own numbers to draw."""
    upload, row = rng.spawn(2)

    def rows() -> bytes:
        cells = upload.normal(size=(50, N_COLUMNS))
        return b"\n".join([b"a,b,c,d", *(",".join(f"{cell:.6f}" for cell in line).encode() for line in cells)])

    scored = [[float(cell) for cell in row.normal(size=N_COLUMNS)]]
    content = {"detector": about.detector, "columns": list("abcd"), "rows": scored}
    pair = {"detector_id": about.detector, "dataset_id": about.dataset, "policy": {"kind": "alarm_budget", "rows": 3}}
    return (
        Question("alive", "GET", lambda: ("/health/live", None)),
        Question("list", "GET", lambda: ("/detectors", None)),
        Question("read", "GET", lambda: (f"/detections/{about.detection}", None)),
        Question("score", "POST", lambda: ("/scores", content)),
        Question("create", "POST", lambda: ("/detectors", {"name": uuid.uuid4().hex}), 201, 0.3),
        Question("upload", "POST", lambda: (f"/datasets?name={uuid.uuid4().hex}", rows()), 201, 0.5),
        Question("detect", "POST", lambda: ("/detections", pair), 201, 0.5),
        Question(
            "train", "POST", lambda: (f"/detectors/{about.detector}/train", {"dataset_id": about.dataset}), 202, 1.0
        ),
    )
