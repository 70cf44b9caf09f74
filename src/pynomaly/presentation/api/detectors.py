"""`/detectors`: create, change, train, promote, roll back."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.application.ports.asking import Reply
from pynomaly.domain.access import Permission
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import (
    AlreadyExists,
    Conflict,
    ExtraNotInstalled,
    InvalidParameter,
    InvalidRequest,
    NotFound,
    NotStorable,
    NotTrained,
    UnknownAlgorithm,
)
from pynomaly.domain.job import JobKind
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.job_replies import accepted
from pynomaly.presentation.api.replies import created, edited, gone, shown, unchanged
from pynomaly.presentation.api.revisions import IfMatch, IfNoneMatch, is_known, require_match
from pynomaly.presentation.api.routing import (
    CONDITIONAL,
    JOB_LINKS,
    KEYED,
    LISTED,
    WITH_BODY,
    answers,
    leads_to,
    router,
)
from pynomaly.presentation.api.schemas.detectors import (
    DetectorAnswer,
    DetectorChange,
    NewDetector,
    PromotionRequest,
    TrainingRequest,
    TrainingRunAnswer,
    TrainingRunsAnswer,
    VersionAnswer,
    VersionsAnswer,
)
from pynomaly.presentation.api.schemas.jobs import JobAnswer
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.http.bounds import Name, VersionNumber
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter

routes = router("detectors")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Writer = Annotated[Caller, Depends(requires(Permission.WRITE_DETECTORS))]
DetectorPath = Annotated[Name, Path(alias="id", description="A detector's id or name.")]
_HERE = "/detectors/{id}"
_LINKS = leads_to(
    "get_detector", "train_detector", "list_detector_versions", edits=("change_detector", "delete_detector")
)


@routes.post(
    "/detectors",
    operation_id="create_detector",
    status_code=201,
    response_model=DetectorAnswer,
    responses=answers(
        WITH_BODY,
        KEYED,
        AlreadyExists,
        UnknownAlgorithm,
        InvalidParameter,
        InvalidRequest,
        NotStorable,
        ExtraNotInstalled,
    )
    | {201: _LINKS},
)
def create_detector(caller: Writer, body: NewDetector, key: KeyHeader = None) -> Response:
    """Name an algorithm and its parameters as a detector; train it next."""
    return caller.answer(
        lambda workspace: workspace.create_detector(
            name=body.name, algorithm=body.algorithm, parameters=body.parameters
        ),
        lambda made: created(DetectorAnswer.of(made), f"/detectors/{made.id}", made),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.get(
    "/detectors", operation_id="list_detectors", response_model=PageAnswer[DetectorAnswer], responses=answers(LISTED)
)
def list_detectors(caller: Reader, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List detectors, newest first."""
    cursors = caller.service.cursors
    scope = ("detectors", caller.principal.tenant_id)
    page = caller.workspace.queries.detector_page(cursors.piece(limit, cursor, *scope))
    items = [DetectorAnswer.of(detector) for detector in page.items]
    return shown(PageAnswer[DetectorAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE,
    operation_id="get_detector",
    response_model=DetectorAnswer,
    responses=answers(NotFound, InvalidRequest) | {304: {"description": "It is as you have it."}},
)
def get_detector(caller: Reader, detector_id: DetectorPath, if_none_match: IfNoneMatch = None) -> Response:
    """Describe a detector."""
    detector = _found(caller, detector_id)
    return unchanged(detector) if is_known(detector, if_none_match) else shown(DetectorAnswer.of(detector), detector)


@routes.patch(
    _HERE,
    operation_id="change_detector",
    response_model=DetectorAnswer,
    responses=answers(WITH_BODY, KEYED, CONDITIONAL, NotFound, AlreadyExists, Conflict, InvalidRequest),
)
def change_detector(
    caller: Writer, detector_id: DetectorPath, body: DetectorChange, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Rename or retire a detector."""
    return caller.answer(
        lambda workspace: workspace.change_detector(
            detector=detector_id,
            name=body.name,
            is_retired=body.is_retired,
            revision=require_match(_found(caller, detector_id), if_match),
        ),
        lambda changed: edited(DetectorAnswer.of(changed), changed),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.delete(
    _HERE,
    operation_id="delete_detector",
    status_code=204,
    responses=answers(KEYED, CONDITIONAL, NotFound, InvalidRequest),
)
def delete_detector(
    caller: Writer, detector_id: DetectorPath, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Forget a detector with all its versions; what it detected stays."""
    return caller.answer(
        lambda workspace: workspace.remove_detector(
            detector=detector_id, revision=require_match(_found(caller, detector_id), if_match)
        ),
        lambda _: gone(),
        key=key,
    )


@routes.get(
    _HERE + "/versions",
    operation_id="list_detector_versions",
    response_model=VersionsAnswer,
    responses=answers(NotFound, InvalidRequest),
)
def list_detector_versions(caller: Reader, detector_id: DetectorPath) -> Response:
    """List a detector's trained versions, newest first."""
    return shown(VersionsAnswer.of(_found(caller, detector_id)))


@routes.get(
    _HERE + "/versions/{number}",
    operation_id="get_detector_version",
    response_model=VersionAnswer,
    responses=answers(NotFound, InvalidRequest),
)
def get_detector_version(
    caller: Reader, detector_id: DetectorPath, number: Annotated[VersionNumber, Path()]
) -> Response:
    """Describe one trained version."""
    detector = _found(caller, detector_id)
    for version in detector.versions:
        if version.number == number:
            return shown(VersionAnswer.of(version, detector.live_version))
    raise NotFound(f"detector '{detector.name}' has no version {number}")


@routes.get(
    _HERE + "/training-runs",
    operation_id="list_training_runs",
    response_model=TrainingRunsAnswer,
    responses=answers(NotFound, InvalidRequest),
)
def list_training_runs(caller: Reader, detector_id: DetectorPath) -> Response:
    """List every attempt to train a detector, newest first."""
    _, runs = caller.workspace.queries.detector(detector_id)
    return shown(TrainingRunsAnswer(items=[TrainingRunAnswer.of(run) for run in runs]))


@routes.post(
    _HERE + "/train",
    operation_id="train_detector",
    status_code=202,
    response_model=JobAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, Conflict, InvalidRequest) | {202: JOB_LINKS},
)
def train_detector(caller: Writer, detector_id: DetectorPath, body: TrainingRequest, key: KeyHeader = None) -> Response:
    """Train a detector on a dataset, as a job; its new version goes live when it is done.

    With `then_detect` the same rows are looked at next: the job that does so is queued together with the new version,
    and the training's `next_job_id` names it. That needs `score` besides.
    """
    if body.then_detect:
        caller.principal.require(Permission.SCORE)
    return caller.answer(
        lambda workspace: workspace.submit_job(
            kind=JobKind.TRAIN,
            payload={"detector_id": detector_id, **body.model_dump(exclude={"priority"})},
            priority=body.priority,
        ),
        accepted,
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.post(
    _HERE + "/promote",
    operation_id="promote_version",
    response_model=DetectorAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, NotTrained, Conflict, InvalidRequest),
)
def promote_version(
    caller: Writer, detector_id: DetectorPath, body: PromotionRequest, key: KeyHeader = None
) -> Response:
    """Let a trained version score from now on."""
    return caller.answer(
        lambda workspace: workspace.promote_version(detector=detector_id, version=body.version),
        _as_edited,
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.post(
    _HERE + "/rollback",
    operation_id="roll_back_version",
    response_model=DetectorAnswer,
    responses=answers(KEYED, NotFound, NotTrained, Conflict, InvalidRequest),
)
def roll_back_version(caller: Writer, detector_id: DetectorPath, key: KeyHeader = None) -> Response:
    """Let the version before the live one score again."""
    return caller.answer(lambda workspace: workspace.promote_version(detector=detector_id), _as_edited, key=key)


def _found(caller: Caller, detector_id: str) -> Detector:
    detector, _ = caller.workspace.queries.detector(detector_id)
    return detector


def _as_edited(detector: Detector) -> Reply:
    return edited(DetectorAnswer.of(detector), detector)
