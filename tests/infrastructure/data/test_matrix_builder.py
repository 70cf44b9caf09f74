import json
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.application.ports.tables import Preparation, Preparer, Table
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.errors import ColumnMismatch, CorruptModel, EmptyDataset, NotFound
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.matrix_builder import ROWS_IN_CACHE, ArrowPreparation, ArrowPreparer
from pynomaly.infrastructure.data.raw_table import RawTable

N = 60


def table_of(data: dict[str, object]) -> ArrowTable:
    return ArrowTable.from_raw(RawTable(pa.table(data)), name="t")


def mixed() -> dict[str, object]:
    rng = np.random.default_rng(3)
    start = datetime(2024, 3, 1)
    return {
        "row_id": [f"{n:010x}" for n in range(N)],
        "amount": [None if n == 5 else float(x) for n, x in enumerate(rng.lognormal(size=N))],
        "price": [f"{x:,.2f} $" for x in rng.uniform(1, 9999, N)],
        "country": [None if n == 7 else ("CH", "CH", "ch ", "IT")[n % 4] for n in range(N)],
        "paid": [("Yes", "no")[n % 3 == 0] for n in range(N)],
        "when": [(start + timedelta(hours=7 * n)).strftime("%d/%m/%Y %H:%M") for n in range(N)],
        "note": [f"Remark number {n} on {'much ' * (n % 5)}more" for n in range(N)],
        "same": [1] * N,
        "label": [int(n == 0) for n in range(N)],
    }


def learned(table: Table, **options: object) -> ArrowPreparation:
    return ArrowPreparer().learn(table, **({"dtype": "float32", "scale": False} | options))


def test_the_ports_are_implemented() -> None:
    preparer: Preparer = ArrowPreparer()
    table: Table = table_of(mixed())
    preparation: Preparation = preparer.learn(table, dtype="float64", scale=True)
    assert preparation.matrix(table).n_samples == N


def test_every_feature_names_its_column() -> None:
    preparation = learned(table_of(mixed()))
    assert list(dict.fromkeys(preparation.sources)) == ["amount", "price", "country", "paid", "when", "note"]
    assert len(preparation.feature_names) == len(preparation.sources) == len(set(preparation.feature_names))
    for feature, source in zip(preparation.feature_names, preparation.sources, strict=True):
        assert feature.startswith(source)
    assert {"amount", "amount missing", "when: hour sin", "note: length"} <= set(preparation.feature_names)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", [False, True])
def test_a_row_alone_gets_the_bits_it_gets_in_its_table(dtype: str, scale: bool) -> None:
    table = table_of(mixed())
    preparation = learned(table, dtype=dtype, scale=scale)
    matrix = preparation.matrix(table).values
    assert matrix.dtype == dtype
    assert np.isfinite(matrix).all()
    for row in range(N):
        cells = {name: [values[row]] for name, values in mixed().items()}
        alone = table_of(cells)  # described afresh: one row has other kinds, and they must not matter
        assert preparation.matrix(alone).values.tobytes() == matrix[row].tobytes()


def test_blocks_make_up_the_matrix_whatever_their_size() -> None:
    table = table_of(mixed())
    preparation = learned(table)
    matrix = preparation.matrix(table).values
    for block_rows in (1, 7, N, 1000):
        blocks = [block.values for block in preparation.blocks(table, block_rows=block_rows)]
        assert np.concatenate(blocks).tobytes() == matrix.tobytes()


def test_chunks_of_the_source_do_not_matter() -> None:
    n = 2 * ROWS_IN_CACHE + 5
    cells = np.random.default_rng(0).normal(size=n)
    whole = pa.table({"a": cells, "b": cells.astype(np.float32)})
    cut = pa.concat_tables([whole.slice(0, 10), whole.slice(10, ROWS_IN_CACHE), whole.slice(ROWS_IN_CACHE + 10)])
    preparation = learned(ArrowTable.from_raw(RawTable(whole), name="whole"))
    one, two = (preparation.matrix(ArrowTable.from_raw(RawTable(data), name="t")).values for data in (whole, cut))
    assert one.tobytes() == two.tobytes()


