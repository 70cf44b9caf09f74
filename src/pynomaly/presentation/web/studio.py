"""`/detections/{id}/studio`: a line through stored scores, moved until it flags what is worth looking at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Query
from starlette.responses import Response

from pynomaly.application.ports.recent_outlines import Outlined
from pynomaly.application.stored_scores import DecisionChange
from pynomaly.application.use_cases.find_mistakes import Mistakes
from pynomaly.domain.access import Permission
from pynomaly.domain.decision import AlarmBudget, ScoreThreshold
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import Conflict, InvalidData, InvalidRequest, NotFound, PynomalyError
from pynomaly.domain.score_outline import ScoreOutline, false_alarms_past, shortest_line
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.detections import detector_name
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.known_labels import label_of
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.score_charts import bars, histogram_data, tail_data
from pynomaly.presentation.web.studio_code import forms_of
from pynomaly.presentation.web.studio_words import (
    changes_in_words,
    false_in_words,
    flag_in_words,
    hits_in_words,
    lie_in_words,
    past_in_words,
    patterns,
)
from pynomaly.presentation.web.texts import ngettext
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.figures import count

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Scorer = Annotated[Visitor, Depends(requires(Permission.SCORE))]
Asked = Annotated[str, Query(max_length=40)]
Policy: TypeAlias = AlarmBudget | ScoreThreshold
ROWS_BESIDE = 8
"""Rows shown on either side of the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was asked for, and all that is said of it.

    asked: as it stands in addresses.  threshold: where it lies, None where nothing is flagged.  rows: how many are.
    field: the threshold with as few digits as draw the same line.
    """

    asked: str
    policy: Policy
    change: DecisionChange
    threshold: float | None
    rows: int
    field: float | None
    past: str
    false: str
    changes: str
    hits: str
    flag: str


@routes.get("/detections/{id}/studio")
def show_studio(visitor: Reader, id: ObjectId, threshold: Asked = "", rows: Asked = "") -> Response:
    """Show the scores, the line through them and what it would change."""
    detection, outlined = visitor.workspace.queries.score_outline(id)
    try:
        policy = policy_of(Fields({"threshold": [threshold], "rows": [rows]})) or _as_it_stands(detection, outlined)
    except InvalidRequest as error:
        return _again(visitor, detection, outlined, error)
    return visitor.page("studio.html", **_context(visitor, detection, outlined, policy))


@routes.get("/detections/{id}/studio/changes")
def show_changes(visitor: Reader, id: ObjectId, threshold: Asked = "", rows: Asked = "") -> Response:
    """Show what a line would change, for the page that has the rest already."""
    detection, outlined = visitor.workspace.queries.score_outline(id)
    policy = policy_of(Fields({"threshold": [threshold], "rows": [rows]})) or _as_it_stands(detection, outlined)
    line = _line(visitor, detection, outlined, policy)
    return visitor.part("studio.html", "changes", detection=detection, line=line)


@routes.post("/detections/{id}/studio")
def decide(visitor: Scorer, id: ObjectId, form: Form) -> Response:
    """Decide by a line, as a detection of its own, and show it; the former one stays."""
    detection, outlined = visitor.workspace.queries.score_outline(id)
    try:
        policy = policy_of(form) or _as_it_stands(detection, outlined)
        decided = visitor.workspace.decide_detection(detection=detection.id, policy=policy)
    except (InvalidRequest, NotFound) as error:
        return _again(visitor, detection, outlined, error)
    notice = ngettext(
        "%(rows)s row is flagged now. The former decision is kept as it was.",
        "%(rows)s rows are flagged now. The former decision is kept as it was.",
        decided.n_anomalies,
    ) % {"rows": count(decided.n_anomalies)}
    return visitor.go_to(f"/detections/{decided.id}?former={detection.id}", notice=notice)


def policy_of(fields: Fields) -> Policy | None:
    """Return the line that an address or a form asks for: by rows, else by threshold. Raises InvalidRequest."""
    rows = fields.whole_number("rows")
    if rows is not None:
        return AlarmBudget(rows=rows)
    threshold = fields.number("threshold")
    return None if threshold is None else ScoreThreshold(threshold)


def _as_it_stands(detection: Detection, outlined: Outlined) -> Policy:
    """Return the line that a detection has; where it has none it flags nothing."""
    if detection.score_threshold is None:
        return AlarmBudget(rows=0)
    return ScoreThreshold(shortest_line(outlined.scores, detection.score_threshold))


def _again(visitor: Visitor, detection: Detection, outlined: Outlined, error: PynomalyError) -> Response:
    context = _context(visitor, detection, outlined, _as_it_stands(detection, outlined))
    return visitor.again("studio.html", error, **context)


def _context(visitor: Visitor, detection: Detection, outlined: Outlined, policy: Policy) -> Mapping[str, Any]:
    line = _line(visitor, detection, outlined, policy)
    return {
        "detection": detection,
        "detector_name": detector_name(visitor, detection),
        "outline": outlined.scores,
        "line": line,
        "lie": lie_in_words(outlined.scores),
        "bars": bars(outlined.scores, line.threshold),
        "drawn": _drawn(outlined, line),
        "has_estimate": outlined.no_estimate is None,
        "forms": forms_of(visitor.request, detection, policy),
    }


def _drawn(outlined: Outlined, line: Line) -> dict[str, Any]:
    data = histogram_data(outlined.scores, line.threshold)
    words = {**data["words"], **patterns()}  # type: ignore[dict-item]
    if outlined.no_estimate is not None:
        words["no_estimate"] = line.false
    return {**data, **tail_data(outlined.scores), "words": words}


def _line(visitor: Visitor, detection: Detection, outlined: Outlined, policy: Policy) -> Line:
    change = visitor.workspace.queries.changed_rows(detection.id, policy, limit=ROWS_BESIDE)
    n_rows, threshold = change.n_would_be_flagged, change.score_threshold
    bound = None if threshold is None else false_alarms_past(outlined.scores, threshold)
    return Line(
        asked=_asked(policy),
        policy=policy,
        change=change,
        threshold=threshold,
        rows=n_rows,
        field=_field(outlined.scores, policy, threshold),
        past=past_in_words(n_rows, detection.n_rows, threshold),
        false=false_in_words(n_rows, bound, outlined.no_estimate),
        changes=changes_in_words(change),
        hits=_hits(visitor, detection, policy),
        flag=flag_in_words(n_rows),
    )


def _field(outline: ScoreOutline, policy: Policy, threshold: float | None) -> float | None:
    """Return what the field of the threshold holds: what was asked for, else as few digits as draw the same line."""
    if isinstance(policy, ScoreThreshold):
        return policy.score
    return None if threshold is None else shortest_line(outline, threshold)


def _asked(policy: Policy) -> str:
    return f"rows={policy.rows}" if isinstance(policy, AlarmBudget) else f"threshold={policy.score!r}"


def _hits(visitor: Visitor, detection: Detection, policy: Policy) -> str:
    """Say how the line stands to the dataset's label; empty where there is none, its reason where it is no help."""
    label = label_of(visitor, detection)
    if label is None:
        return ""
    try:
        mistakes: Mistakes = visitor.workspace.find_mistakes(
            detection=detection.id, label=label, policy=policy, limit=0, may_read_sources=False
        )
    except (InvalidData, InvalidRequest, Conflict, NotFound) as error:
        return str(error)
    return hits_in_words(mistakes, label)
