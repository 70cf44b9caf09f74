"""One look at a dataset: the job that trains, and after it the one that detects."""

from dataclasses import dataclass

from pynomaly.application.queries import Queries
from pynomaly.domain.errors import NotFound
from pynomaly.domain.job import Job, JobStatus


@dataclass(frozen=True, slots=True)
class Look:
    """A look. detecting: None until the training succeeded."""

    training: Job
    detecting: Job | None

    @property
    def job(self) -> Job:
        """The job at work, or the last one."""
        return self.detecting or self.training

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self.job.status.is_final

    @property
    def detection_id(self) -> str | None:
        """What it came to."""
        if self.job.status is not JobStatus.SUCCEEDED:
            return None
        found = (self.job.result or {}).get("detection_id")
        return None if found is None else str(found)

    @property
    def n_anomalies(self) -> int:
        """How many rows were flagged."""
        found = (self.job.result or {}).get("n_anomalies")
        return found if isinstance(found, int) else 0


def look_of(queries: Queries, job_id: str, dataset_id: str) -> Look:
    """Return the look that began with a job. Raises NotFound where that job is no look at the dataset."""
    training = queries.job(job_id)
    if training.payload.get("dataset_id") != dataset_id:
        raise NotFound("this job has to do with another dataset")
    following = (training.result or {}).get("next_job_id")
    return Look(training, None if following is None else queries.job(str(following)))
