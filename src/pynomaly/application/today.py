"""Is anything wrong now? One look at a workspace: what was found, what failed, what stands still, and a verdict."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.recent import (
    Alarm,
    DetectorState,
    FailedDelivery,
    FailedJob,
    FailedTraining,
    Looked,
    Some,
    Upcoming,
    WorkAtHand,
)

DAY, WEEK = timedelta(days=1), timedelta(days=7)
PATIENCE_SECONDS = 30.0  # a worker looks for jobs every second; one that waits this long has none to take it
OVERDUE_SECONDS = 60.0  # schedules are looked at every second too, by every worker
MOST_LISTED = 20
MOST_DETECTORS = 100
MOST_SCHEDULES = 500


class Verdict(StrEnum):
    """The answer in a word."""

    ALL_QUIET = "all_quiet"
    """Nothing stood out in the last day, and nothing failed or stands still."""
    LOOK_HERE = "look_here"
    """Rows were flagged within the last day."""
    SOMETHING_IS_BROKEN = "something_is_broken"
    """Something failed or stands still, so that silence means nothing."""
    NOTHING_YET = "nothing_yet"
    """Nothing was ever looked at."""


class ReasonKind(StrEnum):
    """Why the verdict is what it is."""

    NO_WORKER = "no_worker"
    """Jobs wait, and nobody takes any. `n` wait, the first of them for `seconds`."""
    OVERDUE_SCHEDULE = "overdue_schedule"
    """`n` schedules should have submitted their job; the first of them `seconds` ago."""
    FAILED_TRAINING = "failed_training"
    """The last training of `n` detectors failed within the last seven days; `ids` are theirs."""
    FAILED_JOB = "failed_job"
    """`n` jobs failed for good within the last day, those that trained left out where they are told of already."""
    FAILED_DELIVERY = "failed_delivery"
    """`n` messages were given up within the last day."""
    ANOMALIES = "anomalies"
    """`n` rows were flagged within the last day by the detections in `ids`, the worst with `severity`."""
    NOTHING_LATELY = "nothing_lately"
    """Nothing was looked at within the last day; the last time was `seconds` ago."""
    NEVER_LOOKED = "never_looked"
    """There is no detection; there are `n` datasets."""


BROKEN = frozenset(
    {
        ReasonKind.NO_WORKER,
        ReasonKind.OVERDUE_SCHEDULE,
        ReasonKind.FAILED_TRAINING,
        ReasonKind.FAILED_JOB,
        ReasonKind.FAILED_DELIVERY,
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as data: each door has its own words for it.

    ids: of what it is about, the newest or most urgent first, at most `MOST_LISTED`.
    """

    kind: ReasonKind
    n: int
    ids: tuple[str, ...] = ()
    seconds: float | None = None
    severity: float | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A detector, and when a schedule trains or asks it next, None if none does."""

    detector: DetectorState
    next_run_at: datetime | None


@dataclass(frozen=True, slots=True)
class Today:
    """A workspace at one moment. alarms: of the last seven days.  overdue: schedules whose time has passed."""

    at: datetime
    last_day: Looked
    last_week: Looked
    last_look: datetime | None
    alarms: tuple[Alarm, ...]
    detectors: tuple[Watched, ...]
    overdue: tuple[Upcoming, ...]
    failed_trainings: Some[FailedTraining]
    failed_jobs: Some[FailedJob]
    failed_deliveries: Some[FailedDelivery]
    work: WorkAtHand
    n_datasets: int

    @property
    def verdict(self) -> Verdict:
        """What is broken comes before what was found: who is not told of failures trusts a silence that means none."""
        kinds = {reason.kind for reason in self.reasons}
        if kinds & BROKEN:
            return Verdict.SOMETHING_IS_BROKEN
        if ReasonKind.ANOMALIES in kinds:
            return Verdict.LOOK_HERE
        return Verdict.NOTHING_YET if ReasonKind.NEVER_LOOKED in kinds else Verdict.ALL_QUIET

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason there is, the gravest first."""
        return (*_standing_still(self), *_failures(self), *_findings(self))

    def as_data(self) -> dict[str, Any]:
        """Return all of it in plain types and moments, as programs get it; lists without their totals."""
        plain = asdict(self)
        shortened = {name: plain[name]["items"] for name in ("failed_trainings", "failed_jobs", "failed_deliveries")}
        watched = [one["detector"] | {"next_run_at": one["next_run_at"]} for one in plain["detectors"]]
        verdict = {"verdict": self.verdict, "reasons": [asdict(reason) for reason in self.reasons]}
        return plain | shortened | {"detectors": watched} | verdict


