from datetime import timedelta

from pynomaly.application.ports.work import JobEvent
from pynomaly.domain.job import JobStatus
from pynomaly.presentation.web.job_log import MOST_LINES, JobLog
from tests.fakes.programs import NOON, job


def event(sequence, name, **data):
    return JobEvent(sequence, name, data, NOON + timedelta(seconds=sequence))


def progress(sequence, stage, share):
    return event(sequence, "progress", stage=stage, share=share, rows_per_second=None, eta_seconds=None)


class Telling:
    """A job's events, handed out in batches as the database does."""

    def __init__(self, events):
        self.events = events

    def job_events(self, job_id, *, after, limit):
        return job(id=job_id), [one for one in self.events if one.sequence > after][:limit]


def test_a_stage_takes_one_line_that_says_how_far_it_came():
    told = [
        event(1, "state", status="queued", attempt=0),
        event(2, "state", status="running", attempt=1),
        *(progress(2 + number, "scoring", number / 500) for number in range(1, 451)),
        event(453, "state", status="succeeded", attempt=1),
        event(454, "result", detection_id="x"),
        event(455, "end", status="succeeded"),
    ]
    log = JobLog()
    assert log.read(Telling(told), "a" * 32).status is JobStatus.SUCCEEDED
    assert [(line.text, line.share) for line in log.lines] == [
        ("waiting", None),
        ("running", None),
        ("Scoring rows", 0.9),
        ("done", None),
    ]
    assert log.lines[2].at == NOON + timedelta(seconds=3)


def test_a_log_is_read_on_from_where_it_was_read_to():
    telling, log = Telling([progress(1, "reading", 0.0)]), JobLog()
    log.read(telling, "a" * 32)
    telling.events = [*telling.events, progress(2, "reading", 1.0), progress(3, "fitting", 0.0)]
    log.read(telling, "a" * 32)
    assert [(line.text, line.share) for line in log.lines] == [("Reading rows", 1.0), ("Learning what is usual", 0.0)]


def test_a_second_attempt_is_told():
    log = JobLog()
    log.hear([event(1, "state", status="running", attempt=2)])
    assert log.lines[0].text == "running, attempt 2"


def test_a_log_keeps_its_newest_lines():
    log = JobLog()
    log.hear(event(number, "state", status="queued", attempt=0) for number in range(MOST_LINES + 5))
    assert (len(log.lines), log.lines[-1].at) == (MOST_LINES, NOON + timedelta(seconds=MOST_LINES + 4))
