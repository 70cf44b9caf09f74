"""What one request for scores costs where its detector and model are in memory, in Redis, or in database and files.

Usage: OMP_NUM_THREADS=1 python tests/benchmarks/cache_levels.py [--columns D] [--trees N] [--repeats N]
Wall time of one row without HTTP, all levels in turns in one run, the median: against SQLite, then against PostgreSQL
at PYNOMALY_TEST_POSTGRES. First what a process pays that has just begun: "cold" reads the model's files after the page
cache was asked to let them go, "files cached" finds them there. Then what one pays every second, its model in memory.
Needs redis-server on the PATH.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from tests.databases import KINDS, fresh_url
from tests.private_redis import private_redis

from pynomaly.application.model_artifact import weighed_model
from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.application.ports.cache import NoCache, SharedCache
from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.application.ports.telemetry import Unwatched
from pynomaly.application.trained_model import TrainedModel
from pynomaly.application.use_cases.score_rows import ScoreRows
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.caching import shared_cache_of
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.data.row_reader import RowReader
from pynomaly.infrastructure.recent_detectors import DetectorMemory
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.shared_detectors import SharedDetectors
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
from pynomaly.infrastructure.storage.shared_models import SharedModels
from pynomaly.infrastructure.storage.tenant_folder import tenant_folder
from pynomaly.infrastructure.warm_models import ModelMemory

N_TRAINING_ROWS = 20_000
LEVELS = ("warm", "redis", "files cached", "cold", "detector in redis", "detector in database")
KEY = "a key of the benchmark, long enough to seal what it shares"


@dataclass(frozen=True)
class Service:
    """One trained detector in a workspace, asked by processes that remember nothing yet."""

    shared: Adapters
    row: NumberRows

    @property
    def models(self) -> Path:
        """Where its model lies."""
        return tenant_folder(self.shared.settings.home, LOCAL_TENANT) / "models"

    def process(self, cache: SharedCache, memory: "ModelMemory[TrainedModel] | None" = None) -> Callable[[], object]:
        """Return how a process that has just begun is asked for the scores of a row. memory: its models, if any."""
        telemetry, store = Unwatched(), ModelFolderStore(self.models)
        models = SharedModels(cache, LOCAL_TENANT, store.load, telemetry)
        score = ScoreRows(
            self.shared.transactions(BY_LOCAL_USER).begin_reading,
            DetectorMemory().of_tenant(LOCAL_TENANT, SharedDetectors(cache, LOCAL_TENANT, telemetry)),
            (memory or ModelMemory(2**30)).of_tenant(
                LOCAL_TENANT,
                lambda digest: weighed_model(models.load(digest), self.shared.catalog, self.shared.preparer),
            ),
            RowReader(),
        )
        return lambda: score(detector="bench", rows=self.row)

    def let_files_go(self) -> None:
        """Ask the kernel to read the model's files from disk next time."""
        for file in self.models.rglob("*.*"):
            handle = os.open(file, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def milliseconds(action: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    action()
    return 1e3 * (time.perf_counter() - began)


def furnished(settings: Settings, n_columns: int, n_trees: int) -> Service:
    """Train a detector of Gaussian rows."""
    rows = np.random.default_rng(0).normal(size=(N_TRAINING_ROWS, n_columns))
    names = tuple(f"f{column}" for column in range(n_columns))
    shared = adapters(settings)
    workspace = open_workspace(shared)
    table = pa.table({name: rows[:, column] for column, name in enumerate(names)})
    workspace.register_dataset(source=table, name="rows", source_name="")
    workspace.create_detector(name="bench", algorithm="isolation_forest", parameters={"n_trees": n_trees})
    workspace.train_detector(detector="bench", dataset="rows", seed=0)
    return Service(shared, NumberRows(names, rows[:1], np.zeros(n_columns, dtype=bool)))


def measured(service: Service, cache: SharedCache, repeats: int) -> dict[str, float]:
    """Return the median of each level; they take turns, so that a busy moment hits them all."""
    memory: ModelMemory[TrainedModel] = ModelMemory(2**30)
    warm, times = service.process(cache, memory), {level: [] for level in LEVELS}
    for _ in range(repeats):
        service.process(cache)()  # fills Redis; a detector stays there for a second
        times["redis"].append(milliseconds(service.process(cache)))
        times["detector in redis"].append(milliseconds(service.process(cache, memory)))
        times["detector in database"].append(milliseconds(service.process(NoCache(), memory)))
        warm()
        times["warm"].append(milliseconds(warm))
        times["files cached"].append(milliseconds(service.process(NoCache())))
        service.let_files_go()
        times["cold"].append(milliseconds(service.process(NoCache())))
    return {level: statistics.median(found) for level, found in times.items()}


def main() -> None:
    """Print a line for each database."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--columns", type=int, default=20)
    options.add_argument("--trees", type=int, default=100)
    options.add_argument("--repeats", type=int, default=100)
    given = options.parse_args()
    print(f"one row, {given.columns} columns, {given.trees} trees; milliseconds, and times the warm answer")
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder, fresh_url(kind) as url, private_redis() as redis:
            settings = Settings(Path(folder), 1, {}, database_url=url, secret_key=KEY, redis_url=redis.url)
            service = furnished(settings, given.columns, given.trees)
            found = measured(service, shared_cache_of(settings), given.repeats)
            told = "   ".join(f"{level} {took:.2f} ({took / found['warm']:.0f} x)" for level, took in found.items())
            print(f"{kind:10}  {told}")
            service.shared.transactions(BY_LOCAL_USER).close()


if __name__ == "__main__":
    main()
