"""`/algorithms`: what detectors can be made of."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import NotFound, UnknownAlgorithm
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller
from pynomaly.presentation.api.replies import shown
from pynomaly.presentation.api.routing import answers, router
from pynomaly.presentation.api.schemas.algorithms import AlgorithmAnswer, AlgorithmsAnswer
from pynomaly.presentation.http.bounds import AlgorithmName

routes = router("algorithms")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]


@routes.get("/algorithms", operation_id="list_algorithms", response_model=AlgorithmsAnswer, responses=answers())
def list_algorithms(caller: Reader) -> Response:
    """List every algorithm with its parameters, usable here or not."""
    catalog = caller.service.catalog
    items = [AlgorithmAnswer.of(one, catalog.availability(one.name)) for one in catalog.descriptions()]
    return shown(AlgorithmsAnswer(items=items))


@routes.get(
    "/algorithms/{name}", operation_id="get_algorithm", response_model=AlgorithmAnswer, responses=answers(NotFound)
)
def get_algorithm(caller: Reader, name: Annotated[AlgorithmName, Path()]) -> Response:
    """Describe one algorithm, by its name or one of its other names."""
    try:
        one = caller.service.catalog.describe(name)
    except UnknownAlgorithm as error:
        raise NotFound(str(error)) from error
    return shown(AlgorithmAnswer.of(one, caller.service.catalog.availability(one.name)))
