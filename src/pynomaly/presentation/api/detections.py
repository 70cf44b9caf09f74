"""`/detections`: run, page through the rows, explain one, decide anew, evaluate, export."""

from contextlib import ExitStack
from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from pynomaly.application.at_once import fits_at_once
from pynomaly.application.ports.asking import Reply
from pynomaly.application.ranked_rows import ranked_page
from pynomaly.application.workspace import Workspace
from pynomaly.domain.access import Permission
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import (
    Conflict,
    CorruptModel,
    ExtraNotInstalled,
    InvalidRequest,
    NotFound,
)
from pynomaly.domain.job import Job, JobKind
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.job_replies import accepted
from pynomaly.presentation.api.replies import created, shown
from pynomaly.presentation.api.routing import (
    DATA,
    KEYED,
    LISTED,
    USING_A_DETECTOR,
    WITH_BODY,
    answers,
    leads_to,
    router,
)
from pynomaly.presentation.api.schemas.detections import (
    AnomalyAnswer,
    DecisionRequest,
    DetectionAnswer,
    EvaluationAnswer,
    EvaluationRequest,
    ExportFormat,
    NewDetection,
)
from pynomaly.presentation.api.schemas.inspections import InspectionAnswer
from pynomaly.presentation.api.schemas.jobs import JobAnswer
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.api.schemas.policies import policy_of
from pynomaly.presentation.http.bounds import Name, ObjectId, RowIndex
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter

routes = router("detections")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Scorer = Annotated[Caller, Depends(requires(Permission.SCORE))]
DetectionPath = Annotated[ObjectId, Path(alias="id", description="A detection's id.")]
STRANGEST_KEPT = 100
_HERE = "/detections/{id}"
_LINKS = leads_to("get_detection", "list_anomalies", "export_detection")


@routes.post(
    "/detections",
    operation_id="run_detection",
    status_code=201,
    response_model=DetectionAnswer,
    responses=answers(WITH_BODY, KEYED, USING_A_DETECTOR)
    | {201: _LINKS, 202: {"model": JobAnswer, "description": "Too much to answer at once; a job does it."}},
)
def run_detection(caller: Scorer, body: NewDetection, key: KeyHeader = None) -> Response:
    """Score rows with a trained detector and decide which are anomalies.

    Up to 10 000 rows of a dataset are answered at once; for more, and for rows of a source, a job is accepted.
    """
    if body.source_id is not None:
        caller.principal.require(Permission.WRITE_DATASETS)  # what the source holds becomes a dataset
    return caller.answer(
        lambda workspace: _run_or_submit(workspace, body),
        _as_made,
        key=key,
        content=body.model_dump_json().encode(),
    )


def _run_or_submit(workspace: Workspace, body: NewDetection) -> Detection | Job:
    payload = body.model_dump(mode="json", exclude_none=True, exclude={"priority"})
    if payload.keys() & {"source_id", "selection", "roles", "kinds"} or not fits_at_once(
        workspace.queries.dataset(_dataset(body))
    ):
        payload["n_strangest"] = STRANGEST_KEPT
        return workspace.submit_job(kind=JobKind.DETECT, payload=payload, priority=body.priority)
    return workspace.detect_anomalies(
        detector=body.detector_id,
        dataset=body.dataset_id,
        version=body.version,
        policy=policy_of(body.policy),
        n_strangest=STRANGEST_KEPT,
    ).detection


def _dataset(body: NewDetection) -> str:
    if body.dataset_id is None:
        raise InvalidRequest("rows come from a dataset or from a source: give 'dataset_id' or 'source_id', one of them")
    return body.dataset_id


