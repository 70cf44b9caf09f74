"""Our detectors that describe the rows by a centre, directions, mixtures or a boundary."""

from pynomaly.domain.algorithm import AlgorithmDescription, Parameter
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.own_rows.linear_costs import (
    gmm_cost,
    mcd_cost,
    ocsvm_cost,
    ocsvm_nystroem_cost,
    pca_cost,
)
from pynomaly.infrastructure.algorithms.own_rows.shared_parameters import GAMMA, NU

LINEAR_ROWS = (
    CatalogRow(
        AlgorithmDescription(
            name="gmm",
            title="Gaussian mixture",
            family="probabilistic",
            summary="Tells how thin the crowd is where a row lies, after ellipses were laid over the densest rows.",
            reference="Dempster, Laird and Rubin (1977), JRSS-B 39; Neykov et al. (2007), Robust fitting of mixtures "
            "using the trimmed likelihood estimator, CSDA 52(1)",
            parameters=(
                Parameter("n_components", "int", 1, "number of ellipses", 1, 100),
                Parameter(
                    "covariance_type",
                    "choice",
                    "full",
                    "shape of the ellipses: any, any but the same for all, along the columns, or round",
                    choices=("full", "tied", "diag", "spherical"),
                ),
                Parameter(
                    "core_share",
                    "float",
                    0.75,
                    "share of the training rows, the densest, it learns from",
                    0.5,
                    1.0,
                ),
                Parameter(
                    "reg_covar",
                    "float",
                    1e-3,
                    "added to the variances of columns on a common scale",
                    1e-9,
                    1.0,
                ),
            ),
            aliases=("GMM", "GaussianMixture"),
        ),
        "pynomaly.infrastructure.algorithms.gmm:GaussianMixture",
        cost=gmm_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="mcd",
            title="Minimum covariance determinant",
            family="linear",
            summary="Measures how far a row lies from the tightest majority, in its own directions; stands anomalies.",
            reference="Rousseeuw and Van Driessen (1999), A fast algorithm for the minimum covariance determinant "
            "estimator, Technometrics 41(3)",
            parameters=(
                Parameter(
                    "support_fraction",
                    "float",
                    0.75,
                    "share of the training rows that has to be tight; 1 takes all rows alike",
                    0.5,
                    1.0,
                ),
            ),
            aliases=("MCD", "MinCovDet", "EllipticEnvelope"),
        ),
        "pynomaly.infrastructure.algorithms.mcd:MinimumCovarianceDeterminant",
        cost=mcd_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="ocsvm",
            title="One-class support vector machine",
            family="linear",
            summary="Draws the tightest boundary of any shape around most rows, exactly; for a few thousand rows.",
            reference="Schölkopf et al. (2001), Estimating the support of a high-dimensional distribution, "
            "Neural Computation 13(7)",
            parameters=(
                NU,
                GAMMA,
                Parameter("max_training_rows", "int", 10_000, "training rows learned from", 10, 100_000),
            ),
            aliases=("OCSVM", "OneClassSVM"),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.ocsvm:OneClassSupportVectors",
        cost=ocsvm_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="ocsvm_nystroem",
            title="One-class support vector machine, approximated",
            family="linear",
            summary="Draws nearly the boundary of ocsvm, through a few hundred landmarks; for any number of rows.",
            reference="Williams and Seeger (2000), Using the Nyström method to speed up kernel machines, NIPS 13; "
            "Schölkopf et al. (2001), Neural Computation 13(7)",
            parameters=(
                NU,
                GAMMA,
                Parameter("n_landmarks", "int", 200, "training rows the kernel is seen through", 2, 5000),
            ),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.ocsvm_nystroem:NystroemSupportVectors",
        cost=ocsvm_nystroem_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="pca",
            title="Principal components",
            family="linear",
            summary="Measures how far a row lies from the centre along the directions the columns vary in together.",
            reference="Shyu, Chen, Sarinnapakorn and Chang (2003), A novel anomaly detection scheme based on "
            "principal component classifier, ICDM workshops",
            parameters=(
                Parameter(
                    "core_share",
                    "float",
                    0.75,
                    "share of the training rows, the least strange, it learns from",
                    0.5,
                    1.0,
                ),
            ),
            aliases=("PCA",),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.pca:PrincipalComponents",
        cost=pca_cost,
    ),
)
