import numpy as np
import pandas as pd
import pyarrow as pa

from pynomaly.infrastructure.data.formats.typed_columns import plain_table


def plain(column: pa.Array) -> pa.ChunkedArray:
    return plain_table(pa.table({"x": column})).data.column("x")


def test_dictionaries_and_run_lengths_are_decoded() -> None:
    words = pa.array(["a", None, "a"])
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array([1.5, 2.5]))
    assert plain(words.dictionary_encode()).to_pylist() == ["a", None, "a"]
    assert plain(runs).to_pylist() == [1.5, 1.5, 2.5]


def test_extension_types_become_their_storage() -> None:
    assert plain(pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], pa.int8()))).type == pa.int8()


def test_short_and_long_text_lose_the_same_words() -> None:
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        assert plain(pa.array(["a", "NA"], kind)).to_pylist() == ["a", None]


def test_times_lists_and_bytes_stay_as_they_are() -> None:
    for column in (
        pa.array([1], pa.timestamp("ns", "UTC")),
        pa.array([[1]]),
        pa.array([b"x"]),
        pa.array([1], pa.uint64()),
    ):
        assert plain(column).type == column.type


def test_an_unnamed_index_is_left_out_and_a_named_one_is_kept() -> None:
    frame = pd.DataFrame({"x": np.arange(4.0)})
    raw = plain_table(pa.table(frame.iloc[[0, 3, 1]]))
    assert raw.data.column_names == ["x"]
    assert "index" in raw.notes[0]
    named = frame.set_index(pd.Index(list("abcd"), name="sensor"))
    assert plain_table(pa.table(named)).data.column_names == ["x", "sensor"]
