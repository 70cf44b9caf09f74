"""Choosing an algorithm when the user names none: one good default, and the reason in a sentence."""

from dataclasses import dataclass

AUTOMATIC = "auto"


@dataclass(frozen=True, slots=True)
class Choice:
    """An algorithm and why it was chosen."""

    algorithm: str
    reason: str


def choose_algorithm(n_rows: int, n_columns: int) -> Choice:
    """Choose for a table that may contain anomalies already.

    No way of choosing without labels has been shown to beat one good detector on unseen tables (Ma et al.
    2023, SIGKDD Explorations 25), so the choice does not depend on the data beyond saying what it means.
    """
    return Choice(
        "isolation_forest",
        f"isolation_forest was chosen for {n_rows:,} rows × {n_columns} columns: it copes with anomalies among the "
        "rows it learns from and needs no scaling; name another with --algorithm",
    )
