"""Parameters that mean the same in several of our detectors."""

from pynomaly.domain.algorithm import Parameter

N_NEIGHBORS = Parameter(
    "n_neighbors",
    "int",
    None,
    "neighbours looked at; 5 % of the reference rows unless given",
    1,
    10_000,
    is_optional=True,
)
MAX_REFERENCE_ROWS = Parameter("max_reference_rows", "int", 2000, "training rows kept to compare with", 10, 50_000)
NU = Parameter("nu", "float", 0.5, "share of the training rows that may lie outside", 0.01, 0.99)
GAMMA = Parameter(
    "gamma",
    "float",
    None,
    "1 / squared width of the kernel; from the variance of all values unless given",
    1e-9,
    1e9,
    is_optional=True,
)
