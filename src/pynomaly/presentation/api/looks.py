"""`/datasets/{id}/look`: from rows to anomalies in one request."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import (
    AlreadyExists,
    ExtraNotInstalled,
    InvalidParameter,
    InvalidRequest,
    NotFound,
    NotStorable,
    UnknownAlgorithm,
)
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.job_replies import accepted
from pynomaly.presentation.api.routing import JOB_LINKS, KEYED, WITH_BODY, answers, router
from pynomaly.presentation.api.schemas.datasets import LookRequest
from pynomaly.presentation.api.schemas.jobs import JobAnswer
from pynomaly.presentation.http.bounds import Name

routes = router("datasets")
Looker = Annotated[Caller, Depends(requires(Permission.WRITE_DATASETS))]


@routes.post(
    "/datasets/{id}/look",
    operation_id="look_at_dataset",
    status_code=202,
    response_model=JobAnswer,
    responses=answers(
        WITH_BODY,
        KEYED,
        NotFound,
        AlreadyExists,
        InvalidRequest,
        UnknownAlgorithm,
        InvalidParameter,
        NotStorable,
        ExtraNotInstalled,
    )
    | {202: JOB_LINKS},
)
def look_at_dataset(
    caller: Looker,
    dataset_id: Annotated[Name, Path(alias="id", description="A dataset's id or name.")],
    body: LookRequest,
    key: KeyHeader = None,
) -> Response:
    """Look at a dataset with a detector of its own: one job trains it, a second one finds the anomalies.

    The job in the answer trains; when it has succeeded its `next_job_id` names the one whose result is the detection.

    Needs `score` besides. It needs no right to write detectors: the one that it makes is new, and nobody else's is
    touched.
    """
    caller.principal.require(Permission.SCORE)
    return caller.answer(
        lambda workspace: workspace.look_at_dataset(
            dataset=dataset_id, name=body.name, algorithm=body.algorithm, parameters=body.parameters
        ),
        lambda made: accepted(made[1]),
        key=key,
        content=body.model_dump_json().encode(),
    )
