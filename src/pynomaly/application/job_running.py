"""Doing what a job says, in whatever process does it."""

from dataclasses import dataclass
from typing import Any

from pynomaly.application.ports.progress import Progress
from pynomaly.application.use_cases.detect_anomalies import DetectAnomalies
from pynomaly.application.use_cases.train_detector import TrainDetector
from pynomaly.application.written_policies import policy_from_json
from pynomaly.domain.job import Job, JobKind


@dataclass(frozen=True, slots=True)
class JobRunning:
    """Turns a payload into the call it stands for; the call concludes the job in its own transaction."""

    train_detector: TrainDetector
    detect_anomalies: DetectAnomalies

    def __call__(self, job: Job, progress: Progress) -> None:
        """Do the work. Raises whatever the use case raises."""
        payload: dict[str, Any] = dict(job.payload)
        match job.kind:
            case JobKind.TRAIN:
                self.train_detector(
                    detector=payload["detector_id"],
                    dataset=payload["dataset_id"],
                    seed=payload["seed"],
                    run_id=job.id,
                    progress=progress,
                )
            case JobKind.DETECT:
                self.detect_anomalies(
                    detector=payload["detector_id"],
                    dataset=payload["dataset_id"],
                    version=payload["version"],
                    policy=policy_from_json(payload["policy"]),
                    n_strangest=payload["n_strangest"],
                    progress=progress,
                )
