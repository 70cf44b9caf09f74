"""`/detections/{id}/compare`: two detections of the same rows beside each other, and what chance explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.responses import Response

from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.use_cases.compare_detections import Comparison
from pynomaly.domain.access import Permission
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import Conflict, InvalidData, InvalidRequest, NotFound
from pynomaly.domain.paired_comparison import Agreement, agreement
from pynomaly.domain.severity import severity_counts
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.comparison_words import agreement_in_words, differences_in_words
from pynomaly.presentation.web.detections import detector_name
from pynomaly.presentation.web.known_labels import label_of
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.score_charts import overlay_data
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Other = Annotated[str, Query(max_length=64, pattern="^([0-9a-f]{8,64})?$")]
MOST_OFFERED = 200
"""Detections that are looked through for others of the same rows, the newest."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. name: A or B.  title: its detector and when."""

    name: str
    title: str
    detection: Detection


@dataclass(frozen=True, slots=True)
class Beside:
    """Two detections of the same rows, whether or not anything is known about them."""

    a: Side
    b: Side
    decisions: Agreement
    told: str
    overlay: dict[str, Any] | None


@routes.get("/detections/{id}/compare")
def show_comparison(visitor: Reader, id: ObjectId, other: Other = "") -> Response:
    """Show two detections beside each other, or offer those that can be compared with this one."""
    queries = visitor.workspace.queries
    detection, rows = queries.scored_rows(id)
    label = label_of(visitor, detection)
    context: dict[str, Any] = {
        "detection": detection,
        "detector_name": detector_name(visitor, detection),
        "offered": _offered(visitor, detection),
        "other": other,
        "label": label,
        "beside": None,
        "known": None,
        "told": (),
        "unknown": "",
        "forms": [],
    }
    if not other:
        return visitor.page("comparison.html", **context)
    second, second_rows = queries.scored_rows(other)
    if second.fingerprint != detection.fingerprint or second.id == detection.id:
        return visitor.again("comparison.html", _not_comparable(detection, second), **context)
    context["beside"] = _beside(_side(visitor, "A", detection), _side(visitor, "B", second), rows, second_rows)
    if label is not None:
        context |= _against_label(visitor, detection, second, label)
    return visitor.page("comparison.html", **context)


def _offered(visitor: Visitor, detection: Detection) -> Sequence[Side]:
    newest = visitor.workspace.queries.detection_page(Piece(MOST_OFFERED)).items
    return [
        _side(visitor, "", one) for one in newest if one.fingerprint == detection.fingerprint and one.id != detection.id
    ]


def _side(visitor: Visitor, name: str, detection: Detection) -> Side:
    detector = detector_name(visitor, detection) or _("a deleted detector")
    title = _("%(detector)s, version %(version)s") % {"detector": detector, "version": detection.detector_version}
    return Side(name, title, detection)


def _not_comparable(first: Detection, second: Detection) -> Conflict:
    if first.id == second.id:
        return Conflict(_("this is the same detection; choose another one of the same rows"))
    return Conflict(
        _("the other detection looked at different rows (%(other)s); compare detections of the same dataset")
        % {"other": second.source or _("rows in memory")}
    )


def _beside(a: Side, b: Side, first: ScoredRows, second: ScoredRows) -> Beside:
    decisions = agreement(first.is_anomaly, second.is_anomaly)
    overlay = None
    if first.severities is not None and second.severities is not None:
        named = [(f"{one.name}: {one.title}", rows) for one, rows in ((a, first.severities), (b, second.severities))]
        overlay = overlay_data(*[(name, severity_counts(rows)) for name, rows in named])
    return Beside(a, b, decisions, agreement_in_words(decisions), overlay)


def _against_label(visitor: Visitor, first: Detection, second: Detection, label: str) -> dict[str, Any]:
    forms = forms_of(visitor, first, second, label)
    try:
        known: Comparison = visitor.workspace.compare_detections(
            detection=first.id, other=second.id, label=label, may_read_sources=False
        )
    except (InvalidData, InvalidRequest, Conflict, NotFound) as error:
        return {"unknown": str(error), "forms": forms}
    return {"known": known, "told": differences_in_words(known), "forms": forms}


def forms_of(visitor: Visitor, first: Detection, second: Detection, label: str) -> list[CodeForm]:
    """Return how two detections are compared without a page."""
    return [
        code_form(
            visitor.request,
            _("Compare both by the label"),
            ApiCall("POST", f"/detections/{first.id}/compare", {"other_id": second.id, "label": label}),
            ["detection", "compare", first.id, second.id, "--label", label],
            f'comparison = workspace.compare_detections(detection="{first.id}", other="{second.id}", label={label!r})',
        )
    ]
