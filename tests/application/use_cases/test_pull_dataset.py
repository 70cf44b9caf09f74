"""Rows of a source become a dataset, and a detection on them can be repeated to the bit."""

import pyarrow as pa
import pytest

from pynomaly.application.ports.opened_source import Wanted
from pynomaly.bootstrap import build
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.errors import (
    AlreadyExists,
    ColumnMismatch,
    EmptyDataset,
    InvalidRequest,
    RemoteRefused,
    RemoteUnavailable,
)
from pynomaly.infrastructure.settings import Settings
from tests.fakes.sources import N_ROWS, PASSWORD, SHOP, WRONG_PASSWORD, FakeSources, rows_of
from tests.infrastructure.persistence.examples import ready_workspace

ENTRIES = {"table": "entries"}


@pytest.fixture
def sources():
    return FakeSources()


@pytest.fixture
def home(tmp_path):
    ready_workspace(tmp_path / "home").close()
    return tmp_path / "home"


@pytest.fixture
def workspace(home, sources):
    settings = Settings(home=home, threads=None, origins={}, source_seconds=60, source_rows=1000, source_mb=7)
    opened = build(settings, sources=sources).open_workspace()
    opened.create_source(name="shop", kind="postgresql", settings=SHOP, secrets={"password": PASSWORD})
    opened.create_source(name="ledger", kind="sqlite", settings={"path": "a.db"}, secrets={})
    return opened


@pytest.fixture
def pull(workspace):
    def one(source="shop", selection=ENTRIES, **question):
        return workspace.pull_dataset(source=workspace.open_source(source=source), selection=selection, **question)

    return one


def test_rows_are_kept_under_a_name_with_where_they_came_from(workspace, pull, sources) -> None:
    dataset, notes = pull(name="entries", roles={"entry": ColumnRole.IDENTIFIER}, kinds={"speed": ColumnKind.NUMBER})
    assert workspace.queries.dataset("entries") == dataset
    assert (dataset.n_rows, dataset.source) == (N_ROWS, "postgresql:shop entries")
    assert [column.name for column in dataset.columns] == ["entry", "amount", "speed", "device"]
    assert notes[0] == "one column was left out: it holds pictures"
    assert workspace.queries.dataset_rows("entries").cells("entry", [0]) == ["E-00000"]
    assert sources.opened[-1] == SHOP | {"port": 5432, "password": PASSWORD}
    assert (sources.bounds[-1].seconds, sources.bounds[-1].rows, sources.bounds[-1].n_bytes) == (
        60.0,
        1000,
        7 * 1024**2,
    )


def test_the_same_rows_have_the_fingerprint_they_have_as_a_file(workspace, pull) -> None:
    pulled, _ = pull(name="pulled")
    loaded, _ = workspace.register_dataset(source=rows_of("entries"), name="loaded", source_name="memory")
    assert pulled.fingerprint == loaded.fingerprint
    assert pulled.columns == loaded.columns


def test_without_a_name_a_dataset_is_called_after_source_and_time(pull) -> None:
    first, _ = pull("ledger")
    second, _ = pull("ledger", {"query": "SELECT 1"})
    assert first.name.startswith("ledger 20")
    assert second.name != first.name
    assert second.source == "sqlite:ledger SELECT 1"


def test_nothing_is_left_of_what_was_read_on_the_way(home, pull) -> None:
    dataset, _ = pull()
    assert [path.name for path in (home / "tables").iterdir()] == [dataset.fingerprint]
    with pytest.raises(RemoteRefused):
        pull(selection={"table": "gone"})
    assert [path.name for path in (home / "tables").iterdir()] == [dataset.fingerprint]


def test_a_taken_name_is_refused_before_anything_is_read(pull, sources) -> None:
    pull(name="entries")
    n_before = len(sources.opened)
    with pytest.raises(AlreadyExists, match="'entries' already"):
        pull(name="entries")
    assert len(sources.opened) == n_before


