"""What people want to know of a detector at a glance, and of one detector in full."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pynomaly.application.ports.detector_history import Look, WentLive
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.self_test import FAILED, PASSED
from pynomaly.domain.detector import Detector
from pynomaly.domain.schedule import Schedule
from pynomaly.domain.training import TrainingRun, TrainingStatus

MOST_LOOKS = 50


@dataclass(frozen=True, slots=True)
class DetectorOverview:
    """A detector with the last that came of it.

    trained_on: the name of the dataset that its live version learned from; None if there is none or it is gone.
    """

    detector: Detector
    trained_on: str | None
    last_run: TrainingRun | None
    last_look: Look | None

    @property
    def has_failed(self) -> bool:
        """Whether its last training failed."""
        return self.last_run is not None and self.last_run.status is TrainingStatus.FAILED


@dataclass(frozen=True, slots=True)
class LiveSpan:
    """A time in which a version scored; until: None while it does."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DetectorHistory:
    """All that is known of one detector.

    runs: newest first.  looks: its newest detections, at most `MOST_LOOKS`, newest first.
    live_spans: by version, oldest first; versions that never were live, or whose time is not known, are missing.
    dataset_names: of all datasets in it that are still there, by id.
    """

    detector: Detector
    runs: Sequence[TrainingRun]
    looks: Sequence[Look]
    live_spans: Mapping[int, Sequence[LiveSpan]]
    schedules: Sequence[Schedule]
    dataset_names: Mapping[str, str]


def overviews(work: UnitOfWork, piece: Piece) -> tuple[Page[DetectorOverview], int]:
    """Return a piece of the detectors, newest first, and how many there are in all."""
    page = work.detectors.page(piece)
    ids = [detector.id for detector in page.items]
    histories = work.detector_histories
    looks, runs = histories.last_looks(ids), histories.last_runs(ids)
    learned_from = {detector.id: _dataset_of_live(detector) for detector in page.items}
    names = histories.dataset_names({dataset_id for dataset_id in learned_from.values() if dataset_id})
    items = [
        DetectorOverview(one, names.get(learned_from[one.id] or ""), runs.get(one.id), looks.get(one.id))
        for one in page.items
    ]
    return Page(items, page.next_after), histories.n_detectors()


def history_of(work: UnitOfWork, name_or_id: str) -> DetectorHistory:
    """Return all that is known of a detector. Raises NotFound."""
    detector = work.detectors.get(name_or_id)
    histories, runs = work.detector_histories, work.training_runs.of(detector)
    looks, schedules = histories.looks(detector.id, MOST_LOOKS), histories.schedules(detector.id)
    datasets: set[object] = {version.dataset_id for version in detector.versions} | {run.dataset_id for run in runs}
    datasets |= {look.dataset_id for look in looks} | {one.payload.get("dataset_id") for one in schedules}
    names = histories.dataset_names({str(dataset_id) for dataset_id in datasets if dataset_id is not None})
    return DetectorHistory(detector, runs, looks, live_spans(histories.went_live(detector.id)), schedules, names)


def live_spans(changes: Iterable[WentLive]) -> dict[int, list[LiveSpan]]:
    """Return when each version was live. changes: oldest first.

    >>> at = [datetime(2026, 3, day) for day in (1, 2, 3)]
    >>> spans = live_spans([WentLive(1, at[0]), WentLive(2, at[1]), WentLive(1, at[2])])
    >>> [(span.since.day, span.until and span.until.day) for span in spans[1]]
    [(1, 2), (3, None)]
    """
    told = list(changes)
    spans: dict[int, list[LiveSpan]] = {}
    for one, following in zip(told, [*told[1:], None], strict=False):
        spans.setdefault(one.version, []).append(LiveSpan(one.at, None if following is None else following.at))
    return spans


def self_test_of(notes: Iterable[str]) -> bool | None:
    """Say whether the self-test of a detection passed; None where there was none to pass."""
    note = self_test_note(notes)
    return note.startswith(PASSED) if note else None


def self_test_note(notes: Iterable[str]) -> str:
    """Return what the self-test of a detection said, "" where there was nothing to prove."""
    return next((note for note in notes if note.startswith((PASSED, FAILED))), "")


def _dataset_of_live(detector: Detector) -> str | None:
    of_live = (version.dataset_id for version in detector.versions if version.number == detector.live_version)
    return next(of_live, None)
