"""The ledger against the evidence: whatever was promised is there, once, and nothing else is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.storms.evidence import Evidence
from tests.storms.ledger import JOBS, Action, Ledger


@dataclass(frozen=True, slots=True)
class Judgement:
    """Sentences about what is wrong; none where all is well."""

    lost: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.lost and not self.twice


def judge(ledger: Ledger, evidence: Evidence) -> Judgement:
    """Compare."""
    return Judgement(
        lost=(*_lost_jobs(ledger, evidence), *_lost_results(evidence), *_lost_things(ledger, evidence)),
        twice=(*_surplus(ledger, evidence), *_version_faults(evidence), *_event_faults(evidence)),
    )


def _lost_jobs(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    for job_id in ledger.ids(*JOBS):
        job = evidence.jobs.get(job_id)
        if job is None:
            yield f"job {job_id} was promised and is gone"
        elif job["status"] != "succeeded":
            yield f"job {job_id} is {job['status']} after {job['attempt']} attempts: {job['failure_detail']}"


def _lost_results(evidence: Evidence) -> Iterator[str]:
    for job_id, job in evidence.jobs.items():
        result = job["result"] or {}
        if job["status"] != "succeeded":
            continue
        if job["kind"] == "detect" and result["detection_id"] not in evidence.detections:
            yield f"job {job_id} points to a detection that is not there"
        if job["kind"] == "train" and result["version"] not in _numbers(evidence, result["detector_id"]):
            yield f"job {job_id} points to a version that is not there"


def _lost_things(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    there = {
        Action.CREATE: evidence.detector_ids,
        Action.UPLOAD: evidence.dataset_fingerprints.keys(),
        Action.DETECT_AT_ONCE: evidence.detections.keys(),
    }
    for action, ids in there.items():
        yield from (f"{action}: {one} was promised and is gone" for one in ledger.ids(action) if one not in ids)


def _surplus(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    """Nobody keeps a thing that no client was told of: each asked until it had an answer."""
    of_jobs = [
        job["result"]["detection_id"] for job in evidence.jobs.values() if "detection_id" in (job["result"] or {})
    ]
    accounts = {
        "jobs": (evidence.jobs.keys(), ledger.ids(*JOBS)),
        "detectors": (evidence.detector_ids, ledger.ids(Action.CREATE)),
        "datasets": (evidence.dataset_fingerprints.keys(), ledger.ids(Action.UPLOAD)),
        "detections": (evidence.detections.keys(), [*ledger.ids(Action.DETECT_AT_ONCE), *of_jobs]),
    }
    for kind, (there, promised) in accounts.items():
        yield from (f"{kind}: {one} was made and promised to nobody" for one in there - set(promised))
        yield from (f"{kind}: {one} counts {n} times" for one, n in Counter(promised).items() if n > 1)


def _version_faults(evidence: Evidence) -> Iterator[str]:
    trained = Counter(
        (job["result"]["detector_id"], job["result"]["version"])
        for job in evidence.jobs.values()
        if job["kind"] == "train" and job["status"] == "succeeded"
    )
    yield from (f"version {place} is the result of {n} jobs" for place, n in trained.items() if n > 1)
    for detector in evidence.detector_ids:
        numbers, k = _numbers(evidence, detector), sum(1 for one, _ in trained if one == detector)
        if numbers != list(range(1, k + 1)):
            yield f"detector {detector} has {len(numbers)} versions, the last {numbers[-1:]}, from {k} trainings"
        moments = [row["trained_at"] for row in evidence.versions.get(detector, ())]
        if moments != sorted(moments):
            yield f"detector {detector} has versions that are not in the order of their times"
        runs = [run for run in evidence.runs.values() if run["detector_id"] == detector]
        if sorted(run["version"] or 0 for run in runs) != numbers or {run["status"] for run in runs} - {"succeeded"}:
            yield f"detector {detector} has {len(runs)} training runs for {k} trainings"
    yield from (f"training run {one} belongs to no job" for one in evidence.runs.keys() - evidence.jobs.keys())


def _event_faults(evidence: Evidence) -> Iterator[str]:
    expected = {
        "JobSubmitted": evidence.jobs.keys(),
        "JobEnded": evidence.jobs.keys(),
        "AnomaliesDetected": evidence.detections.keys(),
        "DatasetRegistered": evidence.dataset_fingerprints.keys(),
        "DetectorCreated": evidence.detector_ids,
        "DetectorTrained": {
            f"{detector}@{number}" for detector in evidence.versions for number in _numbers(evidence, detector)
        },
        "TrainingFailed": set[str](),
    }
    for kind, about in expected.items():
        if evidence.events.get(kind, Counter()) != Counter(about):
            found = evidence.events.get(kind, Counter())
            yield f"{kind}: {found.total()} events for {len(about)}; {dict((found - Counter(about)).most_common(3))}"


def _numbers(evidence: Evidence, detector: str) -> list[int]:
    return [int(row["number"]) for row in evidence.versions.get(detector, ())]
