import pyarrow as pa
import pytest

from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.errors import ColumnMismatch, EmptyDataset, InvalidLabels, NotFound
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.raw_table import RawTable


@pytest.fixture
def table() -> ArrowTable:
    data = pa.table({"amount": [1.5, 2.5, None], "country": ["ch", "CH", "it"], "kind": ["a", "b", "c"]})
    return ArrowTable.from_raw(RawTable(data, notes=("two lines were skipped",)), name="sales.csv")


def test_rows_columns_and_notes_are_those_of_the_source(table: ArrowTable) -> None:
    assert table.n_rows == 3
    assert [column.name for column in table.columns] == ["amount", "country", "kind"]
    assert table.notes == ("two lines were skipped",)


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(EmptyDataset, match=r"sales\.csv has column names but no rows"):
        ArrowTable.from_raw(RawTable(pa.table({"a": pa.array([], pa.int64())})), name="sales.csv")


def test_a_table_without_columns_is_refused() -> None:
    with pytest.raises(EmptyDataset, match="no columns"):
        ArrowTable.from_raw(RawTable(pa.table({})), name="sales.csv")


def test_cells_come_as_they_are(table: ArrowTable) -> None:
    assert table.cells("amount", [2, 0]) == [None, 1.5]


def test_an_unknown_column_is_not_found_but_guessed(table: ArrowTable) -> None:
    with pytest.raises(NotFound, match="did you mean 'amount'"):
        table.cells("amonut", [0])


def test_taken_rows_keep_their_description(table: ArrowTable) -> None:
    taken = table.take([2, 2])
    assert taken.columns == table.columns
    assert taken.cells("country", range(taken.n_rows)) == ["it", "it"]


def test_roles_and_kinds_can_be_overridden(table: ArrowTable) -> None:
    described = table.describe(
        roles={"amount": ColumnRole.IGNORED}, kinds={"country": ColumnKind.TEXT, "kind": ColumnKind.IDENTIFIER}
    )
    assert [(column.kind.value, column.role.value) for column in described.columns] == [
        ("number", "ignored"),
        ("text", "feature"),
        ("identifier", "identifier"),
    ]
    assert table.columns[0].role is ColumnRole.FEATURE


def test_another_time_axis_replaces_the_first() -> None:
    hours = pa.array([0, 1, 2], pa.timestamp("s"))
    table = ArrowTable.from_raw(RawTable(pa.table({"start": hours, "end": hours})), name="t")
    assert [column.role.value for column in table.columns] == ["time", "feature"]
    described = table.describe(roles={"end": ColumnRole.TIME}, kinds={})
    assert [column.role.value for column in described.columns] == ["feature", "time"]


def test_a_column_of_bytes_called_label_is_no_label() -> None:
    table = ArrowTable.from_raw(RawTable(pa.table({"label": [b"a", b"b"]})), name="t")
    assert table.columns[0].role is ColumnRole.IGNORED


def test_a_chosen_label_column_notes_how_it_is_read(table: ArrowTable) -> None:
    described = table.describe(roles={"country": ColumnRole.LABEL, "kind": ColumnRole.LABEL}, kinds={})
    assert described.columns[1].note == "the rarer value 'it' is read as the anomaly"
    assert described.columns[2].note == ""
    assert described.binary_labels("country") == [False, False, True]
    with pytest.raises(InvalidLabels, match="column 'kind' holds 3 different values"):
        described.binary_labels("kind")


def test_an_override_of_an_unknown_column_is_refused(table: ArrowTable) -> None:
    with pytest.raises(ColumnMismatch, match=r"column 'amonut' is not in sales\.csv; did you mean 'amount'"):
        table.describe(roles={"amonut": ColumnRole.IGNORED}, kinds={})


def test_unusual_arrow_layouts_are_made_familiar() -> None:
    data = pa.table(
        {
            "view": pa.array(["a", "b", "a"], pa.string_view()),
            "half": pa.array([0.5, 1.5, 2.5], pa.float16()),
            "coded": pa.array([1, 2, 2]).dictionary_encode(),
            "taken": pa.array([b"0" * 16] * 3, pa.uuid()),
        }
    )
    table = ArrowTable.from_raw(RawTable(data), name="t")
    assert table.cells("view", [0, 1]) == ["a", "b"]
    assert table.cells("half", [1]) == [1.5]
    assert [column.kind.value for column in table.columns] == ["category", "number", "number", "nested"]


def test_the_fingerprint_ignores_roles(table: ArrowTable) -> None:
    described = table.describe(roles={"amount": ColumnRole.IGNORED}, kinds={})
    assert described.fingerprint() == table.fingerprint()
