"""`/`: is anything wrong now?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.application.ports.detector_history import Look
from pynomaly.application.queries import Queries
from pynomaly.application.today import DAY, MOST_LISTED, OVERDUE_SECONDS, Today, Watched
from pynomaly.domain.access import Permission
from pynomaly.domain.severity import SeverityBand, band_of
from pynomaly.domain.training import TrainingStatus
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, code_form
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.today_headline import MOST_LOOKS, headline, watch_of, watched_in_words
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.findings_words import reasons_in_words
from pynomaly.presentation.words.today_words import span_in_words

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
LANE_WIDTH = 960
MOST_EXPLAINED = 10
HEIGHTS: Mapping[SeverityBand | None, int] = {
    None: 6,
    SeverityBand.LOW: 12,
    SeverityBand.MEDIUM: 16,
    SeverityBand.HIGH: 20,
    SeverityBand.CRITICAL: 24,
}
"""How tall the mark of a detection is, of 24: the worse, the taller, so that colour is not alone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A detection in the lane of its detector. x: of `LANE_WIDTH`.  band: of its severity, empty where none flagged."""

    x: float
    height: int
    band: str
    look: Look


@dataclass(frozen=True, slots=True)
class Lane:
    """A detector's last 24 hours. is_late: whether its next run should have been."""

    watched: Watched
    marks: Sequence[Mark]
    is_failing: bool
    is_late: bool


@routes.get("/")
def show_today(visitor: Reader) -> Response:
    """Show what happened lately, what waits and what is broken."""
    queries, now = visitor.workspace.queries, visitor.program.clock()
    today = queries.today(now)
    looks = queries.looks_since(now - DAY, limit=MOST_LOOKS)
    watch = watch_of(looks, today.last_day.n_detections)
    shown = watch.sightings[:MOST_LISTED]
    return visitor.page(
        "today.html",
        today=today,
        headline=headline(today, watch),
        watched=watched_in_words(watch),
        sightings=shown,
        n_sightings=len(watch.sightings),
        earlier=[alarm for alarm in today.alarms if alarm.at < now - DAY],
        names=_names(today),
        reasons=_reasons(queries, [one.look.detection_id for one in shown[:MOST_EXPLAINED]]),
        lanes=list(lanes(today, looks)),
        lane_width=LANE_WIDTH,
        ago=lambda at: _ago(at, now),
        forms=[
            code_form(
                visitor.request,
                _("Ask whether anything is wrong"),
                ApiCall("GET", "/today"),
                ["today"],
                "from datetime import UTC, datetime\n\nprint(workspace.queries.today(datetime.now(UTC)).verdict)",
            )
        ],
    )


def lanes(today: Today, looks: Sequence[Look]) -> Iterator[Lane]:
    """Yield a lane for each detector that is not retired: those whose training failed first."""
    of_detector: dict[str, list[Look]] = {}
    for look in looks:
        of_detector.setdefault(look.detector_id, []).append(look)
    for one in sorted(today.detectors, key=lambda watched: not _is_failing(watched)):
        marks = [_mark(look, today.at) for look in of_detector.get(one.detector.id, ())]
        yield Lane(one, marks, _is_failing(one), _is_late(one, today.at))


def _mark(look: Look, now: datetime) -> Mark:
    past = (now - look.at) / DAY
    band = None if look.severity is None or not look.n_anomalies else band_of(look.severity)
    height = HEIGHTS[SeverityBand.LOW if look.n_anomalies and band is None else band]
    return Mark(round(LANE_WIDTH * (1.0 - min(max(past, 0.0), 1.0)), 1), height, band or "", look)


def _is_failing(watched: Watched) -> bool:
    training = watched.detector.training
    return training is not None and training.status is TrainingStatus.FAILED


def _is_late(watched: Watched, now: datetime) -> bool:
    return watched.next_run_at is not None and (now - watched.next_run_at).total_seconds() > OVERDUE_SECONDS


def _names(today: Today) -> dict[str, str]:
    """Return the names of detectors by id, as far as the day knows them."""
    of_alarms = {one.detector_id: one.detector_name for one in today.alarms if one.detector_name is not None}
    return of_alarms | {one.detector.id: one.detector.name for one in today.detectors}


def _reasons(queries: Queries, detection_ids: Sequence[str]) -> dict[str, str]:
    """Return why the strangest row of each detection is strange."""
    told = {}
    for detection_id in detection_ids:
        strangest = queries.detection(detection_id).strangest
        told[detection_id] = reasons_in_words(strangest[0].reasons, most=2) if strangest else ""
    return told


def _ago(at: datetime, now: datetime) -> str:
    seconds = (now - at).total_seconds()
    return _("%(span)s ago") % {"span": span_in_words(seconds)} if seconds >= 1 else _("just now")
