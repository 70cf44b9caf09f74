"""The program as every door receives it."""

import os
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.ports.tables import Preparer, TableReader
from pynomaly.application.ports.telemetry import Telemetry, Unwatched
from pynomaly.application.program import Check, Program, ServeOptions, Setting, WorkOptions
from pynomaly.application.use_cases.find_anomalies import FindAnomalies
from pynomaly.assembly.adapters import Adapters, transactions_of
from pynomaly.assembly.channels import notifier_catalog
from pynomaly.assembly.sealing import new_master_key
from pynomaly.assembly.sources import source_catalog
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use
from pynomaly.infrastructure.algorithms.scoring_threads import bound_scoring_threads
from pynomaly.infrastructure.data.compiled import native_steps
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.table_reader import TableReader as FileReader
from pynomaly.infrastructure.installation import check_installation
from pynomaly.infrastructure.intake.in_process import InProcessIntake
from pynomaly.infrastructure.jobs.cron_clock import CronsimClock
from pynomaly.infrastructure.sample import write_sample
from pynomaly.infrastructure.settings import NAMES, Settings, load_settings
from pynomaly.infrastructure.storage.model_store import ModelFolders
from pynomaly.infrastructure.storage.result_files import ResultWriter
from pynomaly.infrastructure.threads import limit_threads

if TYPE_CHECKING:
    from pynomaly.application.backups import Backups
    from pynomaly.application.people import People
    from pynomaly.application.ports.asking import Asked
    from pynomaly.application.ports.opened_source import OpenedSource
    from pynomaly.application.tickets import Tickets
    from pynomaly.application.workspace import Workspace
    from pynomaly.domain.user import Tenant


def settings_in_force() -> Settings:
    """Return the settings from environment and files. Raises InvalidRequest."""
    return load_settings(os.environ, Path.cwd())


class Replacements(TypedDict, total=False):
    """Adapters that stand in for the usual ones, as tests have them."""

    reader: TableReader
    preparer: Preparer
    catalog: AlgorithmCatalog
    clock: Clock
    new_id: NewId
    notifiers: NotifierCatalog
    telemetry: Telemetry
    sources: SourceCatalog


def build(settings: Settings | None = None, **replacements: Unpack[Replacements]) -> Program:
    """Build the program."""
    return program_on(adapters(settings, **replacements))


def adapters(settings: Settings | None = None, **replacements: Unpack[Replacements]) -> Adapters:
    """Return what everything else is put together from."""
    in_force = settings or settings_in_force()
    limit_threads(in_force.threads)
    bound_scoring_threads(in_force.threads)
    reader = replacements.get("reader") or FileReader()
    clock, new_id = replacements.get("clock", _now), replacements.get("new_id", _new_id)
    sources = replacements.get("sources") or source_catalog(in_force)
    return Adapters(
        settings=in_force,
        reader=reader,
        preparer=replacements.get("preparer") or ArrowPreparer(),
        catalog=replacements.get("catalog") or Catalog(),
        clock=clock,
        new_id=new_id,
        transactions=transactions_of(in_force, clock, new_id),
        intake=lambda tables, _: InProcessIntake(reader, tables),
        cron=CronsimClock(),
        notifiers=replacements.get("notifiers") or notifier_catalog(in_force, clock),
        telemetry=replacements.get("telemetry") or Unwatched(),
        sources=sources,
        reach=partial(_reach, sources, in_force),
    )


def program_on(shared: Adapters) -> Program:
    """Return the program over its adapters."""
    in_force = shared.settings
    return Program(
        find_anomalies=FindAnomalies(shared.reader, shared.catalog, shared.preparer),
        reader=shared.reader,
        preparer=shared.preparer,
        catalog=shared.catalog,
        sources=shared.sources,
        result_files=ResultWriter(),
        model_files=ModelFolders(),
        open_workspace=partial(_open_workspace, shared),
        diagnose=partial(_diagnose, in_force),
        diagnose_server=partial(_diagnose_server, shared),
        settings=[Setting(name, in_force.in_words(name), in_force.origins.get(name, "default")) for name in NAMES],
        write_sample=write_sample,
        tenants=partial(_tenants, shared),
        people=partial(_people, shared),
        new_master_key=new_master_key,
        new_secret=_new_secret,
        new_tickets=partial(_new_tickets, shared.clock),
        is_embedded=in_force.database_url is None,
        backups=partial(_backups, shared),
        upgrade_database=lambda: shared.transactions(BY_LOCAL_USER).database.bring_up_to_date(),
        serve=partial(_serve, shared),
        work=partial(_work, shared),
    )


def _open_workspace(shared: Adapters, asked: "Asked" = BY_LOCAL_USER) -> "Workspace":
    from pynomaly.assembly.workspace import open_workspace  # one look at a file needs none: half its imports

    return open_workspace(shared, asked)


def _people(shared: Adapters) -> "People":
    from pynomaly.assembly.people import people_of

    return people_of(shared)


def _new_tickets(clock: Clock) -> "Tickets":
    from pynomaly.application.tickets import Tickets

    return Tickets(clock, _new_secret)


def _backups(shared: Adapters) -> "Backups":
    from pynomaly.assembly.backups import backups_of

    return backups_of(shared)


def _reach(sources: SourceCatalog, settings: Settings, source: "OpenedSource") -> str:
    from pynomaly.assembly.source_reading import reach

    return reach(sources, settings, source)


def _serve(shared: Adapters, options: ServeOptions) -> None:
    from pynomaly.assembly.server import run_server  # what serving needs is an extra, and heavy

    run_server(shared, options)


def _work(shared: Adapters, options: WorkOptions) -> None:
    from pynomaly.assembly.workers import run_workers

    run_workers(shared, options)


def _diagnose(settings: Settings) -> Sequence[Check]:
    kernels = kernels_in_use()
    is_compiled = kernels.is_compiled and native_steps is not None
    compiled = Check("kernels", "ok", f"compiled, {', '.join(kernels.instruction_sets)}")
    slow = Check(
        "kernels",
        "missing",
        "not compiled: correct, but several times slower",
        "install a C compiler, then reinstall",
    )
    workspace = Check(
        "workspace", "ok", f"{settings.home} ({'there' if settings.home.exists() else 'made on first use'})"
    )
    return [*check_installation(), compiled if is_compiled else slow, workspace]


def _diagnose_server(shared: Adapters) -> Sequence[Check]:
    from pynomaly.assembly.diagnosis import diagnose_server

    return diagnose_server(shared)


def _tenants(shared: Adapters) -> "Sequence[Tenant]":
    with shared.transactions(BY_LOCAL_USER).begin_reading() as work:
        return work.tenants.all()


def _now() -> datetime:
    return datetime.now(UTC)


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _new_id() -> str:
    return uuid.uuid4().hex
