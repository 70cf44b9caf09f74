"""`/detect`: a detection in the founding document's own shape."""

import time
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.application.at_once import fits_at_once
from pynomaly.application.choices import policy_for
from pynomaly.application.ports.asking import Reply
from pynomaly.application.workspace import Workspace
from pynomaly.application.written_policies import policy_to_json
from pynomaly.domain.access import Permission
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.detection import Detection
from pynomaly.domain.job import Job, JobKind
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.job_replies import accepted
from pynomaly.presentation.api.replies import json_reply
from pynomaly.presentation.api.routing import KEYED, USING_A_DETECTOR, WITH_BODY, answers, link, router
from pynomaly.presentation.api.schemas.detections import DetectAnswer, DetectMetrics, DetectRequest, FoundAnomaly
from pynomaly.presentation.api.schemas.jobs import JobAnswer

routes = router("detect")
Scorer = Annotated[Caller, Depends(requires(Permission.SCORE))]
MOST_TOLD = 1000


@routes.post(
    "/detect",
    operation_id="detect",
    response_model=DetectAnswer,
    responses=answers(
        WITH_BODY,
        KEYED,
        USING_A_DETECTOR,
    )
    | {
        200: {"links": link("get_detection", id="$response.body#/detection_id")},
        202: {"model": JobAnswer, "description": "Too much to answer at once; a job does it."},
    },
)
def detect(caller: Scorer, body: DetectRequest, key: KeyHeader = None) -> Response:
    """Find the anomalies of a dataset with a trained detector."""
    began = time.perf_counter()

    def reply_to(made: Detection | Job) -> Reply:
        return accepted(made) if isinstance(made, Job) else json_reply(_answer(made, time.perf_counter() - began))

    return caller.answer(
        lambda workspace: _run(workspace, body), reply_to, key=key, content=body.model_dump_json().encode()
    )


def _run(workspace: Workspace, body: DetectRequest) -> Detection | Job:
    policy = policy_for(threshold=body.threshold)
    if fits_at_once(workspace.queries.dataset(body.dataset_id)):
        return workspace.detect_anomalies(
            detector=body.detector_id, dataset=body.dataset_id, policy=policy, n_strangest=MOST_TOLD, with_reasons=False
        ).detection
    payload: dict[str, JsonValue] = {
        "detector_id": body.detector_id,
        "dataset_id": body.dataset_id,
        "policy": policy_to_json(policy),
        "n_strangest": MOST_TOLD,
    }
    return workspace.submit_job(kind=JobKind.DETECT, payload=payload)


def _answer(detection: Detection, seconds: float) -> DetectAnswer:
    flagged = [anomaly for anomaly in detection.strangest if anomaly.is_anomaly]
    return DetectAnswer(
        detection_id=detection.id,
        anomalies=[
            FoundAnomaly(score=one.score, severity=one.severity, confidence=one.confidence, sample_index=one.row)
            for one in flagged[:MOST_TOLD]
        ],
        metrics=DetectMetrics(
            total_samples=detection.n_rows,
            anomalies_detected=detection.n_anomalies,
            processing_time_ms=round(1000 * seconds, 3),
        ),
    )
