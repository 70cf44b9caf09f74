import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.errors import ColumnMismatch
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparation, ArrowPreparer
from pynomaly.infrastructure.data.number_road import BLOCK_CELLS
from pynomaly.infrastructure.data.row_reader import RowReader

Cells = dict[str, list[float | int | None]]

READER = RowReader()
RNG = np.random.default_rng(5)


def learned(cells: Cells, *, dtype: str = "float32", scale: bool = False) -> ArrowPreparation:
    """Learn every column as numbers, whatever it looks like."""
    table = READER.of_cells(tuple(cells), list(cells.values())).describe(
        roles=dict.fromkeys(cells, ColumnRole.FEATURE), kinds=dict.fromkeys(cells, ColumnKind.NUMBER)
    )
    return ArrowPreparer().learn(table, dtype=dtype, scale=scale)  # type: ignore[arg-type]


def rows_of(cells: Cells) -> NumberRows:
    kinds = [{type(cell) for cell in column} for column in cells.values()]
    values = np.array(list(cells.values()), dtype=np.float64).T
    is_whole = np.array([int in kind and float not in kind for kind in kinds])
    return NumberRows(tuple(cells), np.ascontiguousarray(values), is_whole)


def through_a_table(preparation: ArrowPreparation, cells: Cells) -> bytes:
    return preparation.matrix(READER.of_cells(tuple(cells), list(cells.values()))).values.tobytes()


def normal(n_rows: int, n_columns: int = 3) -> Cells:
    return {f"f{column}": RNG.normal(size=n_rows).tolist() for column in range(n_columns)}


FLOATS = st.one_of(st.floats(), st.floats(-9, 9), st.none())
WHOLE = st.one_of(st.integers(-(2**53), 2**53), st.integers(-9, 9), st.none())
ANY_WHOLE = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(2**62, 2**62 + 99), st.none())


def columns(*kinds: st.SearchStrategy[float | int | None]) -> st.SearchStrategy[list[list[float | int | None]]]:
    """Three columns of equal length, each of one of these kinds."""
    column = st.sampled_from(kinds)
    lists = st.tuples(st.integers(1, 12), st.tuples(column, column, column))
    return lists.flatmap(
        lambda drawn: st.tuples(*(st.lists(kind, min_size=drawn[0], max_size=drawn[0]) for kind in drawn[1])).map(list)
    )


@settings(max_examples=400)
@given(
    training=columns(FLOATS, WHOLE, ANY_WHOLE),
    sent=columns(FLOATS, WHOLE),
    dtype=st.sampled_from(["float32", "float64"]),
    scale=st.booleans(),
)
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid value:RuntimeWarning")  # of learning
def test_the_short_road_gives_the_bits_of_the_table_or_says_that_it_takes_one(
    training: list[list[float | int | None]], sent: list[list[float | int | None]], dtype: str, scale: bool
) -> None:
    anchor = [0.5 * row for row in range(len(training[0]) + 1)]
    names = ("a", "b", "c")
    preparation = learned(
        {"anchor": anchor} | {name: [*column, None] for name, column in zip(names, training, strict=True)},
        dtype=dtype,
        scale=scale,
    )
    cells: Cells = {"anchor": [1.0] * len(sent[0])} | dict(zip(names, sent, strict=True))
    rows = rows_of(cells)
    matrix = preparation.number_matrix(rows)
    expected = through_a_table(preparation, cells)
    if matrix is None:
        assert any(rows.is_whole)
        assert any(abs(step.scale.center) > 2**53 for step in preparation.steps)
        assert preparation.matrix(READER.of_numbers(rows)).values.tobytes() == expected
    else:
        assert matrix.names == preparation.feature_names
        assert matrix.values.dtype == dtype
        assert matrix.values.tobytes() == expected


