"""`/detections`: what was found, strangest first, to be narrowed, opened and taken along."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from pynomaly.application.detector_overview import self_test_note
from pynomaly.application.ranked_rows import n_ranked, ranked_page
from pynomaly.domain.access import Permission
from pynomaly.domain.detection import Anomaly, Detection
from pynomaly.domain.errors import NotFound
from pynomaly.presentation.http.bounds import Cursor, ObjectId
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.notes import with_links
from pynomaly.presentation.web.rendering import HEADERS
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.score_charts import bars, histogram_data
from pynomaly.presentation.web.studio_words import lie_in_words
from pynomaly.presentation.web.texts import _, ngettext
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.figures import count, score_figure
from pynomaly.presentation.words.findings_words import policy_in_words, reasons_in_words

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
CursorQuery = Annotated[Cursor | None, Query()]
AT_ONCE = 50
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class View:
    """Which rows of a detection are shown. rank: of the first one.  n_rows: how many there are to page through."""

    is_all: bool
    severity: str
    rank: int
    n_rows: int

    @property
    def is_narrowed(self) -> bool:
        """Whether a severity was asked for."""
        return bool(self.severity)

    @property
    def query(self) -> str:
        """The view as it stands in addresses, ready for one more parameter."""
        return ("all=yes&" if self.is_all else "") + (f"severity={self.severity}&" if self.severity else "")


@routes.get("/detections")
def show_detections(visitor: Reader, cursor: CursorQuery = None) -> Response:
    """List detections, newest first."""
    cursors, queries = visitor.program.cursors, visitor.workspace.queries
    scope = ("detections page", visitor.principal.tenant_id)
    page = queries.detection_page(cursors.piece(AT_ONCE, cursor, *scope))
    return visitor.page(
        "detections.html",
        detections=page.items,
        names={detector.id: detector.name for detector in queries.detectors()},
        is_first=cursor is None,
        next_cursor=cursors.next_cursor(page, *scope),
    )


@routes.get("/detections/{id}")
def show_detection(
    visitor: Reader,
    id: ObjectId,
    all: Literal["", "yes"] = "",
    severity: Literal["", "50", "75", "90"] = "",
    cursor: CursorQuery = None,
    former: Annotated[ObjectId | None, Query()] = None,
) -> Response:
    """Show what one detection found; a part of the page asks for its rows alone.

    former: the detection whose scores were decided anew here, to lead back to.
    """
    cursors = visitor.program.cursors
    detection, rows = visitor.workspace.queries.scored_rows(id)
    scope = ("rows page", visitor.principal.tenant_id, detection.id, all, severity)
    piece = cursors.piece(AT_ONCE, cursor, *scope)
    least = float(severity) if severity else None
    page = ranked_page(detection, rows, piece, only_flagged=not all, least_severity=least)
    rank = 0 if piece.after is None else piece.after + 1
    context: dict[str, Any] = {
        "detection": detection,
        "page": page,
        "view": View(bool(all), severity, rank, n_ranked(rows, only_flagged=not all, least_severity=least)),
        "identifier_name": rows.identifier_name,
        "next_cursor": cursors.next_cursor(page, *scope),
        "reasons": reasons_of,
        "self_test": self_test_note(detection.notes),
    }
    if visitor.is_for_part:
        return visitor.part("detection.html", "table", **context)
    scores = visitor.workspace.queries.score_outline(id)[1].scores
    return visitor.page(
        "detection.html",
        **context,
        lie=lie_in_words(scores),
        drawn=histogram_data(scores, detection.score_threshold, rule=_rule(detection)),
        bars=bars(scores, detection.score_threshold),
        former=former,
        detector_name=detector_name(visitor, detection),
        policy=policy_in_words(detection.policy, detection.score_threshold).removeprefix("Decision: ").capitalize(),
        notes=[with_links(note, detection.id) for note in detection.notes],
        forms=_forms(visitor, detection),
    )


@routes.get("/detections/{id}/download")
def download(visitor: Reader, id: ObjectId, format: Literal["csv", "parquet", "jsonl", "arrow"] = "csv") -> Response:
    """Hand over the full result as a file."""
    path = visitor.program.incoming.folder / f"{visitor.program.new_id()}.{format}"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        detection = visitor.workspace.export_detection(detection=id, path=path)
        undo.pop_all()
    name = f"detection-{detection.id[:8]}.{format}"
    leave = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(
        path, media_type="application/octet-stream", filename=name, background=leave, headers=dict(HEADERS)
    )


def detector_name(visitor: Visitor, detection: Detection) -> str:
    """Return the name of a detection's detector, empty where it was deleted since."""
    try:
        return visitor.workspace.queries.detector(detection.detector_id)[0].name
    except NotFound:
        return ""


def _rule(detection: Detection) -> str:
    """Return what stands beside the line of a detection's histogram."""
    past = ngettext("%(n)s row past it", "%(n)s rows past it", detection.n_anomalies)
    return f"{score_figure(detection.score_threshold)} · {past % {'n': count(detection.n_anomalies)}}"


def reasons_of(anomaly: Anomaly) -> str:
    """Return why a row is strange, in one line of a table."""
    return reasons_in_words(anomaly.reasons, most=MOST_REASONS)


def _forms(visitor: Visitor, detection: Detection) -> list[CodeForm]:
    here = f"/detections/{detection.id}"
    return [
        code_form(
            visitor.request,
            _("Page through the anomalies"),
            ApiCall("GET", f"{here}/anomalies"),
            ["detection", "show", detection.id],
            f'detection = workspace.queries.detection("{detection.id}")',
        ),
        code_form(
            visitor.request,
            _("Take the full result along"),
            ApiCall("GET", f"{here}/export?format=parquet"),
            ["detection", "export", detection.id, "--output", "results.parquet"],
            f'workspace.export_detection(detection="{detection.id}", path=pathlib.Path("results.parquet"))',
        ),
    ]
