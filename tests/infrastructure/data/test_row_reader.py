import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.application.ports.tables import RowReader as Port
from pynomaly.application.ports.tables import Table
from pynomaly.domain.columns import ColumnKind
from pynomaly.domain.errors import InvalidData
from pynomaly.infrastructure.data.row_reader import RowReader

READER = RowReader()


def test_the_port_is_implemented() -> None:
    reader: Port = READER
    table: Table = reader.of_cells(("a",), [[1.0]])
    assert table.n_rows == 1


def test_cells_become_columns_of_the_type_they_share() -> None:
    table = READER.of_cells(
        ("whole", "number", "yes", "word", "nothing", "mixed"),
        [[1, None], [1, 2.5], [True, None], ["a", "b"], [None, None], [1, "b"]],
    )
    assert [str(field.type) for field in table.data.schema] == ["int64", "double", "bool", "string", "null", "string"]
    assert [column.kind for column in table.columns] == [
        ColumnKind.NUMBER,
        ColumnKind.NUMBER,
        ColumnKind.BOOLEAN,
        ColumnKind.TEXT,
        ColumnKind.NUMBER,
        ColumnKind.TEXT,
    ]
    assert table.notes == ("Column 'mixed' mixes types of value; it was read as text.",)


def test_columns_of_times_are_told_by_their_type() -> None:
    table = READER.of_arrow(
        _stream(pa.table({"when": pa.array([0], pa.timestamp("us")), "took": pa.array([1], "duration[s]")}))
    )
    assert [column.kind for column in table.columns] == [ColumnKind.TIME, ColumnKind.NUMBER]


def test_rows_of_numbers_become_the_table_their_cells_would_have_become() -> None:
    rows = NumberRows(
        ("whole", "number", "nothing"),
        np.array([[2**53, 0.5, np.nan], [np.nan, 2.0, np.nan]]),
        np.array([True, False, False]),
    )
    of_cells = READER.of_cells(rows.columns, [[2**53, None], [0.5, 2.0], [None, None]])
    assert READER.of_numbers(rows).data.equals(of_cells.data)


def test_an_absurd_time_is_a_strange_row_and_no_failure() -> None:
    table = READER.of_arrow(_stream(pa.table({"day": pa.array([2**31 - 1], pa.date32())})))
    assert table.n_rows == 1


def test_names_and_values_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(InvalidData, match=r"2 column names for an array of shape \(1, 3\)"):
        NumberRows(("a", "b"), np.zeros((1, 3)), np.zeros(3, dtype=bool))


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()
