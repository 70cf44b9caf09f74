"""PyOD's detectors whose scores depend on the whole table: usable for one fixed table, not stored, never online.

ECOD, COPOD, RGraph score new rows together with the training rows; COF, CD, LMDD, LOCI, SOD, SOS forget the training
rows and compare new rows with each other; ROD scales by the median of the batch. None can be asked for one row. ECOD
and COPOD could be, beside all training rows, at 100 ms a row: our own `ecod` does that in a microsecond.
"""

from pynomaly.infrastructure.algorithms.pyod_adapter.row import PyodRow, choice, known, number, whole
from pynomaly.infrastructure.algorithms.pyod_adapter.treatments import require_two_columns, rows_of_unit_length

TRANSDUCTIVE_ROWS = (
    PyodRow(
        known(
            "ecod",
            "ECOD",
            "probabilistic",
            "Adds up the larger tail surprise of every column, from the table's own distribution functions.",
            "Li et al. (2023), ECOD: unsupervised outlier detection using empirical CDFs, TKDE 35(12)",
            is_inductive=False,
        ),
        "pyod.models.ecod:ECOD",
        "ecod",
    ),
    PyodRow(
        known(
            "copod",
            "COPOD",
            "probabilistic",
            "Adds up tail surprises per column under an empirical copula of the table.",
            "Li, Zhao, Botta, Ionescu and Hu (2020), COPOD: copula-based outlier detection, ICDM",
            is_inductive=False,
        ),
        "pyod.models.copod:COPOD",
        "copod",
    ),
    PyodRow(
        known(
            "sos",
            "Stochastic outlier selection",
            "probabilistic",
            "The chance that no other row picks this one as its neighbour; repeated rows make it fail.",
            "Janssens, Huszar, Postma and van den Herik (2012), Stochastic outlier selection, Tilburg TR 2012-001",
            (number("perplexity", 4.5, 1.0, 1000.0, "how many neighbours each row effectively has"),),
            min_rows=10,
            max_rows=5000,
            needs_scaling=True,
            is_inductive=False,
        ),
        "pyod.models.sos:SOS",
        "knn",
    ),
    PyodRow(
        known(
            "cd",
            "Cook's distance",
            "linear",
            "How much each row bends the regressions of every column on the others; needs more rows than columns.",
            "Cook (1977), Detection of influential observation in linear regression, Technometrics 19(1)",
            min_rows=5,
            is_inductive=False,
        ),
        "pyod.models.cd:CD",
        "pca",
        treat=require_two_columns,
    ),
    PyodRow(
        known(
            "lmdd",
            "Deviation detection",
            "linear",
            "How much the spread of the table falls when a row is left out, over random orders of the rows.",
            "Arning, Agrawal and Raghavan (1996), A linear method for deviation detection in large databases, KDD",
            (
                whole("n_iter", 50, 1, 1000, "random orders tried"),
                choice("dis_measure", ("aad", "var", "iqr"), "measure of spread: mean deviation, variance, quartiles"),
            ),
            max_rows=5000,
            needs_scaling=True,
            is_inductive=False,
        ),
        "pyod.models.lmdd:LMDD",
        "isolation_forest",
        is_seeded=True,
    ),
    PyodRow(
        known(
            "cof",
            "Connectivity-based outlier factor",
            "proximity",
            "Compares the chain that links a row to its neighbours with the chains of those neighbours.",
            "Tang, Chen, Fu and Cheung (2002), Enhancing effectiveness of outlier detections for low density patterns, "
            "PAKDD",
            (whole("n_neighbors", 20, 2, 1000, "length of the chain"),),
            min_rows=21,
            max_rows=10_000,
            needs_scaling=True,
            is_inductive=False,
        ),
        "pyod.models.cof:COF",
        "lof",
        more_rows_than=("n_neighbors",),
    ),
    PyodRow(
        known(
            "loci",
            "Local correlation integral",
            "proximity",
            "Compares how full a row's surroundings are with those of its neighbours, at every radius; very slow.",
            "Papadimitriou, Kitagawa, Gibbons and Faloutsos (2003), LOCI: fast outlier detection using the local "
            "correlation integral, ICDE",
            (
                number("alpha", 0.5, 0.05, 1.0, "size of the inner surroundings relative to the outer"),
                number("k", 3.0, 0.5, 20.0, "standard deviations at which the search stops"),
            ),
            min_rows=30,
            max_rows=500,
            needs_scaling=True,
            is_inductive=False,
        ),
        "pyod.models.loci:LOCI",
        "lof",
    ),
    PyodRow(
        known(
            "sod",
            "Subspace outlier degree",
            "proximity",
            "How far a row lies from similar rows in just those columns in which these agree; needs several columns.",
            "Kriegel, Kroeger, Schubert and Zimek (2009), Outlier detection in axis-parallel subspaces of high "
            "dimensional data, PAKDD",
            (
                whole("n_neighbors", 20, 10, 1000, "neighbours by which rows are found similar"),
                whole("ref_set", 10, 2, 10, "similar rows compared with"),
                number("alpha", 0.8, 0.05, 1.0, "how much less a column must vary to count as agreeing"),
            ),
            min_rows=21,
            max_rows=10_000,
            needs_scaling=True,
            is_inductive=False,
        ),
        "pyod.models.sod:SOD",
        "isolation_forest",
        more_rows_than=("n_neighbors",),
    ),
    PyodRow(
        known(
            "rod",
            "Rotation-based outlier detection",
            "proximity",
            "Averages, over all triples of columns, how far rows lie from the geometric median by rotated volume.",
            "Almardeny, Boujnah and Cleary (2020), A novel outlier detection method for multivariate data, TKDE",
            min_rows=10,
            max_rows=10_000,
            max_features=15,
            is_inductive=False,
        ),
        "pyod.models.rod:ROD",
        "pca",
    ),
    PyodRow(
        known(
            "rgraph",
            "R-graph",
            "graph",
            "Expresses the direction of each row by few others and walks along these links; rarely reached is strange.",
            "You, Robinson and Vidal (2017), Provable self-representation based outlier detection in a union of "
            "subspaces, CVPR",
            (
                whole("transition_steps", 10, 1, 1000, "steps of the walk"),
                whole("n_nonzero", 10, 1, 1000, "rows another row is expressed by, at most"),
                number("gamma", 50.0, 1.0, 1000.0, "larger: more rows take part in expressing another"),
            ),
            min_rows=12,
            max_rows=5000,
            needs_scaling=True,
            is_inductive=False,
        ),
        "pyod.models.rgraph:RGraph",
        "knn",
        arguments={"verbose": False, "preprocessing": False},
        more_rows_than=("n_nonzero",),
        treat=rows_of_unit_length,
    ),
)
