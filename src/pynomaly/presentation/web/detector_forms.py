"""What can be done with a detector, as code."""

from pynomaly.application.detector_overview import DetectorHistory
from pynomaly.domain.algorithm import JsonValue
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor


def detector_forms(visitor: Visitor, history: DetectorHistory) -> list[CodeForm]:
    """Return the actions of a detector's page as code. Names stand for ids only where there is no dataset yet."""
    detector, request = history.detector, visitor.request
    here, dataset = f"/detectors/{detector.id}", _dataset_of(history)
    detection: dict[str, JsonValue] = {"detector_id": detector.id, "dataset_id": dataset}
    return [
        code_form(
            request,
            _("Train it"),
            ApiCall("POST", f"{here}/train", {"dataset_id": dataset}),
            ["detector", "train", detector.id, dataset],
            f'workspace.train_detector(detector="{detector.id}", dataset="{dataset}")',
        ),
        code_form(
            request,
            _("Find anomalies with it"),
            ApiCall("POST", "/detections", detection),
            ["detect", "--detector-name", detector.id, "--dataset", dataset],
            f'workspace.detect_anomalies(detector="{detector.id}", dataset="{dataset}")',
        ),
        code_form(
            request,
            _("Describe it"),
            ApiCall("GET", here),
            ["detector", "show", detector.id],
            f'workspace.queries.detector_history("{detector.id}")',
        ),
    ]


def _dataset_of(history: DetectorHistory) -> str:
    trained_on = [version.dataset_id for version in history.detector.versions if version.dataset_id]
    return trained_on[-1] if trained_on else "DATASET"