def today_of(work: UnitOfWork, at: datetime) -> Today:
    """Look at a workspace in a handful of queries. at: now."""
    recent = work.recent
    upcoming = recent.upcoming(MOST_SCHEDULES)
    next_runs: dict[str | None, datetime] = {}
    for one in upcoming:
        next_runs.setdefault(one.detector_id, one.at)
    return Today(
        at=at,
        last_day=recent.looked(at - DAY),
        last_week=recent.looked(at - WEEK),
        last_look=recent.last_look(),
        alarms=tuple(recent.alarms(at - WEEK, MOST_LISTED)),
        detectors=tuple(Watched(one, next_runs.get(one.id)) for one in recent.detectors(MOST_DETECTORS)),
        overdue=tuple(one for one in upcoming if (at - one.at).total_seconds() > OVERDUE_SECONDS),
        failed_trainings=recent.failed_trainings(at - WEEK, MOST_LISTED),
        failed_jobs=recent.failed_jobs(at - DAY, MOST_LISTED),
        failed_deliveries=recent.failed_deliveries(at - DAY, MOST_LISTED),
        work=recent.work(),
        n_datasets=recent.n_datasets(),
    )


def _standing_still(today: Today) -> Iterator[Reason]:
    work = today.work
    if work.oldest_seconds > PATIENCE_SECONDS and not work.is_anybody_working:
        yield Reason(ReasonKind.NO_WORKER, work.n_waiting, seconds=work.oldest_seconds)
    if today.overdue:
        late = (today.at - today.overdue[0].at).total_seconds()
        ids = tuple(one.schedule_id for one in today.overdue[:MOST_LISTED])
        yield Reason(ReasonKind.OVERDUE_SCHEDULE, len(today.overdue), ids, seconds=late)


def _failures(today: Today) -> Iterator[Reason]:
    trainings = today.failed_trainings
    if trainings.n_total:
        ids = tuple(one.detector_id for one in trainings.items)
        yield Reason(ReasonKind.FAILED_TRAINING, trainings.n_total, ids)
    told = {one.run_id for one in trainings.items}  # a job that trains and its run have one id
    jobs = tuple(one.job_id for one in today.failed_jobs.items if one.job_id not in told)
    if jobs:
        n_told = len(today.failed_jobs.items) - len(jobs)
        yield Reason(ReasonKind.FAILED_JOB, today.failed_jobs.n_total - n_told, jobs)
    if today.failed_deliveries.n_total:
        ids = tuple(one.delivery_id for one in today.failed_deliveries.items)
        yield Reason(ReasonKind.FAILED_DELIVERY, today.failed_deliveries.n_total, ids)


def _findings(today: Today) -> Iterator[Reason]:
    if today.last_day.n_anomalies:
        ids = tuple(one.detection_id for one in today.alarms if one.at >= today.at - DAY)
        yield Reason(ReasonKind.ANOMALIES, today.last_day.n_anomalies, ids, severity=today.last_day.severity)
    if today.last_look is None:
        yield Reason(ReasonKind.NEVER_LOOKED, today.n_datasets)
    elif not today.last_day.n_detections:
        yield Reason(ReasonKind.NOTHING_LATELY, 0, seconds=(today.at - today.last_look).total_seconds())
