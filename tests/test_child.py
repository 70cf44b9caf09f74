"""Tasks as the program runs them: in processes of their own, by name, with plain JSON."""

from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from pynomaly.assembly.reading import reading_nursery, take_in, unfold
from pynomaly.assembly.workspace import table_store
from pynomaly.domain.columns import ColumnKind
from pynomaly.domain.errors import ColumnMismatch, EmptyDataset
from pynomaly.infrastructure.intake.in_child import InChildIntake

ROWS = b"speed,code\n1.5,7\n2.5,8\n4.0,7\n"


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.write_bytes(ROWS)
    return path


def test_a_file_is_taken_in_elsewhere_and_its_rows_are_here(tmp_path: Path, upload: Path) -> None:
    intake = InChildIntake(partial(take_in, reading_nursery()), tmp_path / "tables")
    taken = intake.take_in(upload, name="orders.csv", roles={}, kinds={"code": ColumnKind.CATEGORY})
    assert [column.kind for column in taken.columns] == [ColumnKind.NUMBER, ColumnKind.CATEGORY]
    rows = table_store(tmp_path / "tables").open(taken.fingerprint, taken.columns, "orders")
    assert rows.cells("speed", [0, 1, 2]) == [1.5, 2.5, 4.0]


def test_what_is_wrong_is_said_here_as_it_would_be_there(tmp_path: Path, upload: Path) -> None:
    intake = InChildIntake(partial(take_in, reading_nursery()), tmp_path / "tables")
    with pytest.raises(ColumnMismatch, match=r"'cod' is not in orders\.csv; did you mean 'code'"):
        intake.take_in(upload, name="orders.csv", roles={}, kinds={"cod": ColumnKind.CATEGORY})
    upload.write_bytes(b"")
    with pytest.raises(EmptyDataset, match=r"'orders\.csv' is empty"):
        intake.take_in(upload, name="orders.csv", roles={}, kinds={})


def test_a_file_is_unfolded_to_an_arrow_stream(upload: Path) -> None:
    table = pa.ipc.open_stream(unfold(reading_nursery(), upload)).read_all()
    assert table.to_pydict() == {"speed": [1.5, 2.5, 4.0], "code": [7, 8, 7]}
    assert [path.name for path in upload.parent.iterdir()] == ["spool"]
