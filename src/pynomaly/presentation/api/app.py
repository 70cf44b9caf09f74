"""The API: THE LIST of its resources, its guard, and its documents."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI

from pynomaly.presentation.api import (
    algorithms,
    audit,
    channels,
    curves,
    datasets,
    deliveries,
    detect,
    detections,
    detectors,
    health,
    jobs,
    looks,
    notification_rules,
    outlines,
    people,
    schedules,
    scores,
    sessions,
    sources,
    today,
    verdicts,
)
from pynomaly.presentation.api.access import require_guards
from pynomaly.presentation.api.api_program import ApiProgram
from pynomaly.presentation.api.handbook.routes import add_handbook
from pynomaly.presentation.api.openapi import describe_fully
from pynomaly.presentation.http.error_handlers import install_error_handlers
from pynomaly.presentation.http.route_names import PREFIX

RESOURCES: tuple[APIRouter, ...] = (
    sessions.routes,
    today.routes,
    detect.routes,
    datasets.routes,
    looks.routes,
    sources.routes,
    algorithms.routes,
    detectors.routes,
    detections.routes,
    verdicts.routes,
    outlines.routes,
    curves.routes,
    scores.routes,
    jobs.routes,
    schedules.routes,
    channels.routes,
    notification_rules.routes,
    deliveries.routes,
    people.routes,
    audit.routes,
    health.routes,
)


def create_app(service: ApiProgram, *, version: str, resources: Iterable[APIRouter] = RESOURCES) -> FastAPI:
    """Return the application. Raises UnguardedRoute if a route names no permission and is not public."""
    app = FastAPI(
        title="Pynomaly",
        version=version,
        summary="Finds anomalies in tables, says how sure it is and says why.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere; the handbook is ours
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    install_error_handlers(app)
    describe_fully(app)
    add_handbook(app)
    for resource in resources:
        require_guards(resource.routes)
        app.include_router(resource, prefix=PREFIX)
    return app