@pytest.mark.parametrize("n_rows", [1, 2, 1000, BLOCK_CELLS // 3, BLOCK_CELLS // 3 + 1, 30_000])
def test_rows_in_any_number_get_the_bits_of_the_table(n_rows: int) -> None:
    preparation = learned(normal(500))
    cells = normal(n_rows)
    cells["f1"][n_rows // 2] = 1e9
    cells["f2"][n_rows - 1] = None
    matrix = preparation.number_matrix(rows_of(cells))
    assert matrix is not None
    assert matrix.values.tobytes() == through_a_table(preparation, cells)


def test_indicators_and_columns_of_one_value_stand_where_the_table_has_them() -> None:
    seldom: list[float | int | None] = [None, *range(99)]
    preparation = learned({"a": seldom, "constant": [5.0, None] * 50, "b": list(range(100)), "c": seldom[::-1]})
    assert preparation.feature_names == ("a", "a missing", "constant missing", "b", "c", "c missing")
    cells: Cells = {"a": [None, 3], "constant": [5, None], "b": [None, 1000], "c": [4, None]}
    matrix = preparation.number_matrix(rows_of(cells))
    assert matrix is not None
    assert matrix.values.tobytes() == through_a_table(preparation, cells)


def test_columns_in_another_order_and_columns_not_learned_from_do_not_matter() -> None:
    preparation = learned(normal(50))
    cells = normal(10)
    expected = preparation.number_matrix(rows_of(cells))
    other = preparation.number_matrix(rows_of({"surplus": [1.0] * 10} | dict(reversed(cells.items()))))
    assert expected is not None
    assert other is not None
    assert other.values.tobytes() == expected.values.tobytes()


def test_a_missing_column_is_refused_with_the_sentence_of_the_table() -> None:
    preparation = learned(normal(50))
    cells = normal(2)
    cells["f_1"] = cells.pop("f1")
    with pytest.raises(ColumnMismatch) as by_table:
        through_a_table(preparation, cells)
    for ask in (preparation.number_matrix, preparation.notes):
        with pytest.raises(ColumnMismatch) as by_numbers:
            ask(rows_of(cells))
        assert str(by_numbers.value) == str(by_table.value)
    assert "column 'f1' missing; did you mean 'f_1'?" in str(by_table.value)


def test_what_is_noted_of_numbers_is_what_is_noted_of_their_table() -> None:
    preparation = learned(normal(50))
    cells: Cells = normal(3) | {"surplus": [1, 2, 3], "f1": [None, 1.0, None]}
    table = READER.of_cells(tuple(cells), list(cells.values()))
    assert preparation.notes(rows_of(cells)) == preparation.notes(table)
    assert preparation.notes(rows_of(cells)) == (
        "ignored, not in training: surplus",
        "column 'f1': 2 cells hold no number; at training none was missing",
    )
    assert preparation.notes(rows_of(normal(3))) == ()


def test_a_column_that_is_more_than_numbers_takes_the_table() -> None:
    words = READER.of_cells(("x", "word"), [[1.0, 2.0, 4.0], ["red", "red", "blue"]]).describe(
        roles={}, kinds={"word": ColumnKind.CATEGORY}
    )
    preparation = ArrowPreparer().learn(words, dtype="float32", scale=False)
    assert preparation.short_road is None
    assert preparation.number_matrix(rows_of({"x": [1.0], "word": [1]})) is None


def test_integers_beyond_floats_stay_apart_because_they_take_the_table() -> None:
    preparation = learned({"key": [2**62 + step for step in range(50)]})
    assert preparation.number_matrix(rows_of({"key": [3, 4]})) is None
    assert preparation.number_matrix(rows_of({"key": [3.5]})) is not None


def test_a_stored_preparation_has_the_same_short_road() -> None:
    preparation = learned(normal(50))
    stored = json.loads(json.dumps(preparation.state().scalars, allow_nan=False))
    rows = rows_of(normal(20))
    matrices = [one.number_matrix(rows) for one in (preparation, ArrowPreparer().restore(ModelState(scalars=stored)))]
    assert matrices[0] is not None
    assert matrices[1] is not None
    assert matrices[0].values.tobytes() == matrices[1].values.tobytes()


def test_the_rows_given_are_not_changed() -> None:
    preparation = learned(normal(50))
    rows = rows_of(normal(20) | {"f0": [None] * 20})
    before = rows.values.tobytes()
    rows.values.flags.writeable = False
    assert preparation.number_matrix(rows) is not None
    assert rows.values.tobytes() == before
