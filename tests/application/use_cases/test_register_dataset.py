import pytest

from pynomaly.application.use_cases.register_dataset import ATTEMPTS, RegisterDataset
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.errors import AlreadyExists, ColumnMismatch, InvalidRequest, Unavailable, UnreadableFile
from pynomaly.infrastructure.data.table_reader import TableReader
from pynomaly.infrastructure.intake.in_process import InProcessIntake
from tests.application.use_cases.orders import orders, register
from tests.application.use_cases.told import ALL, events_of


def test_rows_are_kept_under_a_name_with_what_their_columns_mean(workspace) -> None:
    roles, kinds = {"is_late": ColumnRole.LABEL}, {"weight": ColumnKind.CATEGORY}
    made = register(workspace, roles=roles, kinds=kinds)
    assert (made.name, made.n_rows, made.source, made.label) == ("orders", 120, "orders.csv", "is_late")
    assert workspace.queries.dataset("orders") == made
    assert workspace.queries.dataset_rows("orders").n_rows == 120
    (entry,) = workspace.queries.audit_page(ALL).items
    assert (entry.type, entry.payload) == ("DatasetRegistered", {"dataset_id": made.id, "n_rows": 120})


def test_what_is_left_out_is_noted(workspace) -> None:
    table = orders().append_column("id", [[f"k{row}" for row in range(120)]])
    _, notes = workspace.register_dataset(source=table, name="orders", source_name="")
    assert any("'id'" in note for note in notes)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": ""}, InvalidRequest),
        ({"name": "taken"}, AlreadyExists),
        ({"source": "no such file.csv"}, UnreadableFile),
        ({"roles": {"unknown": ColumnRole.LABEL}}, ColumnMismatch),
    ],
    ids=["name", "taken", "source", "column"],
)
def test_what_cannot_be_taken_in_leaves_nothing(workspace, change, error) -> None:
    register(workspace, "taken")
    with pytest.raises(error):
        workspace.register_dataset(**({"source": orders(), "name": "orders", "source_name": ""} | change))
    assert [kept.name for kept in workspace.queries.datasets()] == ["taken"]


def test_a_taken_name_is_noticed_before_any_row_is_read(workspace) -> None:
    register(workspace)
    with pytest.raises(AlreadyExists):
        workspace.register_dataset(source="no such file.csv", name="orders", source_name="")


def test_equal_rows_are_stored_once(workspace, tmp_path) -> None:
    assert register(workspace, "one").fingerprint == register(workspace, "two").fingerprint
    assert len(list((tmp_path / "home" / "tables").iterdir())) == 1


class Vanishing:
    """A store whose rows somebody discards `n_times` between being kept and being registered."""

    def __init__(self, tables, n_times):
        self.tables, self.n_times = tables, n_times

    def __getattr__(self, name):
        return getattr(self.tables, name)

    def holds(self, fingerprint):
        self.n_times -= 1
        return self.n_times < 0 and self.tables.holds(fingerprint)


@pytest.mark.parametrize("n_times", [0, 1, ATTEMPTS - 1, ATTEMPTS])
def test_rows_that_somebody_discards_meanwhile_are_taken_in_again(transactions, tables, n_times) -> None:
    vanishing = Vanishing(tables, n_times)
    begin, begin_reading = transactions.begin, transactions.begin_reading
    intake = InProcessIntake(TableReader(), tables)
    register_dataset = RegisterDataset(intake, vanishing, begin, begin_reading, transactions.clock, transactions.new_id)
    question = {"source": orders(), "name": "orders", "source_name": ""}
    if n_times < ATTEMPTS:
        register_dataset(**question)
        assert len(events_of(transactions)) == 1
    else:
        with pytest.raises(Unavailable, match="deleted again and again"):
            register_dataset(**question)
        assert events_of(transactions) == []
