"""The application that a server runs: the API with everything it works with, behind its wall."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.types import ASGIApp

from pynomaly.application.model_artifact import weighed_model
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.warm_models import Weighed
from pynomaly.application.tickets import Tickets
from pynomaly.application.trained_model import TrainedModel
from pynomaly.application.use_cases.score_rows import ScoreRows
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.caching import shared_cache_of
from pynomaly.assembly.people import people_of, signing_key_of
from pynomaly.assembly.reading import reading_nursery, take_in, unfold
from pynomaly.assembly.source_reading import reach_in_child
from pynomaly.assembly.web import Doors, no_tickets, web_program_of
from pynomaly.assembly.workers import PRELOADED, SECRETS, crew_of
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.identifiers import LOCAL_TENANT, ModelDigest, TenantId
from pynomaly.infrastructure.credentials.signing_key import derived
from pynomaly.infrastructure.data.json_rows import find_number_rows
from pynomaly.infrastructure.data.row_reader import RowReader
from pynomaly.infrastructure.intake.in_child import InChildIntake
from pynomaly.infrastructure.processes.nursery import Nursery
from pynomaly.infrastructure.rate_limits import RateLimits
from pynomaly.infrastructure.recent_detectors import DetectorMemory
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.shared_detectors import SharedDetectors
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
from pynomaly.infrastructure.storage.result_bytes import arrow_stream
from pynomaly.infrastructure.storage.result_files import ResultWriter
from pynomaly.infrastructure.storage.shared_models import SharedModels
from pynomaly.infrastructure.storage.tenant_folder import tenant_folder
from pynomaly.infrastructure.warm_models import ModelMemory
from pynomaly.presentation.api.api_program import ApiProgram
from pynomaly.presentation.api.app import create_app
from pynomaly.presentation.api.score_bodies import ScoreBodies
from pynomaly.presentation.api.scores import LeanScores
from pynomaly.presentation.api.scoring import Scoring
from pynomaly.presentation.http.cursors import Cursors
from pynomaly.presentation.http.edge import at_the_edge
from pynomaly.presentation.http.incoming import Incoming
from pynomaly.presentation.http.route_names import RouteNames, declared_routes
from pynomaly.presentation.identity import Identity
from pynomaly.presentation.web.app import create_web

if TYPE_CHECKING:
    from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry

WARM_BYTES = 512 * 1024**2
INCOMING = "incoming"
"""The folder in the home where uploads wait for their verdict."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def asgi_application(
    shared: Adapters,
    *,
    n_workers: int = 0,
    metrics: "PrometheusTelemetry | None" = None,
    at_end: Callable[[], object] = lambda: None,
    tickets: Tickets | None = None,
) -> ASGIApp:
    """Return the whole application.

    n_workers: processes that live as long as it does.  metrics: shown, and told beforehand which routes there are.
    at_end: called when everything has been answered and the workers have gone.  tickets: let people in.
    Raises InvalidRequest, Conflict where settings or the key cannot be used.
    """
    service = api_program_of(shared)
    api = create_app(service, version=version("pynomaly-platform"))
    web = create_web(web_program_of(shared, service, no_tickets if tickets is None else tickets.redeem))
    settings = shared.settings
    api.router.lifespan_context = _with_workers(n_workers, settings, at_end)
    if metrics is not None:
        metrics.expect_routes((*declared_routes(api), *declared_routes(web)))
    return at_the_edge(
        LeanScores(Doors(api, web), service),
        allowed_hosts=settings.allowed_hosts,
        trusted_proxies=settings.trusted_proxies,
        telemetry=shared.telemetry,
        routes=RouteNames.of(api, web),
    )


def api_program_of(shared: Adapters) -> ApiProgram:
    """Return what the routes work with; uploads are read in processes of their own."""
    nursery = reading_nursery()
    reach = partial(reach_in_child, Nursery(PRELOADED, (shared.tasks,), SECRETS), f"{shared.tasks}:reach_source")
    guarded = replace(shared, intake=partial(_intake, nursery), reach=reach)
    people, settings = people_of(shared), shared.settings
    incoming = Incoming(settings.home / INCOMING)
    reader = RowReader()
    return ApiProgram(
        open_workspace=partial(open_workspace, guarded),
        catalog=shared.catalog,
        sources=shared.sources,
        result_files=ResultWriter(),
        people=people,
        scoring=Scoring(
            bodies=ScoreBodies(find_number_rows, reader),
            reader=reader,
            score_rows_of=_scorer(shared, reader),
            as_arrow=arrow_stream,
            unfold=partial(unfold, nursery),
        ),
        identify=Identity(people.authenticate),
        limits=RateLimits(settings.requests_per_minute),
        cursors=Cursors(derived(signing_key_of(settings), "cursors")),
        incoming=incoming,
        new_id=shared.new_id,
        check_ready=partial(_check_ready, shared, incoming),
    )


def _intake(nursery: Nursery, _tables: TableStore, folder: Path) -> InChildIntake:
    return InChildIntake(partial(take_in, nursery), folder)


class _Scorers(dict[TenantId, ScoreRows]):
    """The scoring of each workspace, made once: models and detectors stay warm between requests."""

    def __init__(self, shared: Adapters, reader: RowReader) -> None:
        super().__init__()
        self._shared = shared
        self._reader = reader
        self._cache = shared_cache_of(shared.settings)
        self._models: ModelMemory[TrainedModel] = ModelMemory(WARM_BYTES, telemetry=shared.telemetry)
        self._detectors = DetectorMemory(telemetry=shared.telemetry)

    def __missing__(self, tenant_id: TenantId) -> ScoreRows:
        shared = self._shared
        store = ModelFolderStore(tenant_folder(shared.settings.home, tenant_id) / "models")
        models = SharedModels(self._cache, tenant_id, store.load, shared.telemetry)
        detectors = SharedDetectors(self._cache, tenant_id, shared.telemetry)

        def load(digest: ModelDigest) -> Weighed[TrainedModel]:
            return weighed_model(models.load(digest), shared.catalog, shared.preparer)

        self[tenant_id] = ScoreRows(
            begin_reading=shared.transactions(Asked(tenant_id, "scores")).begin_reading,
            detectors=self._detectors.of_tenant(tenant_id, detectors),
            models=self._models.of_tenant(tenant_id, load),
            reader=self._reader,
        )
        return self[tenant_id]


def _scorer(shared: Adapters, reader: RowReader) -> "partial[ScoreRows]":
    scorers = _Scorers(shared, reader)
    return partial(scorers.__getitem__)


def _check_ready(shared: Adapters, incoming: Incoming) -> None:
    """See that the database answers and files can be written. Raises Unavailable, StorageFull."""
    with shared.transactions(Asked(LOCAL_TENANT, "health")).begin_reading() as work:
        work.tenants.get(LOCAL_TENANT)
    incoming.check()


def _with_workers(n_workers: int, settings: Settings, at_end: Callable[[], object]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        crew = crew_of(n_workers, settings.metrics_port and settings.metrics_port + 1) if n_workers else None
        if crew is not None:
            crew.start()
        yield
        if crew is not None:
            crew.stop()
        at_end()

    return lifespan