def test_order_of_columns_and_extra_columns_do_not_matter() -> None:
    table = table_of(mixed())
    preparation = learned(table)
    other = table_of({"surplus": [0.5, 1.5] * (N // 2)} | dict(reversed(mixed().items())))
    assert preparation.matrix(other).values.tobytes() == preparation.matrix(table).values.tobytes()
    assert preparation.notes(other) == ("ignored, not in training: surplus",)
    assert preparation.notes(table) == ()


def test_a_missing_column_is_refused_by_name_before_the_first_block() -> None:
    preparation = learned(table_of(mixed()))
    cells = mixed()
    cells["amonut"] = cells.pop("amount")
    with pytest.raises(ColumnMismatch, match="column 'amount' missing; did you mean 'amonut'"):
        preparation.blocks(table_of(cells), block_rows=10)


def test_a_column_that_holds_something_else_is_refused_by_name() -> None:
    preparation = learned(table_of(mixed()))
    cells = mixed() | {"price": [f"word {n}" for n in range(N)]}
    with pytest.raises(ColumnMismatch, match="column 'price' should hold numbers"):
        preparation.matrix(table_of(cells))


def test_numbers_written_as_text_and_typed_numbers_agree() -> None:
    preparation = learned(table_of({"amount": [1.5, 2.5, 4.5]}))
    text = preparation.matrix(table_of({"amount": ["1.5", "2.5", "4.5 "]})).values
    assert text.tobytes() == preparation.matrix(table_of({"amount": [1.5, 2.5, 4.5]})).values.tobytes()


def test_what_training_never_saw_is_noted() -> None:
    preparation = learned(
        table_of({"amount": [1.0, 2.0, 3.0], "country": ["ch", "ch", "ch"], "n": [3, 1, 2]}).describe(
            roles={"country": ColumnRole.FEATURE}, kinds={"country": ColumnKind.CATEGORY}
        )
    )
    notes = preparation.notes(table_of({"amount": [1.0, None], "country": ["zz", "ch"], "n": [3, 1]}))
    assert len(notes) == 2
    assert "column 'amount': 1 cells hold no number" in notes[0]
    assert "column 'country': 1 cells hold a value never seen" in notes[1]


def test_overridden_kinds_are_learned_as_told() -> None:
    table = table_of(mixed()).describe(
        roles={"row_id": ColumnRole.FEATURE, "same": ColumnRole.FEATURE, "amount": ColumnRole.IGNORED},
        kinds={"price": ColumnKind.CATEGORY, "paid": ColumnKind.TEXT},
    )
    preparation = learned(table)
    assert "paid: length" in preparation.feature_names
    assert not {"amount", "same"} & set(preparation.sources)


def test_an_identifier_made_a_feature_is_learned_as_what_it_is() -> None:
    table = table_of({"n": list(range(20))}).describe(roles={"n": ColumnRole.FEATURE}, kinds={})
    assert learned(table).feature_names == ("n",)


def test_a_label_never_reaches_the_matrix() -> None:
    cells = mixed()
    flipped = cells | {"label": [1 - label for label in cells["label"]]}
    one, two = (learned(table_of(data)) for data in (cells, flipped))
    assert one.state().scalars == two.state().scalars
    assert "label" not in one.sources


def test_a_table_of_constants_is_refused_with_its_reasons() -> None:
    with pytest.raises(
        EmptyDataset, match=r"no column of t can be learned from \(same: always 1; empty: nothing in it\)"
    ):
        learned(table_of({"same": [1, 1], "empty": [None, None]}))


def test_typical_values_are_known_for_learned_columns_only() -> None:
    preparation = learned(table_of(mixed()))
    assert preparation.typical("country").most_frequent == "CH"
    with pytest.raises(NotFound, match="did you mean 'country'"):
        preparation.typical("contry")


@pytest.mark.parametrize("scale", [False, True])
def test_a_stored_preparation_gives_the_same_bits(scale: bool) -> None:
    table = table_of(mixed())
    preparation = learned(table, scale=scale)
    state = ModelState(scalars=json.loads(json.dumps(preparation.state().scalars, allow_nan=False)))
    again = ArrowPreparer().restore(state)
    assert again.matrix(table).values.tobytes() == preparation.matrix(table).values.tobytes()
    assert again.feature_names == preparation.feature_names
    assert again.typical("when") == preparation.typical("when")


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 2},
        {"dtype": "int8"},
        {"steps": []},
        {"steps": "all"},
        {"steps": [3]},
        {"steps": [{"step": "unknown"}]},
    ],
)
def test_a_damaged_preparation_is_refused(damage: dict[str, object]) -> None:
    scalars = dict(learned(table_of(mixed())).state().scalars)
    with pytest.raises(CorruptModel):
        ArrowPreparer().restore(ModelState(scalars=scalars | damage))


