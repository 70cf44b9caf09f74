import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.formats.parquet_footer import columns_of_few_words, refuse_huge
from tests.infrastructure.intake.parquet_bombs import Claim, repeated_value


def footer_of(content: bytes) -> pq.FileMetaData:
    return pq.read_metadata(io.BytesIO(content))


def parquet_bytes(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def test_an_honest_file_passes_and_its_text_is_read_as_it_is() -> None:
    content = parquet_bytes(pa.table({"name": [f"person {i} of {i * 7919}" for i in range(5000)], "x": range(5000)}))
    refuse_huge("x.parquet", footer_of(content))
    assert columns_of_few_words(footer_of(content), len(content)) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (repeated_value(7, 600_000_000), "announces 600000000 rows of 1 columns"),
        (repeated_value(7, 1, n_columns=10_001), "has 10001 columns"),
        (repeated_value(7, 10, claim=Claim(n_rows=2**62)), "more than 250000000 cells"),
        (
            parquet_bytes(pa.table({"x": pa.array([b"x" * 20_000], pa.binary(20_000)).take([0] * 200_000)})),
            "fixed width",
        ),
    ],
)
def test_what_announces_too_much_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        refuse_huge("x.parquet", footer_of(content))


def test_text_of_a_file_that_must_repeat_itself_is_read_as_words() -> None:
    content = repeated_value(b"word", 100_000, n_columns=2)
    assert columns_of_few_words(footer_of(content), len(content)) == ["c0", "c1"]
    numbers = repeated_value(7, 100_000, n_columns=2)
    assert columns_of_few_words(footer_of(numbers), len(numbers)) == []