@routes.get(
    "/detections",
    operation_id="list_detections",
    response_model=PageAnswer[DetectionAnswer],
    responses=answers(LISTED, NotFound, InvalidRequest),
)
def list_detections(
    caller: Reader,
    limit: LimitParameter = DEFAULT_LIMIT,
    cursor: CursorParameter = None,
    detector: Annotated[Name | None, Query(description="Only those of this detector, by id or name.")] = None,
) -> Response:
    """List detections, newest first."""
    cursors, queries = caller.service.cursors, caller.workspace.queries
    detector_id = None if detector is None else queries.detector(detector)[0].id
    scope = ("detections", caller.principal.tenant_id, detector_id)
    page = queries.detection_page(cursors.piece(limit, cursor, *scope), detector_id=detector_id)
    items = [DetectionAnswer.of(detection) for detection in page.items]
    return shown(PageAnswer[DetectionAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE,
    operation_id="get_detection",
    response_model=DetectionAnswer,
    responses=answers(NotFound, InvalidRequest),
)
def get_detection(caller: Reader, detection_id: DetectionPath) -> Response:
    """Describe a detection."""
    return shown(DetectionAnswer.of(caller.workspace.queries.detection(detection_id)))


@routes.get(
    _HERE + "/anomalies",
    operation_id="list_anomalies",
    response_model=PageAnswer[AnomalyAnswer],
    responses=answers(LISTED, NotFound, InvalidRequest, CorruptModel),
)
def list_anomalies(
    caller: Reader,
    detection_id: DetectionPath,
    limit: LimitParameter = DEFAULT_LIMIT,
    cursor: CursorParameter = None,
    only_flagged: Annotated[bool, Query(description="False to page through every row, the strangest first.")] = True,
) -> Response:
    """Page through the flagged rows, strangest first; the strangest come with their reasons."""
    cursors = caller.service.cursors
    detection, rows = caller.workspace.queries.scored_rows(detection_id)
    scope = ("anomalies", caller.principal.tenant_id, detection.id, only_flagged)
    page = ranked_page(detection, rows, cursors.piece(limit, cursor, *scope), only_flagged=only_flagged)
    items = [AnomalyAnswer.of(anomaly) for anomaly in page.items]
    return shown(PageAnswer[AnomalyAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE + "/rows/{row}",
    operation_id="explain_row",
    response_model=AnomalyAnswer,
    responses=answers(NotFound, Conflict, InvalidRequest, CorruptModel, ExtraNotInstalled),
)
def explain_row(caller: Reader, detection_id: DetectionPath, row: Annotated[RowIndex, Path()]) -> Response:
    """Say why one row got its score, whichever row it is."""
    return shown(AnomalyAnswer.of(caller.workspace.explain_row(detection=detection_id, row=row)))


@routes.get(
    _HERE + "/rows/{row}/inspection",
    operation_id="inspect_row",
    response_model=InspectionAnswer,
    responses=answers(NotFound, Conflict, InvalidRequest, CorruptModel, ExtraNotInstalled),
)
def inspect_row(caller: Reader, detection_id: DetectionPath, row: Annotated[RowIndex, Path()]) -> Response:
    """Look at one row in depth: its cells, normal rows nearest to it, anomalies like it, what would make it normal."""
    return shown(InspectionAnswer.of(caller.workspace.inspect_row(detection=detection_id, row=row)))


@routes.post(
    _HERE + "/decide",
    operation_id="decide_detection",
    status_code=201,
    response_model=DetectionAnswer,
    responses=answers(WITH_BODY, KEYED, USING_A_DETECTOR) | {201: _LINKS},
)
def decide_detection(
    caller: Scorer, detection_id: DetectionPath, body: DecisionRequest, key: KeyHeader = None
) -> Response:
    """Decide the stored scores under another policy, as a detection of its own; nothing is scored again."""
    return caller.answer(
        lambda workspace: workspace.decide_detection(detection=detection_id, policy=policy_of(body.policy)),
        _as_made,
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.post(
    _HERE + "/evaluate",
    operation_id="evaluate_detection",
    response_model=EvaluationAnswer,
    responses=answers(WITH_BODY, DATA, NotFound, Conflict, InvalidRequest, CorruptModel),
)
def evaluate_detection(caller: Reader, detection_id: DetectionPath, body: EvaluationRequest) -> Response:
    """Hold a detection against a column of known answers of its dataset; nothing is stored."""
    _, evaluation = caller.workspace.evaluate_detection(
        detection=detection_id, label=body.label, may_read_sources=False
    )
    return shown(EvaluationAnswer.of(evaluation))


@routes.get(
    _HERE + "/export",
    operation_id="export_detection",
    response_class=FileResponse,
    responses=answers(NotFound, InvalidRequest, CorruptModel)
    | {
        200: {
            "description": "One line per row, in the order of the dataset.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def export_detection(
    caller: Reader,
    detection_id: DetectionPath,
    format: Annotated[ExportFormat, Query(description="Of the file.")] = "csv",
) -> Response:
    """Download the full result as a file."""
    path = caller.service.incoming.folder / f"{caller.service.new_id()}.{format}"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        detection = caller.workspace.export_detection(detection=detection_id, path=path)
        undo.pop_all()
    name = f"detection-{detection.id[:8]}.{format}"
    leave = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type="application/octet-stream", filename=name, background=leave)


def _as_made(made: Detection | Job) -> Reply:
    if isinstance(made, Job):
        return accepted(made)
    return created(DetectionAnswer.of(made), f"/detections/{made.id}")
