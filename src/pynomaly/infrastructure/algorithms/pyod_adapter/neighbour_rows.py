"""PyOD's inductive detectors that compare a row with training rows, clusters or random cuts; stored as those rows."""

from pynomaly.infrastructure.algorithms.pyod_adapter.row import PyodRow, choice, known, number, whole
from pynomaly.infrastructure.algorithms.pyod_adapter.treatments import (
    distinct_rows,
    measure_balls_directly,
    score_balls,
    search_neighbours_in_a_ball_tree,
)

_BALL_TREE = {"algorithm": "ball_tree"}
"""scikit-learn otherwise finds distances in many columns by matrix products, which round differently per batch."""

NEIGHBOUR_ROWS = (
    PyodRow(
        known(
            "abod",
            "Angle-based outlier detection",
            "probabilistic",
            "How little the angles to a row's neighbours vary: small outside, large amid others.",
            "Kriegel, Schubert and Zimek (2008), Angle-based outlier detection in high-dimensional data, KDD",
            (whole("n_neighbors", 5, 4, 200, "neighbours between which angles are taken; cost grows with its square"),),
            min_rows=6,
            max_rows=50_000,
            needs_scaling=True,
        ),
        "pyod.models.abod:ABOD",
        "knn",
        arguments=_BALL_TREE,
        more_rows_than=("n_neighbors",),
        treat=distinct_rows,
    ),
    PyodRow(
        known(
            "sampling",
            "Distance to a sample",
            "probabilistic",
            "How far a row lies from the nearest of a few rows drawn once at random; fast and rough.",
            "Sugiyama and Borgwardt (2013), Rapid distance-based outlier detection via sampling, NIPS",
            (whole("subset_size", 20, 2, 10_000, "rows drawn"),),
            min_rows=21,
            needs_scaling=True,
        ),
        "pyod.models.sampling:Sampling",
        "knn",
        is_seeded=True,
        more_rows_than=("subset_size",),
    ),
    PyodRow(
        known(
            "knn",
            "k nearest neighbours",
            "proximity",
            "How far away a row's k-th nearest training row is.",
            "Ramaswamy, Rastogi and Shim (2000), SIGMOD; Angiulli and Pizzuti (2002), PKDD",
            (
                whole("n_neighbors", 5, 1, 5000, "neighbours looked at"),
                choice("method", ("largest", "mean", "median"), "which of their distances counts"),
            ),
            min_rows=6,
            max_rows=100_000,
            needs_scaling=True,
        ),
        "pyod.models.knn:KNN",
        "knn",
        arguments=_BALL_TREE,
        more_rows_than=("n_neighbors",),
    ),
    PyodRow(
        known(
            "lof",
            "Local outlier factor",
            "proximity",
            "How much thinner the data are around a row than around its neighbours; weak for anomalies in groups.",
            "Breunig, Kriegel, Ng and Sander (2000), LOF: identifying density-based local outliers, SIGMOD",
            (whole("n_neighbors", 20, 1, 5000, "neighbours looked at"),),
            min_rows=21,
            max_rows=100_000,
            needs_scaling=True,
        ),
        "pyod.models.lof:LOF",
        "lof",
        arguments=_BALL_TREE,
        more_rows_than=("n_neighbors",),
    ),
    PyodRow(
        known(
            "cblof",
            "Clustering-based local outlier factor",
            "proximity",
            "Distance to the centre of the nearest large cluster; needs clusters of clearly different sizes.",
            "He, Xu and Deng (2003), Discovering cluster-based local outliers, Pattern Recognition Letters 24",
            (
                whole("n_clusters", 8, 2, 1000, "clusters formed"),
                number("alpha", 0.9, 0.5, 0.999, "share of rows the large clusters hold"),
                number("beta", 5.0, 1.001, 1000.0, "size ratio at which small clusters begin"),
            ),
            min_rows=20,  # fewer rarely split into large and small clusters
            needs_scaling=True,
        ),
        "pyod.models.cblof:CBLOF",
        "cblof",
        is_seeded=True,
        more_rows_than=("n_clusters",),
    ),
    PyodRow(
        known(
            "hdbscan",
            "HDBSCAN",
            "proximity",
            "How weakly the training rows nearest to a row belong to any cluster.",
            "Campello, Moulavi and Sander (2013), Density-based clustering based on hierarchical density estimates, "
            "PAKDD",
            (
                whole("min_cluster_size", 5, 2, 5000, "rows that make a cluster"),
                whole(
                    "min_samples", None, 1, 5000, "neighbours that make a dense place; min_cluster_size unless given"
                ),
            ),
            min_rows=6,
            max_rows=50_000,
            needs_scaling=True,
        ),
        "pyod.models.hdbscan:HDBSCAN",
        "knn",
        arguments=_BALL_TREE,
        more_rows_than=("min_cluster_size", "min_samples"),
        finish=search_neighbours_in_a_ball_tree,
    ),
    PyodRow(
        known(
            "iforest",
            "Isolation forest",
            "ensemble",
            "Counts how few random cuts isolate a row, through scikit-learn's forest.",
            "Liu, Ting and Zhou (2008), Isolation forest, ICDM",
            (
                whole("n_estimators", 100, 1, 2000, "number of trees"),
                whole("max_samples", 256, 2, 65536, "training rows each tree sees"),
            ),
        ),
        "pyod.models.iforest:IForest",
        "isolation_forest",
        is_seeded=True,
    ),
    PyodRow(
        known(
            "inne",
            "Isolation by nearest neighbours",
            "ensemble",
            "How large, relative to their neighbours, the balls around sampled rows are that cover a row.",
            "Bandaragoda et al. (2018), Isolation-based anomaly detection using nearest-neighbor ensembles, "
            "Comput. Intell. 34(4)",
            (
                whole("n_estimators", 200, 1, 2000, "random samples drawn"),
                whole("max_samples", 8, 2, 1024, "balls per sample"),
            ),
            needs_scaling=True,
        ),
        "pyod.models.inne:INNE",
        "inne",
        is_seeded=True,
        finish=measure_balls_directly,
        score=score_balls,
    ),
)
