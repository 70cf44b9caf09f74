"""A worker of this program: the queue, the processes jobs are done in, and the threads beside them."""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from pynomaly.application.job_running import source_of
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.child_process import ChildProcess
from pynomaly.application.ports.opened_source import OpenedSource
from pynomaly.application.ports.work import TakenJob
from pynomaly.application.program import WorkOptions
from pynomaly.application.use_cases.relay_events import RelayEvents
from pynomaly.application.use_cases.route_notifications import RouteNotifications
from pynomaly.assembly.adapters import CHILD, Adapters
from pynomaly.assembly.couriers import couriers_of, delivery_queue_of
from pynomaly.assembly.job_doing import job_arguments
from pynomaly.assembly.log_lines import log_to_standard_error
from pynomaly.assembly.watching import watching
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.errors import Conflict, InvalidRequest, NotFound
from pynomaly.domain.identifiers import LOCAL_TENANT, TenantId
from pynomaly.infrastructure.jobs.chores import Chore, Chores
from pynomaly.infrastructure.jobs.crew import Crew
from pynomaly.infrastructure.jobs.side_threads import SideThreads
from pynomaly.infrastructure.jobs.worker import DRAIN_SECONDS, JobDesk, Worker
from pynomaly.infrastructure.notifications.log_notifier import LogNotifier
from pynomaly.infrastructure.persistence.job_queue import SqlJobQueue
from pynomaly.infrastructure.persistence.worker_rows import SIGN_SECONDS, SqlWorkerBook
from pynomaly.infrastructure.processes.discreet_child import DiscreetChild
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.nursery import Nursery
from pynomaly.infrastructure.processes.parent_death import die_with_parent

PRELOADED = (
    "pynomaly.bootstrap",
    "pynomaly.assembly.preloaded",
    CHILD,
    "fastexcel",
    "pandas",  # which pyarrow imports, where it is installed, when it first makes an array
)
SECRETS = ("PYNOMALY_SECRET_KEY", "PYNOMALY_MASTER_KEYS", "PYNOMALY_REDIS_URL")  # what a job's process has no use for
FILE_BYTES = 64 * 1024**3
OPEN_FILES = 1024
DUE_AT_ONCE = 20
DELIVERIES_KEPT = timedelta(days=30)
LAST_PORT = 65_535

log = logging.getLogger("pynomaly.worker")


def run_workers(shared: Adapters, options: WorkOptions) -> None:
    """Run one worker here, or a crew of them in processes of their own, until SIGTERM or SIGINT."""
    log_to_standard_error(shared.settings)
    stop = stop_on_signals()
    if options.n_processes == 1:
        if options.is_attached:
            die_with_parent(os.getppid())
        with watching(shared) as watch:
            worker(replace(shared, telemetry=watch.telemetry)).run(stop)
        return
    crew = crew_of(options.n_processes, shared.settings.metrics_port)
    crew.start()
    stop.wait()
    crew.stop()


def crew_of(n_processes: int, metrics_port: int = 0) -> Crew:
    """Return workers that live and die with this process. metrics_port: of the first, the others take those after it.

    Raises InvalidRequest if there are not so many ports.
    """
    if metrics_port + n_processes - 1 > LAST_PORT:
        raise InvalidRequest(f"there are no {n_processes} ports from PYNOMALY_METRICS_PORT on; choose a lower one")
    command = [sys.executable, "-m", "pynomaly", "worker", "--attached"]
    return Crew(command, n_processes, partial(_environment, metrics_port), DRAIN_SECONDS)


def _environment(metrics_port: int, place: int) -> Mapping[str, str]:
    own = {"PYNOMALY_METRICS_PORT": str(metrics_port + place)} if metrics_port else {}
    return {**os.environ, **own}


