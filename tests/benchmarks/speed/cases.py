"""Which detectors are measured, beside whom, on how much data, and the bar for each ratio."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tests.benchmarks.speed.contenders import Contender, Peer, ours

from pynomaly.domain.algorithm import ParameterValue


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison. bars: (what, peer) -> the least ratio of the peer's time to ours."""

    name: str
    algorithm: str
    peers: tuple[Peer, ...]
    n_rows: int = 100_000
    n_features: int = 10
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    bars: Mapping[tuple[str, str], float] = field(default_factory=dict)
    scored_rows: int | None = None

    def contenders(self) -> list[Contender]:
        """Return ours first, then every peer that is installed."""
        peers = [peer.contender() for peer in self.peers if peer.is_installed]
        return [ours(self.algorithm, self.parameters), *peers]


def _pyod(target: str, **arguments: Any) -> Peer:
    return Peer("PyOD", f"pyod.models.{target}", arguments)


def _lower_is_stranger(model: Any, rows: np.ndarray) -> np.ndarray:
    return np.asarray(-model.score_samples(rows))


def _mean_distance(model: Any, rows: np.ndarray) -> np.ndarray:
    return np.asarray(model.kneighbors(rows)[0].mean(axis=1))


def _faiss_index(create: Any, given: Mapping[str, Any], rows: np.ndarray) -> Any:
    index = create(rows.shape[1])
    index.add(rows)
    return index


def _faiss_distance(index: Any, rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(index.search(rows, 10)[0]).mean(axis=1))


FORESTS = (
    _pyod("iforest:IForest", random_state=0, n_jobs=1),
    Peer("scikit-learn", "sklearn.ensemble:IsolationForest", {"random_state": 0}, _lower_is_stranger, dtype="float32"),
    Peer(
        "coniferest",
        "coniferest.isoforest:IsolationForest",
        {"n_jobs": 1, "random_seed": 0},
        _lower_is_stranger,
        is_storable=False,
        dtype="float32",
    ),
    Peer(
        "isotree",
        "isotree:IsolationForest",
        {"ntrees": 100, "sample_size": 256, "ndim": 1, "nthreads": 1, "random_seed": 0},
        lambda model, rows: model.predict(rows),
    ),
)

FOREST_BARS = {
    ("fit + training scores", "PyOD"): 12,
    ("score", "coniferest"): 4,
    ("score", "scikit-learn"): 6,
    ("one row", "PyOD"): 500,
    ("one row", "coniferest"): 1,
    ("model size", "PyOD"): 5,
    ("load", "PyOD"): 100,
}

_BRUTE = Peer(
    "scikit-learn", "sklearn.neighbors:NearestNeighbors", {"n_neighbors": 10, "algorithm": "brute"}, _mean_distance
)
_FAISS = Peer(
    "faiss, flat", "faiss:IndexFlatL2", {}, _faiss_distance, is_storable=False, dtype="float32", fit=_faiss_index
)

_KNN = {"n_neighbors": 10, "method": "mean", "max_reference_rows": 50_000}
_PYOD_KNN = _pyod("knn:KNN", n_neighbors=10, method="mean")

CASES = (
    Case("isolation forest, 100k x 10", "isolation_forest", FORESTS, bars=FOREST_BARS),
    Case(
        "isolation forest, 100k x 50",
        "isolation_forest",
        FORESTS,
        n_features=50,
        bars={("score", "coniferest"): 4, ("score", "scikit-learn"): 6},
    ),
    Case("extended isolation forest, 100k x 10", "extended_isolation_forest", FORESTS[3:]),
    Case("ECOD, 100k x 10", "ecod", (_pyod("ecod:ECOD"),), bars={("score", "PyOD"): 100}),
    Case("COPOD, 100k x 10", "copod", (_pyod("copod:COPOD"),), bars={("score", "PyOD"): 100}),
    Case("HBOS, 100k x 10", "hbos", (_pyod("hbos:HBOS"),), bars={("score", "PyOD"): 12}),
    Case("PCA, 100k x 10", "pca", (_pyod("pca:PCA"),), bars={("score", "PyOD"): 4}),
    Case("LODA, 100k x 10", "loda", (_pyod("loda:LODA"),), bars={("score", "PyOD"): 4}),
    Case("INNE, 100k x 10", "inne", (_pyod("inne:INNE", random_state=0),), bars={("score", "PyOD"): 3}),
    Case("GMM, 100k x 10", "gmm", (_pyod("gmm:GMM", random_state=0),), bars={("score", "PyOD"): 2}),
    Case("MCD, 100k x 10", "mcd", (_pyod("mcd:MCD", random_state=0),), bars={("fit", "PyOD"): 100}),
    Case("CBLOF, 100k x 10", "cblof", (_pyod("cblof:CBLOF", random_state=0),)),
    Case(
        "kNN exact, 50k x 10",
        "knn",
        (_PYOD_KNN, _BRUTE, _FAISS),
        n_rows=50_000,
        scored_rows=5_000,
        parameters=_KNN,
        bars={("score", "PyOD"): 5, ("score", "scikit-learn"): 5},
    ),
    Case(
        "kNN exact, 50k x 50",
        "knn",
        (_PYOD_KNN, _BRUTE, _FAISS),
        n_rows=50_000,
        n_features=50,
        scored_rows=5_000,
        parameters=_KNN,
        bars={("score", "PyOD"): 2, ("score", "scikit-learn"): 2},
    ),
    Case("LOF, 20k x 10", "lof", (_pyod("lof:LOF"),), n_rows=20_000, bars={("score", "PyOD"): 2.5}),
    Case("DTE-NP, 20k x 10", "dte_np", (), n_rows=20_000),
    Case("KDE, 10k x 10", "kde", (_pyod("kde:KDE"),), n_rows=10_000, bars={("score", "PyOD"): 12}),
    Case("one-class SVM, exact, 10k x 10", "ocsvm", (_pyod("ocsvm:OCSVM"),), n_rows=10_000),
    Case(
        "one-class SVM, Nystroem, 10k x 10",
        "ocsvm_nystroem",
        (_pyod("ocsvm:OCSVM"),),
        n_rows=10_000,
        bars={("score", "PyOD"): 20},
    ),
)
