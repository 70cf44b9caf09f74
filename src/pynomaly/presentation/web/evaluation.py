"""`/detections/{id}/evaluation`: a detection held against answers that somebody knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.responses import Response

from pynomaly.application.use_cases.find_mistakes import Mistakes
from pynomaly.application.use_cases.trace_curves import Curves
from pynomaly.domain.access import Permission
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import Conflict, InvalidData, InvalidRequest, NotFound
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.curve_charts import precision_recall_data, reliability_data, roc_data
from pynomaly.presentation.web.detections import detector_name
from pynomaly.presentation.web.evaluation_words import (
    measures_in_words,
    outcome_in_words,
    purity_in_words,
    ranking_in_words,
    reliability_in_words,
)
from pynomaly.presentation.web.known_labels import dataset_of, possible_labels
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Label = Annotated[str, Query(max_length=1000)]
MISTAKES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and what it says."""

    answer: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it. reliability: None where the detector gives no probabilities."""

    curves: Curves
    mistakes: Mistakes
    outcome: str
    measures: Sequence[str]
    roc: Chart
    precision_recall: Chart
    reliability: Chart | None


@routes.get("/detections/{id}/evaluation")
def show_evaluation(visitor: Reader, id: ObjectId, label: Label = "") -> Response:
    """Show how far scores and decision agree with a column of answers."""
    detection = visitor.workspace.queries.detection(id)
    dataset = dataset_of(visitor, detection)
    labels = [] if dataset is None else possible_labels(dataset)
    chosen = label or (dataset.label if dataset else None) or (labels[0] if len(labels) == 1 else "")
    context: dict[str, Any] = {
        "detection": detection,
        "detector_name": detector_name(visitor, detection),
        "dataset": dataset,
        "labels": labels if chosen in labels or not chosen else [chosen, *labels],
        "label": chosen,
        "found": None,
        "forms": forms_of(visitor, detection, chosen) if chosen else [],
    }
    if not chosen:
        return visitor.page("evaluation.html", **context)
    try:
        return visitor.page("evaluation.html", **{**context, "found": _found(visitor, detection, chosen)})
    except (InvalidData, InvalidRequest, Conflict, NotFound) as error:
        return visitor.again("evaluation.html", error, **context)


def _found(visitor: Visitor, detection: Detection, label: str) -> Found:
    """Hold the detection against a label. Raises what `KnownAnswers` raises."""
    _detection, curves = visitor.workspace.trace_curves(detection=detection.id, label=label, may_read_sources=False)
    mistakes = visitor.workspace.find_mistakes(
        detection=detection.id, label=label, limit=MISTAKES_SHOWN, may_read_sources=False
    )
    measured, bins = curves.evaluation, curves.reliability
    return Found(
        curves=curves,
        mistakes=mistakes,
        outcome=outcome_in_words(mistakes),
        measures=measures_in_words(measured),
        roc=Chart(ranking_in_words(measured), roc_data(curves.roc, measured)),
        precision_recall=Chart(purity_in_words(measured), precision_recall_data(curves.precision_recall, measured)),
        reliability=None if bins is None else Chart(reliability_in_words(bins), reliability_data(bins)),
    )


def forms_of(visitor: Visitor, detection: Detection, label: str) -> list[CodeForm]:
    """Return how a detection is held against answers without a page."""
    here, body = f"/detections/{detection.id}", {"label": label}
    given = f'detection="{detection.id}", label={label!r}'
    return [
        code_form(
            visitor.request,
            _("Measure how far it agrees with the label"),
            ApiCall("POST", f"{here}/evaluate", body),
            ["detection", "evaluate", detection.id, "--label", label],
            f"detection, evaluation = workspace.evaluate_detection({given})",
        ),
        code_form(
            visitor.request,
            _("Trace the curves"),
            ApiCall("POST", f"{here}/curves", body),
            ["detection", "evaluate", detection.id, "--label", label, "--curves"],
            f"detection, curves = workspace.trace_curves({given})",
        ),
        code_form(
            visitor.request,
            _("List false alarms and misses"),
            ApiCall("POST", f"{here}/mistakes", body),
            ["detection", "mistakes", detection.id, "--label", label],
            f"mistakes = workspace.find_mistakes({given})",
        ),
    ]
