"""The first sentence of the day: whether anything is wrong now, and how much was looked at to say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.application.detector_overview import self_test_of
from pynomaly.application.ports.detector_history import Look
from pynomaly.application.today import BROKEN, Reason, ReasonKind, Today
from pynomaly.presentation.web.texts import _, ngettext
from pynomaly.presentation.words.cell_text import quoted
from pynomaly.presentation.words.figures import count
from pynomaly.presentation.words.today_words import span_in_words

MOST_LOOKS = 1000
"""So many detections of the last day are read; beyond, the sentence says that there were more."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The newest detection of a detector on some rows in which some stand out.

    n_before: how often it looked at the very same rows in the hours before.
    """

    look: Look
    n_before: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What was looked at in the last day.

    n_rows: scored in all.  is_all: whether every detection of it was counted.  sightings: the worst first.
    """

    n_detectors: int
    n_rows: int
    n_passed: int
    n_failed: int
    is_all: bool
    sightings: Sequence[Sighting] = ()

    @property
    def n_found(self) -> int:
        """How many rows stand out; rows that were looked at several times count once."""
        return sum(sighting.look.n_anomalies for sighting in self.sightings)


def watch_of(looks: Sequence[Look], n_detections: int) -> Watch:
    """Return what detections of the last day say of how closely it was watched."""
    tests = [self_test_of(look.notes) for look in looks]
    return Watch(
        n_detectors=len({look.detector_id for look in looks}),
        n_rows=sum(look.n_rows for look in looks),
        n_passed=tests.count(True),
        n_failed=tests.count(False),
        is_all=len(looks) >= n_detections,
        sightings=sightings(looks),
    )


def sightings(looks: Sequence[Look]) -> Sequence[Sighting]:
    """Return where rows stand out, the worst first. looks: newest first."""
    of_rows: dict[tuple[str, str], list[Look]] = {}
    for look in looks:
        of_rows.setdefault((look.detector_id, look.fingerprint), []).append(look)
    found = [Sighting(same[0], len(same) - 1) for same in of_rows.values() if same[0].n_anomalies]
    return sorted(found, key=lambda one: -(one.look.severity or 0.0))


def headline(today: Today, watch: Watch) -> str:
    """Return the answer in one sentence, what is broken first."""
    broken = [reason for reason in today.reasons if reason.kind in BROKEN]
    if broken:
        found = _(" And %(found)s.") % {"found": _found(watch)} if watch.n_found else ""
        return _broken(today, broken[0]) + found
    if watch.n_found:
        return _("%(found)s; nothing is broken.") % {"found": _found(watch)}
    if today.last_look is None:
        return _("Nothing was looked at yet.")
    if not today.last_day.n_detections:
        ago = span_in_words((today.at - today.last_look).total_seconds())
        return _("Nothing was looked at in the last 24 hours; the last time was %(ago)s ago.") % {"ago": ago}
    return _("Nothing stands out.")


def watched_in_words(watch: Watch) -> str:
    """Return how much was looked at, and whether a planted anomaly was caught; empty where nothing was."""
    if not watch.n_detectors:
        return ""
    detectors = ngettext("%(n)s detector", "%(n)s detectors", watch.n_detectors) % {"n": count(watch.n_detectors)}
    rows = count(watch.n_rows) if watch.is_all else _("more than %(n)s") % {"n": count(watch.n_rows)}
    sentence = _("%(detectors)s looked at %(rows)s rows in the last 24 hours") % {"detectors": detectors, "rows": rows}
    if watch.n_failed:
        return sentence + _("; %(n)s self-test failed: such a detector misses even a planted row.") % {
            "n": count(watch.n_failed)
        }
    return sentence + (_("; a planted test row was caught.") if watch.n_passed else ".")


def _found(watch: Watch) -> str:
    n, sources = watch.n_found, {sighting.look.source for sighting in watch.sightings}
    where = _(" of %(source)s") % {"source": next(iter(sources))} if len(sources) == 1 else ""
    words = ngettext("%(n)s row%(where)s stands out", "%(n)s rows%(where)s stand out", n)
    return words % {"n": count(n), "where": where}


def _broken(today: Today, reason: Reason) -> str:
    n = reason.n
    told = {"n": count(n)}
    match reason.kind:
        case ReasonKind.NO_WORKER:
            return (
                ngettext("%(n)s job waits and no worker takes it.", "%(n)s jobs wait and no worker takes them.", n)
                % told
            )
        case ReasonKind.OVERDUE_SCHEDULE:
            if n == 1:
                return _("%(name)s did not run.") % {"name": quoted(today.overdue[0].name)}
            return _("%(n)s schedules did not run.") % told
        case ReasonKind.FAILED_TRAINING:
            if n == 1:
                name = quoted(today.failed_trainings.items[0].detector_name)
                return _("The last training of %(name)s failed.") % {"name": name}
            return _("The last trainings of %(n)s detectors failed.") % told
        case ReasonKind.FAILED_JOB:
            return ngettext("%(n)s job failed today.", "%(n)s jobs failed in the last 24 hours.", n) % told
    return ngettext("%(n)s message could not be delivered.", "%(n)s messages could not be delivered.", n) % told
