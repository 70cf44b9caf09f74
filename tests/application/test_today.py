"""The verdict on a workspace, and the reasons for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pynomaly.application.ports.recent import Looked, Some, WorkAtHand
from pynomaly.application.today import Reason, ReasonKind, Verdict
from pynomaly.domain.job import JobKind
from tests.fakes.today import BUSY, DELIVERY, FOUND, JOB, LATE, NEVER, NOON, OLD_ALARM, QUIET, TRAINING

CASES = {
    "all is well": ({}, Verdict.ALL_QUIET, []),
    "rows were flagged": (FOUND, Verdict.LOOK_HERE, [Reason(ReasonKind.ANOMALIES, 7, ("c1",), severity=91.5)]),
    "rows were flagged two days ago": (
        {"alarms": (OLD_ALARM,), "last_week": Looked(20, 1, 7, 91.5)},
        Verdict.ALL_QUIET,
        [],
    ),
    "nothing was ever looked at": (NEVER, Verdict.NOTHING_YET, [Reason(ReasonKind.NEVER_LOOKED, 3)]),
    "nothing was looked at since yesterday": (
        {"last_day": Looked(), "last_look": NOON - timedelta(days=3)},
        Verdict.ALL_QUIET,
        [Reason(ReasonKind.NOTHING_LATELY, 0, seconds=259_200.0)],
    ),
    "nobody takes jobs": (
        {"work": WorkAtHand(0, 5, 31.0, False)},
        Verdict.SOMETHING_IS_BROKEN,
        [Reason(ReasonKind.NO_WORKER, 5, seconds=31.0)],
    ),
    "jobs wait for a moment": ({"work": WorkAtHand(0, 5, 29.0, False)}, Verdict.ALL_QUIET, []),
    "jobs wait while others run": ({"work": WorkAtHand(0, 5, 3000.0, True)}, Verdict.ALL_QUIET, []),
    "a schedule is late": (
        {"overdue": (LATE,)},
        Verdict.SOMETHING_IS_BROKEN,
        [Reason(ReasonKind.OVERDUE_SCHEDULE, 1, ("s1",), seconds=3600.0)],
    ),
    "a training failed": (
        {
            "failed_trainings": Some((TRAINING,), 1),
            "failed_jobs": Some((replace(JOB, job_id="j2", kind=JobKind.TRAIN),), 1),
        },
        Verdict.SOMETHING_IS_BROKEN,
        [Reason(ReasonKind.FAILED_TRAINING, 1, ("e1",))],
    ),
    "jobs failed, one of them a training": (
        {"failed_trainings": Some((TRAINING,), 1), "failed_jobs": Some((replace(JOB, job_id="j2"), JOB), 40)},
        Verdict.SOMETHING_IS_BROKEN,
        [Reason(ReasonKind.FAILED_TRAINING, 1, ("e1",)), Reason(ReasonKind.FAILED_JOB, 39, ("j1",))],
    ),
    "a message was given up": (
        {"failed_deliveries": Some((DELIVERY,), 1)},
        Verdict.SOMETHING_IS_BROKEN,
        [Reason(ReasonKind.FAILED_DELIVERY, 1, ("d1",))],
    ),
    "what is broken comes before what was found": (
        FOUND | {"failed_jobs": Some((JOB,), 1)},
        Verdict.SOMETHING_IS_BROKEN,
        [Reason(ReasonKind.FAILED_JOB, 1, ("j1",)), Reason(ReasonKind.ANOMALIES, 7, ("c1",), severity=91.5)],
    ),
    "nothing was ever looked at because a training failed": (
        NEVER | {"failed_trainings": Some((TRAINING,), 1)},
        Verdict.SOMETHING_IS_BROKEN,
        [Reason(ReasonKind.FAILED_TRAINING, 1, ("e1",)), Reason(ReasonKind.NEVER_LOOKED, 3)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_verdict_comes_with_every_reason_the_gravest_first(case) -> None:
    changes, verdict, reasons = CASES[case]
    today = replace(QUIET, **changes)
    assert (today.verdict, list(today.reasons)) == (verdict, reasons)


def test_as_data_it_is_all_there_in_plain_types() -> None:
    data = BUSY.as_data()
    assert (data["verdict"], [reason["kind"] for reason in data["reasons"]]) == (
        "something_is_broken",
        ["no_worker", "overdue_schedule", "failed_training", "failed_job", "failed_delivery", "anomalies"],
    )
    assert data["detectors"][0]["next_run_at"] == NOON + timedelta(hours=1)
    assert data["detectors"][0]["training"]["run_id"] == "j0"
    assert [one["detail"] for one in data["failed_jobs"]] == ["there is no dataset"]
