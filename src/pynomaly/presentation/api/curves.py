"""`/detections/{id}/curves`, `/mistakes` and `/compare`: detections against known answers."""

from starlette.responses import Response

from pynomaly.domain.errors import Conflict, CorruptModel, InvalidRequest, NotFound
from pynomaly.presentation.api.detections import DetectionPath, Reader
from pynomaly.presentation.api.replies import shown
from pynomaly.presentation.api.routing import DATA, WITH_BODY, answers, router
from pynomaly.presentation.api.schemas.curves import (
    ComparisonAnswer,
    ComparisonRequest,
    CurvesAnswer,
    MistakesAnswer,
    MistakesRequest,
)
from pynomaly.presentation.api.schemas.detections import EvaluationRequest

routes = router("detections")


@routes.post(
    "/detections/{id}/curves",
    operation_id="trace_curves",
    response_model=CurvesAnswer,
    responses=answers(WITH_BODY, DATA, NotFound, Conflict, InvalidRequest, CorruptModel),
)
def trace_curves(caller: Reader, detection_id: DetectionPath, body: EvaluationRequest) -> Response:
    """Hold a detection against known answers at every threshold: curves small enough to draw; nothing is stored."""
    _, curves = caller.workspace.trace_curves(detection=detection_id, label=body.label, may_read_sources=False)
    return shown(CurvesAnswer.of(curves))


@routes.post(
    "/detections/{id}/mistakes",
    operation_id="find_mistakes",
    response_model=MistakesAnswer,
    responses=answers(WITH_BODY, DATA, NotFound, Conflict, InvalidRequest, CorruptModel),
)
def find_mistakes(caller: Reader, detection_id: DetectionPath, body: MistakesRequest) -> Response:
    """Show which rows a decision gets wrong by known answers: false alarms and misses; nothing is stored."""
    return shown(
        MistakesAnswer.of(
            caller.workspace.find_mistakes(
                detection=detection_id, label=body.label, policy=body.line, limit=body.limit, may_read_sources=False
            )
        )
    )


@routes.post(
    "/detections/{id}/compare",
    operation_id="compare_detections",
    response_model=ComparisonAnswer,
    responses=answers(WITH_BODY, DATA, NotFound, Conflict, InvalidRequest, CorruptModel),
)
def compare_detections(caller: Reader, detection_id: DetectionPath, body: ComparisonRequest) -> Response:
    """Compare two detections of the same rows by known answers, and say what chance explains; nothing is stored."""
    return shown(
        ComparisonAnswer.of(
            caller.workspace.compare_detections(
                detection=detection_id, other=body.other_id, label=body.label, may_read_sources=False
            )
        )
    )
