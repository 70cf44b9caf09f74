"""Each part of a storm in figures, and what was wrong with it."""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME, SqlTransactions
from tests.storms.evidence import Evidence
from tests.storms.installation import Installation
from tests.storms.judgement import judge
from tests.storms.killer import Killer
from tests.storms.ledger import Ledger
from tests.storms.reclaims import reclaims
from tests.storms.stored_files import faults_in_files, n_unfinished
from tests.storms.storm_report import say
from tests.storms.storm_size import StormSize
from tests.storms.zombies import Zombies


def faults_of_kills(killer: Killer, size: StormSize) -> Iterator[str]:
    """Say who was killed; it is a fault if that were fewer than wanted."""
    ways = Counter(kill.way.value for kill in killer.kills)
    say(f"killed: {len(killer.kills)} workers {dict(ways)}, {killer.crashes.total()} times the process of a job alone")
    say(f"killed: {killer.n_api_kills} API processes, {killer.n_database_kills} database servers")
    if len(killer.kills) < size.n_worker_kills or killer.n_api_kills < size.n_api_kills:
        yield f"time ran out before {size.n_worker_kills} workers and {size.n_api_kills} API processes were killed"
    if killer.database is not None and killer.n_database_kills < size.n_database_kills:
        yield f"time ran out before {size.n_database_kills} database servers were killed"


def faults_of_zombies(zombies: Zombies, n_wanted: int) -> Iterator[str]:
    """Say what the zombies were told; each that was overtaken has to be refused."""
    told = dict(Counter(zombies.refusals))
    say(f"zombies: {len(zombies.refusals)} overtaken, thawed and refused {told}")
    say(f"zombies: {zombies.n_not_overtaken} more were not overtaken: the job was done, or its lock in a frozen hand")
    yield from zombies.unheard
    if len(zombies.refusals) + len(zombies.unheard) < n_wanted:
        yield f"time ran out before {n_wanted} zombies were thawed"


def faults_of_stored(installation: Installation, ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    """Say what is there, compare it with what was promised, and verify every file and the audit log."""
    yield from _faults_of_work(ledger, evidence)
    yield from _faults_of_files(installation, evidence)
    yield from _faults_of_audit(installation)


def _faults_of_work(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    sums = {
        name: sum(job[name] for job in evidence.jobs.values()) for name in ("attempt", "losses", "crashes", "failures")
    }
    states = dict(Counter(str(job["status"]) for job in evidence.jobs.values()))
    n_versions = sum(map(len, evidence.versions.values()))
    judgement = judge(ledger, evidence)
    say(f"promised: {dict(ledger.counts)}")
    say(f"jobs: {states}; {sums}; {n_versions} versions, {len(evidence.detections)} detections")
    say(f"lost: {len(judgement.lost)}   twice or surplus: {len(judgement.twice)}")
    yield from (*judgement.lost, *judgement.twice)


def _faults_of_files(installation: Installation, evidence: Evidence) -> Iterator[str]:
    tables = set(evidence.dataset_fingerprints.values())
    models, scores = evidence.referenced_models, evidence.referenced_scores
    faults = faults_in_files(installation.home, models=models, scores=scores, tables=tables)
    n_left = n_unfinished(installation.home)
    say(
        f"files: {len(models)} models, {len(scores)} results, {len(tables)} tables verified; {len(faults)} half-written"
    )
    say(f"files: {n_left} unfinished leftovers that nothing refers to")
    yield from faults


def _faults_of_audit(installation: Installation) -> Iterator[str]:
    url, file = installation.database_url, installation.home / DATABASE_NAME
    database = Database.in_file(file) if url is None else Database.on_server(url)
    with closing(SqlTransactions(database, lambda: datetime.now(UTC), lambda: uuid.uuid4().hex)) as transactions:
        found = VerifyAudit(transactions.begin_reading)()
    say(f"audit log: {found.problem or 'intact'}, {found.head.sequence} entries")
    if not found.is_intact:
        yield f"audit log: {found.problem}"


def faults_of_reclaims(killer: Killer, evidence: Evidence, most_seconds: float) -> Iterator[str]:
    """Say how long orphans waited; one in a hundred may have waited too long."""
    found = reclaims(killer.kills, evidence.starts)
    p50, p99, most = (found.percentile(share) for share in (0.5, 0.99, 1.0))
    say(f"orphans: {len(found.seconds)} reclaimed after seconds p50 {p50:.1f}  p99 {p99:.1f}  max {most:.1f}")
    if p99 > most_seconds:
        yield f"reclaim p99 is {p99:.1f} s and may be {most_seconds:.0f} s"
