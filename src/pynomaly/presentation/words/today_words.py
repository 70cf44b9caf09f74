"""How a look at a workspace reads: the verdict, and a sentence for each reason."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pynomaly.application.today import ReasonKind, Verdict
from pynomaly.domain.severity import band_of
from pynomaly.presentation.words.figures import count, severity_figure

if TYPE_CHECKING:
    from pynomaly.application.today import Reason

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ALL_QUIET: "All is quiet.",
    Verdict.LOOK_HERE: "Something stands out: look here.",
    Verdict.SOMETHING_IS_BROKEN: "Something is broken.",
    Verdict.NOTHING_YET: "Nothing was looked at yet.",
}
"""The verdict in a sentence."""

_SENTENCES: Mapping[ReasonKind, str] = {
    ReasonKind.NO_WORKER: "{n}, the first for {ago}, and no worker takes any.",
    ReasonKind.OVERDUE_SCHEDULE: "{n} did not begin on time; the first should have {ago} ago.",
    ReasonKind.FAILED_TRAINING: "The last training of {n} failed.",
    ReasonKind.FAILED_JOB: "{n} failed within the last 24 hours.",
    ReasonKind.FAILED_DELIVERY: "{n} could not be delivered within the last 24 hours.",
    ReasonKind.ANOMALIES: "{n} stood out within the last 24 hours{worst}.",
    ReasonKind.NOTHING_LATELY: "Nothing was looked at within the last 24 hours; the last time was {ago} ago.",
    ReasonKind.NEVER_LOOKED: "There is no detection yet; {n} there to look at.",
}
_COUNTED: Mapping[ReasonKind, tuple[str, str]] = {
    ReasonKind.NO_WORKER: ("job waits", "jobs wait"),
    ReasonKind.OVERDUE_SCHEDULE: ("schedule", "schedules"),
    ReasonKind.FAILED_TRAINING: ("detector", "detectors"),
    ReasonKind.FAILED_JOB: ("job", "jobs"),
    ReasonKind.FAILED_DELIVERY: ("message", "messages"),
    ReasonKind.ANOMALIES: ("row", "rows"),
    ReasonKind.NOTHING_LATELY: ("detection", "detections"),
    ReasonKind.NEVER_LOOKED: ("dataset is", "datasets are"),
}
_SPANS = ((86_400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second"))


def reason_in_words(reason: "Reason") -> str:
    """Return one reason as a sentence.

    >>> from pynomaly.application.today import Reason
    >>> reason_in_words(Reason(ReasonKind.ANOMALIES, 7, severity=91.0))
    '7 rows stood out within the last 24 hours; the worst has severity 91, critical.'
    >>> reason_in_words(Reason(ReasonKind.NO_WORKER, 1, seconds=95.0))
    '1 job waits, the first for 1 minute, and no worker takes any.'
    """
    severity = reason.severity
    worst = "" if severity is None else f"; the worst has severity {severity_figure(severity)}, {band_of(severity)}"
    n = _n(reason.n, *_COUNTED[reason.kind])
    return _SENTENCES[reason.kind].format(n=n, ago=span_in_words(reason.seconds or 0.0), worst=worst)


def span_in_words(seconds: float) -> str:
    """Return how long something is, in whole units of the largest that fits.

    >>> span_in_words(31.4), span_in_words(7200.0), span_in_words(200_000.0), span_in_words(0.2)
    ('31 seconds', '2 hours', '2 days', '0 seconds')
    """
    length, unit = next((one for one in _SPANS if seconds >= one[0]), _SPANS[-1])
    return _n(int(seconds // length), unit, f"{unit}s")


def _n(n: int, one: str, many: str) -> str:
    return f"{count(n)} {one if n == 1 else many}"
