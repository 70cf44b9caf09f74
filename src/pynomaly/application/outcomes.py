"""What work came to, as data: the ids that a finished job points to."""

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector
from pynomaly.domain.job import Job


def outcome_of(subject: object) -> dict[str, JsonValue]:
    """Return the ids of what was made. Raises TypeError for a thing that no job makes."""
    match subject:
        case Detector():
            return {"detector_id": subject.id, "version": subject.live_version}
        case (Detector() as detector, Job() as following):
            return outcome_of(detector) | {"next_job_id": following.id}
        case Detection():
            return {"detection_id": subject.id, "n_anomalies": subject.n_anomalies}
        case (Dataset() as dataset, tuple() as notes):
            return {"dataset_id": dataset.id, "notes": list(notes)}
        case Dataset():
            return {"dataset_id": subject.id}
        case _:
            raise TypeError(f"no job comes to a {type(subject).__name__}")