def worker(shared: Adapters) -> Worker:
    """Return a worker of this process."""
    transactions = shared.transactions(Asked(LOCAL_TENANT, "worker"))
    queue = SqlJobQueue(transactions.database, shared.clock)
    nursery = Nursery(PRELOADED, (shared.tasks,), SECRETS)
    name = f"{socket.gethostname()[:100]}:{os.getpid()}"
    return Worker(
        name=name,
        queue=queue,
        start_child=partial(_start_child, shared, nursery),
        desk=partial(_desk, shared),
        beside=SideThreads({"chores": _chores(shared, queue, name).run, **couriers_of(shared)}, DRAIN_SECONDS),
        telemetry=shared.telemetry,
    )


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _start_child(shared: Adapters, nursery: Nursery, taken: TakenJob) -> ChildProcess:
    settings = shared.settings
    limits = ChildLimits(
        memory_bytes=settings.job_memory_mb * 1024**2,
        cpu_seconds=settings.job_seconds * (os.cpu_count() or 1),
        file_bytes=FILE_BYTES,
        open_files=OPEN_FILES,
        wall_seconds=float(settings.job_seconds),
    )
    source = _source(shared, taken)
    child = nursery.start(f"{shared.tasks}:run_job", job_arguments(taken, source), limits)
    return child if source is None else DiscreetChild(child, source.secret_texts)


def _source(shared: Adapters, taken: TakenJob) -> OpenedSource | None:
    """Return the source that a job reads, opened here: its process has no key to secrets, and gets these alone."""
    name = source_of(taken.job)
    asked = Asked(taken.tenant_id, taken.job.created_by, taken.job.id)
    return None if name is None else open_workspace(shared, asked).open_source(source=name)


def _desk(shared: Adapters, taken: TakenJob) -> JobDesk:
    asked = Asked(taken.tenant_id, taken.job.created_by, taken.job.id, taken.claim)
    workspace = open_workspace(shared, asked)
    return JobDesk(workspace.end_job, workspace.release_job)


def _chores(shared: Adapters, queue: SqlJobQueue, name: str) -> Chores:
    here = shared.transactions(Asked(LOCAL_TENANT, "worker"))
    relay = RelayEvents(here.begin_reading, lambda asked: shared.transactions(asked).begin(), [LogNotifier()])
    route = RouteNotifications(here.begin_reading, lambda asked: shared.transactions(asked).begin(), shared.clock)
    chores = (
        Chore("sign_worker_book", SIGN_SECONDS, partial(SqlWorkerBook(queue.database).sign, name)),
        Chore("fire_schedules", 1.0, partial(_fire_schedules, shared, queue)),
        Chore("route_notifications", 1.0, route),
        Chore("relay_events", 2.0, relay),
        Chore("forget_deliveries", 3600.0, partial(_forget_deliveries, shared)),
        Chore("forget_request_keys", 600.0, partial(_forget_request_keys, shared)),
        Chore("discard_unused_files", 3600.0, partial(_discard_unused_files, shared)),
    )
    return Chores(chores, time.monotonic)


def _fire_schedules(shared: Adapters, queue: SqlJobQueue) -> None:
    by_one_clock = replace(shared, clock=queue.now)  # a worker's own may be wrong
    for tenant_id, schedule in queue.due_schedules(limit=DUE_AT_ONCE):
        workspace = open_workspace(by_one_clock, Asked(TenantId(tenant_id), f"schedule:{schedule}"))
        try:
            workspace.fire_schedule(schedule=schedule)
        except (NotFound, Conflict, InvalidRequest) as error:  # one that cannot be fired holds up no other
            log.warning("schedule_not_fired tenant_id=%s schedule=%s reason=%s", tenant_id, schedule, error)


def _discard_unused_files(shared: Adapters) -> None:
    with shared.transactions(Asked(LOCAL_TENANT, "worker")).begin_reading() as work:
        tenants = [tenant.id for tenant in work.tenants.all()]
    for tenant_id in tenants:
        n_discarded = open_workspace(shared, Asked(tenant_id, "worker")).discard_unused_files()
        if n_discarded:
            log.info("unused_files_discarded tenant_id=%s count=%s", tenant_id, n_discarded)


def _forget_deliveries(shared: Adapters) -> None:
    n_forgotten = delivery_queue_of(shared).forget_ended(shared.clock() - DELIVERIES_KEPT)
    if n_forgotten:
        log.info("deliveries_forgotten count=%s", n_forgotten)


def _forget_request_keys(shared: Adapters) -> None:
    with shared.transactions(Asked(LOCAL_TENANT, "worker")).begin() as work:
        work.request_keys.forget_expired()
        work.commit()
