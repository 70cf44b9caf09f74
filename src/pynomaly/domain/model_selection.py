"""Choosing an algorithm when the user names none: one good default, and the reason in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pynomaly.domain.algorithm import ParameterValue

AUTOMATIC = "auto"
STEADY_TREES = 300  # against 100, on 20 tables: ROC AUC +.004, its spread between seeds .010 in place of .014


@dataclass(frozen=True, slots=True)
class Choice:
    """An algorithm with its parameters and why it was chosen."""

    algorithm: str
    reason: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)


def choose_algorithm(n_rows: int, n_columns: int) -> Choice:
    """Choose for a table that may contain anomalies already.

    No way of choosing without labels has been shown to beat one good detector on unseen tables (Ma et al.
    2023, SIGKDD Explorations 25), so the choice does not depend on the data beyond saying what it means.
    """
    columns = "1 column" if n_columns == 1 else f"{n_columns:,} columns"
    return Choice(
        "isolation_forest",
        f"isolation_forest was chosen for {n_rows:,} rows × {columns}: it copes with anomalies among the "
        "rows it learns from and needs no scaling; name another with --algorithm",
        {"n_trees": STEADY_TREES},
    )