def test_two_steps_for_one_column_are_refused() -> None:
    scalars = dict(learned(table_of({"a": [1.0, 2.0]})).state().scalars)
    with pytest.raises(CorruptModel, match="one step per column"):
        ArrowPreparer().restore(ModelState(scalars=scalars | {"steps": [*scalars["steps"], *scalars["steps"]]}))


def test_a_table_of_another_kind_is_a_mistake_in_the_program() -> None:
    with pytest.raises(TypeError, match="expected an ArrowTable"):
        learned(object())  # type: ignore[arg-type]


@settings(max_examples=60)
@given(
    st.lists(st.one_of(st.floats(), st.none()), min_size=2, max_size=12),
    st.lists(st.one_of(st.floats(), st.none()), min_size=1, max_size=12),
    st.sampled_from(["float32", "float64"]),
    st.booleans(),
)
def test_any_floats_give_a_finite_matrix_row_by_row(
    training: list[float | None], rows: list[float | None], dtype: str, scale: bool
) -> None:
    anchor = {"anchor": np.arange(len(training)) * 0.5}
    preparation = learned(table_of(anchor | {"x": pa.array(training, pa.float64())}), dtype=dtype, scale=scale)
    table = table_of({"anchor": np.zeros(len(rows)), "x": pa.array(rows, pa.float64())})
    matrix = preparation.matrix(table).values
    assert np.isfinite(matrix).all()
    for row in range(len(rows)):
        assert preparation.matrix(table.take([row])).values.tobytes() == matrix[row].tobytes()


@settings(max_examples=60)
@given(st.lists(st.one_of(st.text(max_size=6), st.none()), min_size=1, max_size=15), st.sampled_from(list(ColumnKind)))
def test_any_text_can_be_scored_against_any_kind_or_is_refused_by_name(
    cells: list[str | None], kind: ColumnKind
) -> None:
    training = mixed()
    names = {
        ColumnKind.NUMBER_TEXT: "price",
        ColumnKind.BOOLEAN: "paid",
        ColumnKind.TIME: "when",
        ColumnKind.TEXT: "note",
    }
    name = names.get(kind, "country")
    preparation = learned(table_of({name: training[name], "anchor": np.arange(N) * 0.5}))
    table = table_of({name: pa.array(cells, pa.string()), "anchor": np.zeros(len(cells))})
    refusal = ""
    try:
        matrix = preparation.matrix(table).values
    except ColumnMismatch as mismatch:
        refusal = str(mismatch)
    if refusal:
        assert f"column '{name}' should hold" in refusal
        return
    assert np.isfinite(matrix).all()
    for row in range(len(cells)):
        assert preparation.matrix(table.take([row])).values.tobytes() == matrix[row].tobytes()
