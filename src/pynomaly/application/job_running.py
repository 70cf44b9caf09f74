"""Doing what a job says, in whatever process does it."""

from dataclasses import dataclass
from typing import Any

from pynomaly.application.ports.opened_source import OpenedSource, Wanted
from pynomaly.application.ports.progress import Progress
from pynomaly.application.use_cases.detect_anomalies import DetectAnomalies
from pynomaly.application.use_cases.pull_dataset import PullDataset
from pynomaly.application.use_cases.train_detector import TrainDetector
from pynomaly.application.written_jobs import kinds_of, roles_of
from pynomaly.application.written_policies import policy_from_json
from pynomaly.domain.errors import NotFound
from pynomaly.domain.job import Job, JobKind


@dataclass(frozen=True, slots=True)
class JobRunning:
    """Turns a payload into the call it stands for; the call concludes the job in its own transaction."""

    train_detector: TrainDetector
    detect_anomalies: DetectAnomalies
    pull_dataset: PullDataset

    def __call__(self, job: Job, progress: Progress, source: OpenedSource | None = None) -> None:
        """Do the work. source: the one that the payload names, if any.  Raises whatever the use case raises."""
        payload: dict[str, Any] = dict(job.payload)
        match job.kind:
            case JobKind.TRAIN:
                self.train_detector(
                    detector=payload["detector_id"],
                    dataset=payload["dataset_id"],
                    seed=payload["seed"],
                    run_id=job.id,
                    then_detect=payload.get("then_detect", False),
                    progress=progress,
                )
            case JobKind.DETECT:
                self.detect_anomalies(
                    detector=payload["detector_id"],
                    dataset=payload.get("dataset_id"),
                    wanted=_wanted(payload, source) if "source_id" in payload else None,
                    version=payload["version"],
                    policy=policy_from_json(payload["policy"]),
                    n_strangest=payload["n_strangest"],
                    progress=progress,
                )
            case JobKind.PULL:
                wanted = _wanted(payload, source)
                self.pull_dataset(
                    source=wanted.source,
                    selection=wanted.selection,
                    name=payload["name"],
                    roles=wanted.roles,
                    kinds=wanted.kinds,
                    progress=progress,
                )


def source_of(job: Job) -> str | None:
    """Return the id of the source that a job reads, None for one that reads none."""
    found = job.payload.get("source_id")
    return None if found is None else str(found)


def _wanted(payload: dict[str, Any], source: OpenedSource | None) -> Wanted:
    if source is None:
        raise NotFound("whoever does this job was not handed the source that it reads")
    return Wanted(source, payload["selection"], roles_of(payload), kinds_of(payload))
