"""PyOD's inductive detectors that learn a distribution or its main directions; stored as their training rows."""

from pynomaly.domain.algorithm import Parameter
from pynomaly.infrastructure.algorithms.pyod_adapter.row import PyodRow, choice, known, number, whole
from pynomaly.infrastructure.algorithms.pyod_adapter.treatments import (
    at_most_the_rank,
    columns_that_vary,
    require_spread_around_median,
    require_twice_as_many_rows_as_columns,
    score_projections,
)

DISTRIBUTION_ROWS = (
    PyodRow(
        known(
            "mad",
            "Median absolute deviation",
            "probabilistic",
            "How many robust deviations a value lies from the median; for a single column.",
            "Iglewicz and Hoaglin (1993), How to detect and handle outliers, ASQC",
            max_features=1,
        ),
        "pyod.models.mad:MAD",
        "mad",
        treat=require_spread_around_median,
    ),
    PyodRow(
        known(
            "qmcd",
            "Wrap-around discrepancy",
            "probabilistic",
            "How much a row adds to the unevenness of the table within its bounding box.",
            "Fang and Ma (2001), Wrap-around L2-discrepancy of random sampling, J. Complexity 17(4)",
            max_rows=50_000,
        ),
        "pyod.models.qmcd:QMCD",
        "knn",
    ),
    PyodRow(
        known(
            "kde",
            "Kernel density",
            "probabilistic",
            "How thin the data are around a row; in more than about ten columns all of it is thin.",
            "Latecki, Lazarevic and Pokrajac (2007), Outlier detection with kernel density functions, MLDM",
            (number("bandwidth", 1.0, 1e-3, 1e3, "width of the kernel, in standardised units"),),
            max_rows=20_000,
            needs_scaling=True,
        ),
        "pyod.models.kde:KDE",
        "kde",
        arguments={"algorithm": "ball_tree"},
    ),
    PyodRow(
        known(
            "gmm",
            "Gaussian mixture",
            "probabilistic",
            "How unlikely a row is under a mixture of Gaussians; a component may settle on clustered anomalies.",
            "Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm, JRSS-B",
            (
                whole("n_components", 1, 1, 100, "number of Gaussians"),
                choice("covariance_type", ("full", "tied", "diag", "spherical"), "shape of each Gaussian"),
            ),
            needs_scaling=True,
        ),
        "pyod.models.gmm:GMM",
        "gmm",
        is_seeded=True,
        more_rows_than=("n_components",),
    ),
    PyodRow(
        known(
            "pca",
            "Principal components",
            "linear",
            "Distance to the unit vectors of the principal directions, weighted by how little varies along them.",
            "Shyu, Chen, Sarinnapakorn and Chang (2003), A novel anomaly detection scheme based on principal component "
            "classifier, ICDM workshops",
            (
                whole("n_components", None, 1, 10_000, "directions kept; all that carry variance unless given"),
                Parameter("weighted", "bool", True, "divide by each direction's share of the variance"),
            ),
            needs_scaling=True,
        ),
        "pyod.models.pca:PCA",
        "pca",
        is_seeded=True,
        kept_columns=columns_that_vary,
        derive=at_most_the_rank,
    ),
    PyodRow(
        known(
            "kpca",
            "Kernel principal components",
            "linear",
            "What of a row the main directions of a kernel space leave unexplained.",
            "Hoffmann (2007), Kernel PCA for novelty detection, Pattern Recognition 40(3)",
            (
                # PyOD keeps every direction by default; then nothing is left unexplained and scores are rounding noise.
                whole("n_components", 10, 1, 1000, "directions that count as explained"),
                number("gamma", None, 1e-6, 1e3, "inverse width of the kernel; 1 / columns unless given"),
            ),
            min_rows=11,
            max_rows=5000,
            needs_scaling=True,
        ),
        "pyod.models.kpca:KPCA",
        "pca",
        arguments={"kernel": "rbf", "eigen_solver": "dense"},
        is_seeded=True,
        more_rows_than=("n_components",),
    ),
    PyodRow(
        known(
            "mcd",
            "Minimum covariance determinant",
            "linear",
            "Mahalanobis distance from the tightest half of the rows; for one elliptical cloud of many rows.",
            "Rousseeuw and Van Driessen (1999), A fast algorithm for the MCD estimator, Technometrics 41(3)",
            (
                number(
                    "support_fraction", None, 0.5, 1.0, "share of rows the estimate rests on; about half unless given"
                ),
            ),
            min_rows=5,
            needs_scaling=True,
        ),
        "pyod.models.mcd:MCD",
        "mcd",
        is_seeded=True,
        kept_columns=columns_that_vary,
        treat=require_twice_as_many_rows_as_columns,
    ),
    PyodRow(
        known(
            "ocsvm",
            "One-class SVM",
            "linear",
            "How far a row lies outside the smallest smooth region that holds most of the data.",
            "Schoelkopf et al. (2001), Estimating the support of a high-dimensional distribution, Neural Comput. 13(7)",
            (
                choice("kernel", ("rbf", "linear", "poly", "sigmoid"), "kernel"),
                number("nu", 0.5, 1e-4, 1.0, "largest share of training rows left outside"),
                number("gamma", None, 1e-6, 1e3, "inverse width of the kernel; 1 / columns unless given"),
            ),
            max_rows=20_000,
            needs_scaling=True,
        ),
        "pyod.models.ocsvm:OCSVM",
        "ocsvm",
    ),
    PyodRow(
        known(
            "hbos",
            "Histogram-based outlier score",
            "probabilistic",
            "Adds up how rare each value is in its column's histogram.",
            "Goldstein and Dengel (2012), Histogram-based outlier score (HBOS), KI",
            (
                whole("n_bins", 10, 2, 1000, "bins per column"),
                number("alpha", 0.1, 1e-6, 0.999, "added to every density"),
                number("tol", 0.5, 1e-6, 0.999, "how far beyond the last bin a value still counts to it, in bins"),
            ),
            needs_scaling=True,  # the added density makes scores depend on the columns' units
        ),
        "pyod.models.hbos:HBOS",
        "hbos",
    ),
    PyodRow(
        known(
            "loda",
            "LODA",
            "ensemble",
            "Averages how rare a row is in histograms of random projections.",
            "Pevny (2016), Loda: lightweight on-line detector of anomalies, Machine Learning 102(2)",
            (
                whole("n_bins", 10, 3, 1000, "bins per histogram"),
                whole("n_random_cuts", 100, 1, 2000, "random projections"),
            ),
            needs_scaling=True,
        ),
        "pyod.models.loda:LODA",
        "loda",
        is_seeded=True,
        score=score_projections,
    ),
)
