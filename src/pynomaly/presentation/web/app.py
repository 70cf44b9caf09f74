"""The pages: THE LIST of them, their guard, and what they answer when something fails."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI

from pynomaly.presentation.web import (
    account,
    admin,
    admin_audit,
    admin_health,
    admin_keys,
    anomaly,
    channel_trial,
    channels,
    comparison,
    datasets,
    deliveries,
    detections,
    detector_changes,
    detector_schedules,
    detectors,
    drop,
    dropped,
    evaluation,
    files,
    help,
    jobs,
    new_detector,
    palette,
    rules,
    sign_in,
    source_use,
    sources,
    studio,
    today,
)
from pynomaly.presentation.web.access import require_guards
from pynomaly.presentation.web.failures import install_failure_pages
from pynomaly.presentation.web.forms import checked_form, open_form
from pynomaly.presentation.web.renewal import Renewal
from pynomaly.presentation.web.uploads import checked_upload
from pynomaly.presentation.web.web_program import WebProgram

PAGES: tuple[APIRouter, ...] = (
    files.routes,
    sign_in.routes,
    today.routes,
    drop.routes,
    dropped.routes,
    datasets.routes,
    sources.routes,
    source_use.routes,
    jobs.routes,
    detections.routes,
    anomaly.routes,
    studio.routes,
    evaluation.routes,
    comparison.routes,
    new_detector.routes,
    detectors.routes,
    detector_changes.routes,
    detector_schedules.routes,
    channels.routes,
    channel_trial.routes,
    rules.routes,
    deliveries.routes,
    admin.routes,
    admin_keys.routes,
    admin_audit.routes,
    admin_health.routes,
    account.routes,
    palette.routes,
    help.routes,
)


def create_web(program: WebProgram, *, pages: Iterable[APIRouter] = PAGES) -> FastAPI:
    """Return the application of the pages. Raises UnguardedPage if one names no permission and is not public."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.program = program
    install_failure_pages(app)
    app.add_middleware(Renewal, program=program)
    for one in pages:
        require_guards(one.routes, (checked_form, checked_upload, open_form))
        app.include_router(one)
    return app
