"""Every place where an algorithm of the catalogue does not keep the contract, and why: one row each, none of our own.

A declared exception is expected to fail in the stated way; once it passes, the kit fails until the row is removed.
"""

from dataclasses import dataclass

from pynomaly.domain.errors import InvalidData


@dataclass(frozen=True, slots=True)
class DeclaredException:
    """What happens instead of what the check demands, and why that is right or cannot be mended here."""

    reason: str
    raises: type[Exception]


_PLANTED = "test_planted_anomalies_score_above_the_median_inlier"
_CONSTANT = "test_a_constant_column_is_survived"
_DUPLICATES = "test_duplicated_rows_are_survived"
_FEWEST = "test_the_fewest_allowed_rows_are_enough"

EXCEPTIONS = {
    ("pyod.sampling", _PLANTED): DeclaredException(
        "a training row that was drawn into the sample is its own nearest neighbour, at distance 0", AssertionError
    ),
    ("pyod.sos", _PLANTED): DeclaredException(
        "finds one far row, but a handful of them are each other's effective neighbours and vouch for each other",
        AssertionError,
    ),
    ("pyod.sod", _PLANTED): DeclaredException(
        "looks only at columns in which a row's neighbours agree, and the neighbours of some far rows agree in none",
        AssertionError,
    ),
    ("pyod.rgraph", _PLANTED): DeclaredException(
        "its walk over rows written as mixes of others ranks even one far row below the median here", AssertionError
    ),
    ("pyod.mo_gaal", _PLANTED): DeclaredException(
        "its judging network takes rows far out on some sides for ordinary ones, as it was shown none there",
        AssertionError,
    ),
    ("pyod.mad", _CONSTANT): DeclaredException("takes one column only, and that one is constant here", InvalidData),
    ("pyod.hdbscan", _CONSTANT): DeclaredException("finds no cluster and would score every row alike", InvalidData),
    ("pyod.knn", _DUPLICATES): DeclaredException(
        "finds five copies of every row at distance 0 and would score every row alike", InvalidData
    ),
    ("pyod.lunar", _DUPLICATES): DeclaredException(
        "finds copies of every row at distance 0 and would score every row alike", InvalidData
    ),
    ("pyod.hdbscan", _DUPLICATES): DeclaredException(
        "finds a cluster in every row's copies and would score every row alike", InvalidData
    ),
    ("pyod.sos", _DUPLICATES): DeclaredException("divides by the distance to copies and gives NaN", InvalidData),
    ("pyod.hdbscan", _FEWEST): DeclaredException("finds no cluster in a few rows", InvalidData),
}
"""(algorithm, name of the check) -> what happens instead."""
