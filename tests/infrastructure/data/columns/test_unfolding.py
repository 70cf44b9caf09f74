import struct

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.columns.unfolding import _items, _unfolded_bytes, refuse_unfolding

WORDS = st.lists(st.none() | st.text(max_size=5), min_size=1, max_size=20)


def text_bytes(words: list[str | None]) -> int:
    return sum(len(word.encode()) for word in words if word is not None)


@given(words=WORDS, start=st.integers(0, 5))
def test_the_size_of_words_kept_once_is_what_they_are_written_out(words: list[str | None], start: int) -> None:
    for kind in (pa.string(), pa.large_string()):
        folded = pa.array(words, kind).dictionary_encode()
        assert _unfolded_bytes(folded) == text_bytes(words)
        assert _unfolded_bytes(folded.slice(start)) == text_bytes(words[start:])
    views = pa.array(words, pa.string_view())
    assert _unfolded_bytes(views.slice(start)) == text_bytes(words[start:])


def test_the_size_of_runs_is_what_they_are_written_out() -> None:
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([3, 5], pa.int32()), pa.array(["ab", "c"]))
    assert _unfolded_bytes(runs) == 3 * 2 + 2


def test_plain_columns_take_what_they_take() -> None:
    for cells in (pa.array([1.5]), pa.array(["abc"]), pa.array([{"a": 1}]), pa.nulls(10**6)):
        assert _unfolded_bytes(cells) == 0


def test_lists_are_counted_by_what_is_in_them() -> None:
    assert _items(pa.array([[1, 2], None, [], [3]])) == 3
    offsets, sizes = pa.array([0, 0], pa.int32()), pa.array([3, 2], pa.int32())
    assert _items(pa.ListViewArray.from_arrays(offsets, sizes, pa.array([1, 2, 3]))) == 5


def test_an_honest_table_passes() -> None:
    folded = pa.array(["north", "south", None] * 1000).dictionary_encode()
    refuse_unfolding(pa.table({"site": folded, "n": range(3000)}), "x.arrow")


def test_what_would_fill_the_memory_is_refused_by_name() -> None:
    zeros = pa.Array.from_buffers(pa.int32(), 3000, [None, pa.py_buffer(bytes(12_000))])
    words = pa.DictionaryArray.from_arrays(zeros, pa.array(["x" * 1024**2]))
    with pytest.raises(UnreadableFile, match=r"'x\.arrow' repeats words until they fill 3145728000 bytes"):
        refuse_unfolding(pa.table({"word": words}), "x.arrow")
    sizes = pa.array(memoryview(struct.pack("<i", 100_000) * 3000).cast("i"))
    lists = pa.ListViewArray.from_arrays(zeros, sizes, pa.nulls(100_000, pa.int8()))
    with pytest.raises(UnreadableFile, match="lists of 300000000 values"):
        refuse_unfolding(pa.table({"list": lists}), "x.arrow")
