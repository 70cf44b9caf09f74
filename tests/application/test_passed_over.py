"""What anybody sees at once is told of, also where the score lets it pass."""

import numpy as np
import pyarrow as pa

from pynomaly.bootstrap import build
from pynomaly.domain.decision import AlarmBudget


def people() -> dict[str, np.ndarray]:
    """Rows with three slips: two in columns of their own, one beside a hole."""
    rng = np.random.default_rng(4)
    columns = {f"test {place}": rng.normal(size=2000) for place in range(8)}
    columns |= {"height": rng.normal(166, 9, 2000), "dose": rng.lognormal(1, 0.4, 2000)}
    columns["height"][77] = 780.0
    columns["dose"][500] = 270.0
    columns["dose"][501] = np.nan
    return columns


def note_of(columns: dict[str, np.ndarray], **choices: object) -> str:
    notes = build().find_anomalies(source=pa.table(columns), **choices).notes
    return next((note for note in notes if note.startswith("far outside")), "")


def test_wild_cells_that_are_not_flagged_are_named_the_farthest_first() -> None:
    note = note_of(people(), policy=AlarmBudget(rows=0))
    assert note.startswith("far outside a column and yet not flagged: dose 270 in row 500 (usually 1.")
    assert "; height 780 in row 77 (usually 15" in note
    assert note.endswith("look at these rows, or at what knn says of them")


def test_a_forest_lets_one_wild_cell_pass_and_neighbours_do_not() -> None:
    assert "dose 270 in row 500" in note_of(people(), algorithm="isolation_forest", policy=AlarmBudget(rows=10))
    assert note_of(people(), algorithm="knn", policy=AlarmBudget(rows=10)) == ""


def test_neighbours_are_not_compared_with_themselves() -> None:
    note = note_of(people(), algorithm="knn", policy=AlarmBudget(rows=0))
    assert note.endswith("look at these rows")


def test_rows_that_are_flagged_need_no_note() -> None:
    assert note_of(people(), policy=AlarmBudget(rows=2000)) == ""


def test_a_row_is_named_once_and_many_are_counted() -> None:
    columns = people()
    columns["dose"][77] = 9000.0
    columns["test 0"][:3] = 40.0
    note = note_of(columns, policy=AlarmBudget(rows=0))
    assert note.count("row 77") == 1
    assert "; and 2 more" in note


def test_a_column_with_a_tail_has_no_exceptions() -> None:
    heavy = {"x": np.random.default_rng(0).standard_cauchy(2000), "y": np.arange(2000.0) % 7}
    assert note_of(heavy, policy=AlarmBudget(rows=0)) == ""


def test_rows_that_come_later_are_held_against_the_rows_learned_from() -> None:
    columns = people()
    few = {name: values[75:79] for name, values in columns.items()}
    normal = {name: np.delete(values, [77, 500, 501]) for name, values in columns.items()}
    note = note_of(few, train=pa.table(normal), policy=AlarmBudget(rows=0))
    assert "height 780 in row 2" in note
