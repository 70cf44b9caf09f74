import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from pynomaly.domain.errors import InvalidData
from pynomaly.infrastructure.data.formats.memory_reader import read_object

EXPECTED = {"x": [1.5, 2.5], "site": ["a", "b"]}


@pytest.mark.parametrize(
    "frame",
    [pd.DataFrame(EXPECTED), pl.DataFrame(EXPECTED), pa.table(EXPECTED), pa.RecordBatch.from_pydict(EXPECTED)],
    ids=["pandas", "polars", "arrow table", "record batch"],
)
def test_every_data_frame_gives_the_same_table(frame: object) -> None:
    assert read_object(frame).data.to_pydict() == EXPECTED


def test_a_stream_of_batches_is_read_to_its_end() -> None:
    table = pa.table(EXPECTED)
    assert read_object(table.to_reader(max_chunksize=1)).data.to_pydict() == EXPECTED


def test_categories_of_a_data_frame_are_decoded() -> None:
    frame = pd.DataFrame({"c": pd.Categorical(["x", None, "y"])})
    assert read_object(frame).data.column("c").to_pylist() == ["x", None, "y"]


def test_an_array_has_a_name_per_column() -> None:
    raw = read_object(np.array([[1.0, np.nan], [3.0, 4.0]], dtype=np.float32))
    assert raw.data.column_names == ["f0", "f1"]
    assert raw.data.column("f0").to_pylist() == [1.0, 3.0]


def test_a_one_dimensional_array_is_one_column() -> None:
    assert read_object(np.array([1, 2, 3])).data.to_pydict() == {"f0": [1, 2, 3]}


def test_arrays_in_any_order_and_read_only_give_the_same_table() -> None:
    array = np.arange(6.0).reshape(2, 3)
    strange = np.asfortranarray(array)[:, ::-1]
    strange.flags.writeable = False
    assert read_object(strange).data.to_pydict() == {"f0": [2.0, 5.0], "f1": [1.0, 4.0], "f2": [0.0, 3.0]}


def test_objects_and_text_in_an_array_are_read_by_column() -> None:
    raw = read_object(np.array([[1, "a"], [None, "b"]], dtype=object))
    assert raw.data.to_pydict() == {"f0": [1, None], "f1": ["a", "b"]}
    assert read_object(np.array([["a"], ["b"]])).data.to_pydict() == {"f0": ["a", "b"]}


def test_times_and_masked_cells_survive() -> None:
    times = np.array([["2024-01-01"], ["NaT"]], dtype="datetime64[ns]")
    assert read_object(times).data.column("f0").null_count == 1
    masked = np.ma.MaskedArray([[1.0], [2.0]], mask=[[False], [True]])
    assert read_object(masked).data.column("f0").to_pylist() == [1.0, None]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 2, 2)),
        np.array(5.0),
        np.zeros((2, 2), dtype=complex),
        np.zeros(3, dtype=[("a", float), ("b", int)]),
        np.array([[1], ["x"]], dtype=object),
        np.array([[object()]], dtype=object),
    ],
)
def test_an_array_that_is_no_table_is_refused(array: np.ndarray) -> None:
    with pytest.raises(InvalidData):
        read_object(array)


@pytest.mark.parametrize("thing", [5, None, [[1, 2]], {"a": [1]}, pl.Series([1, 2]), pd.Series([1, 2]), object()])
def test_other_objects_are_refused_by_type(thing: object) -> None:
    with pytest.raises(InvalidData, match=type(thing).__name__):
        read_object(thing)


def test_a_lazy_frame_is_refused_with_advice() -> None:
    with pytest.raises(InvalidData, match=r"call \.collect\(\) first"):
        read_object(pl.LazyFrame(EXPECTED))


def test_a_data_frame_with_repeated_names_or_mixed_columns_is_refused() -> None:
    with pytest.raises(InvalidData, match="DataFrame cannot be read as a table"):
        read_object(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(InvalidData, match="column a"):
        read_object(pd.DataFrame({"a": [1, "x", {}]}))


@pytest.mark.parametrize("kind", [">f8", ">f4", ">i4", "<u2", np.longdouble, ">M8[s]"])
def test_every_byte_order_and_precision_of_numbers_is_read(kind: str) -> None:
    array = np.array([[1], [2]]).astype(kind)
    column = read_object(array).data.column("f0")
    assert column.to_pylist() == array.astype(array.dtype.newbyteorder("="))[:, 0].tolist()


def test_a_single_series_is_refused_with_advice() -> None:
    with pytest.raises(InvalidData, match=r"call \.to_frame\(\) first"):
        read_object(pd.Series([1.0, 2.0]))


def test_categories_of_polars_are_read_as_their_words() -> None:
    frame = pl.DataFrame({"site": ["north", "south", None]}, schema={"site": pl.Categorical})
    assert read_object(frame).data.column("site").to_pylist() == ["north", "south", None]
