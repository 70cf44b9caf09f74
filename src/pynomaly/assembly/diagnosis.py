"""What `pynomaly doctor --server` looks at: everything a server and its workers need, each with what to do about it."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.standing import Standing
from pynomaly.application.program import Check
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.people import SIGNING_KEY, signing_key_of
from pynomaly.assembly.sealing import MASTER_KEY, sealer_of
from pynomaly.assembly.watching import OTLP_ENDPOINTS, standing_of
from pynomaly.domain.errors import Conflict, ExtraNotInstalled, PynomalyError
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.installation import check_extra
from pynomaly.infrastructure.outbound.addresses import read_networks
from pynomaly.infrastructure.persistence.job_queue import SqlJobQueue
from pynomaly.infrastructure.persistence.metadata import REVISIONS
from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME
from pynomaly.infrastructure.redis_server import redis_version
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.storage.atomic_files import unfinished_file

LEAST_FREE_BYTES = 1024**3
"""What one large upload may take."""
LONGEST_QUEUE_SECONDS = 300.0
WORST_SKEW_SECONDS = 5.0
"""Leases go by the database's clock alone; access tokens, which live for minutes, go by each machine's."""
SECRETS_AT_ONCE = 100
ASKED = Asked(LOCAL_TENANT, "doctor")


def diagnose_server(shared: Adapters) -> Sequence[Check]:
    """Look at everything; nothing is created or changed, but for a file that is deleted at once."""
    settings = shared.settings
    return [
        *_extras(settings, os.environ),
        _checked("home", "let this user write there, or set PYNOMALY_HOME", lambda: _home(settings.home)),
        *_disk(settings.home),
        _signing_key(settings),
        _master_key(settings),
        *_database(shared),
        *_redis(settings),
        *_network(settings),
        _metrics(settings),
    ]


def _checked(subject: str, advice: str, look: Callable[[], str]) -> Check:
    """Return what a look found; where it raised, the reason."""
    try:
        return Check(subject, "ok", look())
    except PynomalyError as error:
        return Check(subject, "problem", str(error), advice)


def _extras(settings: Settings, environment: Mapping[str, str]) -> Iterator[Check]:
    yield check_extra("server", is_needed=True)
    yield check_extra("postgres", is_needed=settings.database_url is not None)
    yield check_extra("redis", is_needed=settings.redis_url is not None)
    yield check_extra("otel", is_needed=any(environment.get(name) for name in OTLP_ENDPOINTS))


def _home(home: Path) -> str:
    if not home.exists():
        return f"{home} (made at the first start)"
    try:
        with unfinished_file(home) as file:
            file.path.write_bytes(b"written")
    except OSError as error:
        raise Conflict(f"{home} cannot be written: {error.strerror}") from error
    return f"{home} can be written"


def _disk(home: Path) -> Iterator[Check]:
    there = next((folder for folder in (home, *home.parents) if folder.exists()), None)
    if there is not None:
        free = shutil.disk_usage(there).free
        finding = f"{free / 1024**3:.1f} GiB free"
        advice = "make room, or move PYNOMALY_HOME to a larger disk"
        yield Check("disk", "ok", finding) if free >= LEAST_FREE_BYTES else Check("disk", "problem", finding, advice)


def _signing_key(settings: Settings) -> Check:
    file = settings.home / SIGNING_KEY
    if settings.secret_key is None and settings.database_url is None and not file.exists():
        return Check("signing key", "ok", f"{file} (made at first use)")
    advice = "set PYNOMALY_SECRET_KEY, the same for every server"
    return _checked("signing key", advice, lambda: _usable(signing_key_of(settings)))


def _master_key(settings: Settings) -> Check:
    file = settings.home / MASTER_KEY
    if not settings.master_keys and settings.database_url is not None:
        advice = "set PYNOMALY_MASTER_KEYS to what `pynomaly admin new-master-key` prints, the same everywhere"
        return Check("master key", "missing", "needed to keep the secrets of channels and sources", advice)
    if not settings.master_keys and not file.exists():
        return Check("master key", "ok", f"{file} (made at first use)")
    advice = "set PYNOMALY_MASTER_KEYS to the keys that secrets were sealed with"
    return _checked("master key", advice, lambda: _usable(sealer_of(settings)))


def _usable(_key: object) -> str:
    return "can be used"


def _database(shared: Adapters) -> Iterator[Check]:
    """Yield what is to be said of the database; nothing more where it is away, or is yet to be made or upgraded."""
    settings = shared.settings
    if settings.database_url is None and not (settings.home / DATABASE_NAME).exists():
        yield Check("database", "ok", f"{settings.home / DATABASE_NAME} (made at the first start)")
        return
    try:
        database = shared.transactions(ASKED).database
        revision = database.revision()
    except PynomalyError as error:
        yield Check("database", "problem", str(error), "see that PYNOMALY_DATABASE_URL leads to a server that answers")
        return
    yield _schema(database.name, revision)
    if revision == REVISIONS[-1]:
        yield _checked("clocks", "let NTP set this machine's clock, and the database's", lambda: _skew(shared))
        yield _checked("secrets", "add the missing key to PYNOMALY_MASTER_KEYS", lambda: _secrets(shared))
        yield from _work(shared)


def _schema(name: str, revision: str | None) -> Check:
    if revision == REVISIONS[-1]:
        return Check("database", "ok", f"{name}, schema {revision}")
    if revision is None or revision in REVISIONS:
        finding = f"{name}, schema {revision or 'none yet'}; this version wants {REVISIONS[-1]}"
        return Check("database", "missing", finding, "start a server: it brings the database up to date")
    finding = f"{name} was written by a newer version (schema {revision})"
    return Check("database", "problem", finding, "upgrade pynomaly-platform here")


def _skew(shared: Adapters) -> str:
    before = shared.clock()
    of_database = SqlJobQueue(shared.transactions(ASKED).database, shared.clock).now()
    skew = _seconds_outside(of_database, before, shared.clock())
    if skew > WORST_SKEW_SECONDS:
        raise Conflict(f"this machine's clock and the database's are {skew:.0f} seconds apart")
    return "this machine's and the database's agree"


def _seconds_outside(moment: datetime, earliest: datetime, latest: datetime) -> float:
    return max(0.0, (earliest - moment).total_seconds(), (moment - latest).total_seconds())


def _secrets(shared: Adapters) -> str:
    """Open some of the newest secrets of each workspace. Raises SealBroken."""
    with shared.transactions(ASKED).begin_reading() as work:
        tenants = [tenant.id for tenant in work.tenants.all()]
    n_opened = 0
    for tenant_id in tenants:
        with shared.transactions(Asked(tenant_id, ASKED.actor)).begin_reading() as work:
            n_opened += work.secrets.open_newest(limit=SECRETS_AT_ONCE)
    return f"{n_opened} looked at, all can be opened" if n_opened else "none are kept"


def _work(shared: Adapters) -> Iterator[Check]:
    try:
        standing = standing_of(shared)()
    except PynomalyError as error:
        yield Check("workers", "problem", str(error), "see that the database answers, then ask again")
        return
    yield from _hands(standing)


def _hands(standing: Standing) -> Iterator[Check]:
    n_waiting = sum(queue.n_waiting for queue in standing.queues.values())
    oldest = max((queue.oldest_seconds for queue in standing.queues.values()), default=0.0)
    start = "start `pynomaly worker`, or `pynomaly serve` with --workers"
    if standing.n_workers:
        yield Check("workers", "ok", f"{standing.n_workers} seen within the last minute")
    elif n_waiting:
        yield Check("workers", "problem", f"none within the last minute, and {n_waiting} jobs wait", start)
    else:
        yield Check("workers", "missing", "none within the last minute", start)
    finding = f"{n_waiting} waiting, the first for {oldest:.0f} seconds"
    if oldest > LONGEST_QUEUE_SECONDS:
        yield Check("queue", "problem", finding, "start more workers")
    else:
        yield Check("queue", "ok", finding if n_waiting else "nothing waits")


def _redis(settings: Settings) -> Iterator[Check]:
    url = settings.redis_url
    if url is not None:
        advice = "everything works without it, only slower; see that PYNOMALY_REDIS_URL leads to it"
        yield _checked("redis", advice, lambda: f"version {redis_version(url)}")


def _network(settings: Settings) -> Iterator[Check]:
    yield _checked("hosts", "name what clients call this server in PYNOMALY_ALLOWED_HOSTS", lambda: _hosts(settings))
    advice = "write networks as 10.1.0.0/16, separated by commas"
    yield _checked("outbound", advice, lambda: _outbound(settings))


def _hosts(settings: Settings) -> str:
    try:
        from pynomaly.presentation.http.edge import networks_of
        from pynomaly.presentation.http.front_door import OWN_NAMES, host_names
    except ImportError:
        raise ExtraNotInstalled("serving needs: pip install 'pynomaly-platform[server]'") from None
    names, proxies = host_names(settings.allowed_hosts), networks_of(settings.trusted_proxies)
    behind = f"; behind {', '.join(map(str, proxies))}" if proxies else ""
    others = names - OWN_NAMES
    return (
        f"answers to {', '.join(sorted(others))}" if others else "answers to this machine's own names alone"
    ) + behind


def _outbound(settings: Settings) -> str:
    networks = read_networks(settings.outbound_allow, origin="PYNOMALY_OUTBOUND_ALLOW")
    inside = f", and to {', '.join(map(str, networks))} inside" if networks else " alone"
    return f"channels and sources lead to the outside world{inside}"


def _metrics(settings: Settings) -> Check:
    if not settings.metrics_port:
        return Check("metrics", "missing", "shown nowhere", "set PYNOMALY_METRICS_PORT, such as 9464")
    return Check("metrics", "ok", f"{settings.metrics_host}, port {settings.metrics_port} and those after it")
