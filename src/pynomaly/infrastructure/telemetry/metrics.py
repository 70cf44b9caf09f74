"""THE TABLE of metrics; dashboards, alert rules and the reference page are checked against it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["counter", "gauge", "histogram"]
REQUEST_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
JOB_BUCKETS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 21_600.0)
DELIVERY_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One row: what stands in every line of it, and what it tells.

    buckets: upper bounds, of a histogram.  is_of_the_database: every process shows the same.
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    tells: str
    buckets: tuple[float, ...] = ()
    is_of_the_database: bool = False

    @property
    def samples(self) -> tuple[str, ...]:
        """The names that its lines have, and queries use."""
        endings = ("_bucket", "_sum", "_count") if self.kind == "histogram" else ("",)
        return tuple(self.name + ending for ending in endings)


BUILD_INFO = Metric("pynomaly_build_info", "gauge", ("version", "python"), "Always 1; its labels tell what runs.")
REQUESTS = Metric(
    "pynomaly_http_requests_total",
    "counter",
    ("route", "method", "status"),
    'Requests that ended. route: the template, "unmatched" where there is no such address. Status 499: the client '
    "left before its answer.",
)
REQUEST_SECONDS = Metric(
    "pynomaly_http_request_seconds",
    "histogram",
    ("route", "method"),
    "How long requests took, to the last byte of the answer.",
    REQUEST_BUCKETS,
)
JOB_ATTEMPTS = Metric(
    "pynomaly_job_attempts_total",
    "counter",
    ("kind", "outcome"),
    "Attempts at jobs that this worker made. outcome: succeeded, failed, cancelled, retried (back in the queue), lost "
    "(given to another worker meanwhile, or it could not begin or end).",
)
JOB_SECONDS = Metric(
    "pynomaly_job_attempt_seconds", "histogram", ("kind",), "How long attempts at jobs took.", JOB_BUCKETS
)
CACHE_REQUESTS = Metric(
    "pynomaly_cache_requests_total",
    "counter",
    ("cache", "level", "outcome"),
    "Looks into a cache. cache: what it keeps. level: memory, redis or store. outcome: hit or miss.",
)
DELIVERY_ATTEMPTS = Metric(
    "pynomaly_delivery_attempts_total",
    "counter",
    ("channel_kind", "outcome"),
    "Attempts to deliver a message. outcome: delivered, retried or failed.",
)
DELIVERY_SECONDS = Metric(
    "pynomaly_delivery_attempt_seconds",
    "histogram",
    ("channel_kind",),
    "How long attempts to deliver took.",
    DELIVERY_BUCKETS,
)
DELIVERIES_WAITING = Metric(
    "pynomaly_deliveries_waiting",
    "gauge",
    ("channel_kind",),
    "Messages on their way through channels that do not rest, in all workspaces.",
    is_of_the_database=True,
)
OLDEST_DELIVERY_SECONDS = Metric(
    "pynomaly_oldest_delivery_seconds",
    "gauge",
    ("channel_kind",),
    "How long the first of them has been on its way; 0 if none is.",
    is_of_the_database=True,
)
DATABASE_UP = Metric(
    "pynomaly_database_up",
    "gauge",
    (),
    "1 if the database answered this scrape in time, else 0; then what is read from it is missing.",
)
JOBS_WAITING = Metric(
    "pynomaly_jobs_waiting",
    "gauge",
    ("kind",),
    "Jobs that a worker could take now, in all workspaces.",
    is_of_the_database=True,
)
JOBS_RUNNING = Metric("pynomaly_jobs_running", "gauge", ("kind",), "Jobs that workers hold.", is_of_the_database=True)
OLDEST_JOB_SECONDS = Metric(
    "pynomaly_oldest_waiting_job_seconds",
    "gauge",
    ("kind",),
    "The age of the queue: how long the first waiting job has waited; 0 if none does.",
    is_of_the_database=True,
)
WORKERS = Metric(
    "pynomaly_workers", "gauge", (), "Workers that were seen within the last minute.", is_of_the_database=True
)
EVENTS = Metric(
    "pynomaly_events_total", "counter", (), "Events in the audit log, of all workspaces.", is_of_the_database=True
)
DISK_FREE = Metric("pynomaly_disk_free_bytes", "gauge", (), "Room left where PYNOMALY_HOME lies.")
DISK_SIZE = Metric("pynomaly_disk_size_bytes", "gauge", (), "Room there is where PYNOMALY_HOME lies.")

OWN: tuple[Metric, ...] = (
    BUILD_INFO,
    REQUESTS,
    REQUEST_SECONDS,
    JOB_ATTEMPTS,
    JOB_SECONDS,
    JOBS_WAITING,
    JOBS_RUNNING,
    OLDEST_JOB_SECONDS,
    WORKERS,
    CACHE_REQUESTS,
    DELIVERY_ATTEMPTS,
    DELIVERY_SECONDS,
    DELIVERIES_WAITING,
    OLDEST_DELIVERY_SECONDS,
    DATABASE_UP,
    EVENTS,
    DISK_FREE,
    DISK_SIZE,
)
"""What this program counts and measures."""

OF_THE_PROCESS: tuple[Metric, ...] = (
    Metric("process_cpu_seconds_total", "counter", (), "CPU time of this process."),
    Metric("process_resident_memory_bytes", "gauge", (), "Memory of this process that lies in RAM."),
    Metric("process_virtual_memory_bytes", "gauge", (), "Address space of this process."),
    Metric("process_start_time_seconds", "gauge", (), "When this process started, in seconds since 1970."),
    Metric("process_open_fds", "gauge", (), "Open files and connections of this process."),
    Metric("process_max_fds", "gauge", (), "How many it may open."),
)
"""What the client library tells of the process, on Linux."""

METRICS = (*OWN, *OF_THE_PROCESS)
