"""What the page of a detector shows, whether it was asked for or comes back because something was refused."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pynomaly.application.detector_overview import DetectorHistory, LiveSpan, self_test_of
from pynomaly.application.ports.detector_history import Look
from pynomaly.application.ports.paging import Piece
from pynomaly.domain.algorithm import AlgorithmDescription, Parameter, ParameterValue
from pynomaly.domain.columns import Column, features_of
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import NotFound, UnknownAlgorithm
from pynomaly.domain.training import TrainingStatus
from pynomaly.presentation.web.detector_forms import detector_forms
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.cron_words import cron_in_words
from pynomaly.presentation.words.verdict_words import summary_in_words

MOST_DATASETS = 200
JUDGED_DAYS = 90
CRON_CHOICES = ("0 * * * *", "0 3 * * *", "0 6 * * 1-5", "0 6 * * 1", "0 6 1 * *")
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One line of the table of versions. dataset: its name, None if it is gone or was never known."""

    version: DetectorVersion
    dataset: str | None
    spans: Sequence[LiveSpan]
    is_live: bool


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One parameter as it is set; parameter: what is known of it, None where the algorithm is gone."""

    name: str
    value: ParameterValue
    parameter: Parameter | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One detection in the drawing of what was flagged: its place and height of 100, and the detection."""

    x: float
    height: float
    look: Look


def detector_context(visitor: Visitor, detector_id: str) -> dict[str, Any]:
    """Return what the page of a detector shows. Raises NotFound."""
    queries = visitor.workspace.queries
    history = queries.detector_history(detector_id)
    detector = history.detector
    description = _description(visitor, detector.algorithm)
    return {
        "history": history,
        "detector": detector,
        "title": detector.algorithm if description is None else description.title,
        "summary": "" if description is None else description.summary,
        "versions": version_lines(history),
        "live": next((one for one in version_lines(history) if one.is_live), None),
        "last_run": history.runs[0] if history.runs else None,
        "last_look": history.looks[0] if history.looks else None,
        "self_test": self_test_of(history.looks[0].notes) if history.looks else None,
        "verdicts": _verdicts(visitor, detector),
        "bars": bars(history.looks),
        "settings": _settings(detector.parameters, description),
        "columns": _columns(visitor, detector),
        "datasets": queries.dataset_page(Piece(MOST_DATASETS)).items,
        "cron_choices": [(cron, cron_in_words(cron)) for cron in CRON_CHOICES],
        "cron_in_words": cron_in_words,
        "zones": ZONES,
        "statuses": TrainingStatus,
        "changes": (),
        "entered": defaultdict(str),
        "forms": detector_forms(visitor, history),
    }


def version_lines(history: DetectorHistory) -> Sequence[VersionLine]:
    """Return the versions, newest first."""
    return [
        VersionLine(
            version,
            history.dataset_names.get(version.dataset_id or ""),
            history.live_spans.get(version.number, ()),
            version.number == history.detector.live_version and not history.detector.is_retired,
        )
        for version in reversed(history.detector.versions)
    ]


def bars(looks: Sequence[Look]) -> Sequence[Bar]:
    """Return a bar for each detection, oldest first, as high as the rows it flagged; nothing for fewer than two."""
    most = max((look.n_anomalies for look in looks), default=0)
    if len(looks) < 2 or not most:
        return ()
    return [Bar(10.0 * place, 100.0 * look.n_anomalies / most, look) for place, look in enumerate(reversed(looks))]


def _description(visitor: Visitor, algorithm: str) -> AlgorithmDescription | None:
    try:
        return visitor.program.catalog.describe(algorithm)
    except UnknownAlgorithm:
        return None


def _verdicts(visitor: Visitor, detector: Detector) -> str:
    """Return what people said of its findings, empty where nobody said anything."""
    summaries = visitor.workspace.queries.verdict_summary(days=JUDGED_DAYS)
    found = (summary_in_words(one.summary) for one in summaries if one.detector_id == detector.id)
    return next(found, "")


def _settings(values: Mapping[str, ParameterValue], description: AlgorithmDescription | None) -> Sequence[SettingLine]:
    known = {} if description is None else {one.name: one for one in description.parameters}
    return [SettingLine(name, value, known.get(name)) for name, value in values.items()]


def _columns(visitor: Visitor, detector: Detector) -> Sequence[Column]:
    """Return the columns that the live version's dataset gives to learn from; nothing where it is gone."""
    trained_on = {version.number: version.dataset_id for version in detector.versions}
    dataset_id = trained_on.get(detector.live_version or 0)
    if dataset_id is None:
        return ()
    try:
        return features_of(visitor.workspace.queries.dataset(dataset_id).columns)
    except NotFound:
        return ()
