"""Our detectors that measure distances to other rows."""

from pynomaly.domain.algorithm import AlgorithmDescription, Parameter
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.own_rows.proximity_costs import cblof_cost, dte_np_cost, knn_cost, lof_cost
from pynomaly.infrastructure.algorithms.own_rows.shared_parameters import MAX_REFERENCE_ROWS, N_NEIGHBORS

PROXIMITY_ROWS = (
    CatalogRow(
        AlgorithmDescription(
            name="cblof",
            title="Cluster-based local outlier factor",
            family="proximity",
            summary="Measures how far a row lies from the nearest large group of rows.",
            reference="He, Xu and Deng (2003), Discovering cluster-based local outliers, PRL 24",
            parameters=(
                Parameter("n_clusters", "int", 5, "clusters looked for", 1, 100),
                Parameter("alpha", "float", 0.9, "share of the rows that large clusters hold", 0.5, 1.0),
                Parameter("beta", "float", 5.0, "how many times smaller the first small cluster is", 1.0, 1000.0),
            ),
            aliases=("CBLOF",),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.cluster_distance:ClusterDistance",
        cost=cblof_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="dte_np",
            title="Diffusion time, non-parametric",
            family="proximity",
            summary="Estimates how much noise would have moved a row's neighbours to where it lies.",
            reference="Livernoche et al. (2024), On diffusion modeling for anomaly detection, ICLR",
            parameters=(
                N_NEIGHBORS,
                MAX_REFERENCE_ROWS,
            ),
            aliases=("DTE", "DTE-NP"),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.diffusion_time:DiffusionTime",
        cost=dte_np_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="knn",
            title="k nearest neighbours",
            family="proximity",
            summary="Measures how far away a row's nearest reference rows are; best for local and combined oddities.",
            reference="Ramaswamy, Rastogi and Shim (2000), SIGMOD; Angiulli and Pizzuti (2002), PKDD",
            parameters=(
                N_NEIGHBORS,
                Parameter(
                    "method",
                    "choice",
                    "mean",
                    "which of the neighbours' distances counts",
                    choices=("mean", "largest", "median"),
                ),
                MAX_REFERENCE_ROWS,
                Parameter(
                    "search",
                    "choice",
                    "exact",
                    "find the true neighbours, or at least 95 % of them faster",
                    choices=("exact", "approximate"),
                ),
            ),
            aliases=("KNN",),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.k_nearest_neighbours:KNearestNeighbours",
        cost=knn_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="lof",
            title="Local outlier factor",
            family="proximity",
            summary="Compares how sparse it is around a row with how sparse it is around its neighbours.",
            reference="Breunig, Kriegel, Ng and Sander (2000), LOF: identifying density-based local outliers, SIGMOD",
            parameters=(
                Parameter("n_neighbors", "int", 100, "neighbours looked at", 1, 10_000),
                Parameter("max_reference_rows", "int", 5000, "training rows kept to compare with", 10, 50_000),
            ),
            aliases=("LOF", "LocalOutlierFactor"),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.local_outlier_factor:LocalOutlierFactor",
        cost=lof_cost,
    ),
)
