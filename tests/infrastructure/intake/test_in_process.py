from pathlib import Path

import pyarrow as pa
import pytest

from pynomaly.assembly.workspace import table_store
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.errors import ColumnMismatch
from pynomaly.infrastructure.data.table_reader import TableReader
from pynomaly.infrastructure.intake.in_process import InProcessIntake

ROWS = pa.table({"speed": [1.5, 2.5, 4.0], "code": [7, 8, 7]})


def test_rows_are_kept_where_their_fingerprint_finds_them(tmp_path: Path) -> None:
    store = table_store(tmp_path)
    taken = InProcessIntake(TableReader(), store).take_in(ROWS, name="x", roles={}, kinds={})
    assert taken.n_rows == 3
    assert store.open(taken.fingerprint, taken.columns, "x").cells("speed", [0, 2]) == [1.5, 4.0]


def test_columns_mean_what_was_said(tmp_path: Path) -> None:
    intake = InProcessIntake(TableReader(), table_store(tmp_path))
    kinds, roles = {"code": ColumnKind.CATEGORY}, {"speed": ColumnRole.IGNORED}
    speed, code = intake.take_in(ROWS, name="x", roles=roles, kinds=kinds).columns
    assert (speed.role, code.kind) == (ColumnRole.IGNORED, ColumnKind.CATEGORY)
    with pytest.raises(ColumnMismatch, match="'cod' is not in"):
        intake.take_in(ROWS, name="x", roles={}, kinds={"cod": ColumnKind.CATEGORY})
