"""What the command line says about one look at a table, whichever use case looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pynomaly.application.use_cases.detect_anomalies import StoredLook
    from pynomaly.application.use_cases.find_anomalies import OneLook
    from pynomaly.domain.algorithm import JsonValue, ParameterValue
    from pynomaly.domain.decision import DecisionPolicy
    from pynomaly.domain.detection import Anomaly, Detection
    from pynomaly.domain.detector import Detector
    from pynomaly.domain.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a view needs.

    strangest: strange rows, highest score first, flagged or not.  detection_id: None where nothing was stored.
    detector: its algorithm and parameters, and its name and version where it has one.
    """

    dataset: str
    detector: "Mapping[str, JsonValue]"
    policy: "DecisionPolicy"
    score_threshold: float | None
    n_rows: int
    n_anomalies: int
    strangest: "tuple[Anomaly, ...]"
    evaluation: "Evaluation | None"
    notes: tuple[str, ...]
    checked: tuple[str, ...] = ()
    detection_id: str | None = None

    def flagged(self, top: int) -> "tuple[Anomaly, ...]":
        """Return the strongest flagged rows, at most `top`."""
        return tuple(anomaly for anomaly in self.strangest if anomaly.is_anomaly)[:top]

    @property
    def least_usual(self) -> "Anomaly | None":
        """The strangest row of a table in which nothing was flagged."""
        return self.strangest[0] if self.strangest and not self.n_anomalies else None


def report_of_one_look(look: "OneLook", dataset: str) -> Report:
    """Report findings that are kept nowhere."""
    findings = look.findings
    return Report(
        dataset=dataset,
        detector=_detector(look.model.algorithm, look.model.parameters),
        policy=findings.decision.policy,
        score_threshold=findings.decision.score_threshold,
        n_rows=findings.n_rows,
        n_anomalies=findings.decision.n_anomalies,
        strangest=findings.strangest,
        evaluation=findings.evaluation,
        notes=(*look.notes, *findings.decision.notes),
        checked=tuple(column.name for column in look.model.columns),
    )


def report_of_stored_look(look: "StoredLook") -> Report:
    """Report a detection that has just been stored."""
    notes = (*look.notes, *look.findings.decision.notes)
    return _report_of(look.detection, look.detector, look.findings.evaluation, notes)


def report_of_detection(detection: "Detection", detector: "Detector | None") -> Report:
    """Report a detection stored earlier; its detector may have been deleted since."""
    return _report_of(detection, detector, None, detection.notes)


def _report_of(
    detection: "Detection", detector: "Detector | None", evaluation: "Evaluation | None", notes: tuple[str, ...]
) -> Report:
    described = {} if detector is None else _detector(detector.algorithm, detector.parameters) | {"name": detector.name}
    return Report(
        dataset=detection.source,
        detector={**described, "version": detection.detector_version},
        policy=detection.policy,
        score_threshold=detection.score_threshold,
        n_rows=detection.n_rows,
        n_anomalies=detection.n_anomalies,
        strangest=detection.strangest,
        evaluation=evaluation,
        notes=notes,
        detection_id=detection.id,
    )


def _detector(algorithm: str, parameters: "Mapping[str, ParameterValue]") -> "dict[str, JsonValue]":
    return {"algorithm": algorithm, "parameters": dict(parameters)}