@pytest.mark.parametrize(
    ("selection", "error", "reason"),
    [
        ({"table": "gone"}, RemoteRefused, 'relation "gone" does not exist'),
        ({"table": "away"}, RemoteUnavailable, "the server closed the connection"),
        ({"tabel": "entries"}, InvalidRequest, "did you mean 'table'"),
    ],
)
def test_what_goes_wrong_is_said_exactly_and_nothing_is_kept(workspace, pull, selection, error, reason) -> None:
    with pytest.raises(error, match=reason):
        pull(selection=selection)
    assert workspace.queries.datasets() == []


def test_columns_that_are_not_there_and_rows_that_are_not_there_are_told(pull, sources) -> None:
    with pytest.raises(ColumnMismatch, match="'amonut' is not in shop; did you mean 'amount'"):
        pull(roles={"amonut": ColumnRole.IGNORED})
    sources.data = lambda _: pa.table({"a": pa.array([], pa.int64())})
    with pytest.raises(EmptyDataset, match="shop has column names but no rows"):
        pull()


def test_no_error_repeats_a_credential(workspace, pull) -> None:
    workspace.change_source(source="shop", secrets={"password": WRONG_PASSWORD})
    with pytest.raises(RemoteRefused, match=r"^FATAL: the password '\(hidden\)' is wrong for reader$"):
        pull()
    with pytest.raises(RemoteRefused) as refused:
        workspace.check_source(source="shop")
    assert WRONG_PASSWORD not in str(refused.value)


def test_a_source_can_be_tested(workspace) -> None:
    assert workspace.check_source(source="shop") == "PostgreSQL 15.0, 3 tables"


@pytest.fixture
def detector(workspace, pull):
    dataset, _ = pull(name="history", roles={"entry": ColumnRole.IDENTIFIER})
    workspace.create_detector(name="watch", algorithm="isolation_forest", parameters={"n_trees": 20})
    return workspace.train_detector(detector="watch", dataset=dataset.id)


def test_a_detection_on_a_source_is_repeated_to_the_bit_on_its_snapshot(workspace, detector, sources) -> None:
    wanted = Wanted(workspace.open_source(source="shop"), {"table": "today"}, {"entry": ColumnRole.IDENTIFIER})
    look = workspace.detect_anomalies(detector=detector.id, wanted=wanted)
    snapshot = workspace.queries.dataset(look.detection.dataset_id)
    assert look.detection.fingerprint == snapshot.fingerprint == _fingerprint(workspace, "today")
    assert (snapshot.source, look.detection.source) == ("postgresql:shop today", snapshot.name)
    assert {anomaly.identifier for anomaly in look.detection.strangest[:2]} == {"E-00007", "E-00099"}
    sources.data = lambda table: rows_of(table + "!")  # the source moves on
    again = workspace.detect_anomalies(detector=detector.id, dataset=snapshot.id)
    assert again.detection.scores == look.detection.scores  # the digest of every score
    assert again.detection.strangest == look.detection.strangest
    later = workspace.detect_anomalies(detector=detector.id, wanted=wanted)
    assert later.detection.fingerprint != look.detection.fingerprint
    assert later.detection.scores != look.detection.scores


def _fingerprint(workspace, table):
    found, _ = workspace.register_dataset(source=rows_of(table), name=f"copy of {table}", source_name="memory")
    return found.fingerprint


def test_a_detection_that_fails_leaves_no_snapshot(workspace, detector, sources) -> None:
    before = workspace.queries.datasets()
    sources.data = lambda table: rows_of(table).drop_columns(["amount"])
    wanted = Wanted(workspace.open_source(source="shop"), ENTRIES)
    with pytest.raises(ColumnMismatch, match="column 'amount' missing"):
        workspace.detect_anomalies(detector=detector.id, wanted=wanted)
    assert workspace.queries.datasets() == before
