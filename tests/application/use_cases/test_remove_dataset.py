from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import KeyClaim, Reply, RequestKey
from pynomaly.application.use_cases.remove_dataset import RemoveDataset
from pynomaly.domain.errors import NotFound, StaleWrite
from tests.application.use_cases.orders import register, trained
from tests.application.use_cases.told import ALL, events_of
from tests.infrastructure.persistence.examples import dataset


def _files(tmp_path):
    return list((tmp_path / "home" / "tables").iterdir())


def test_a_removed_dataset_is_gone_with_its_rows_and_told(workspace, tmp_path) -> None:
    made = register(workspace)
    assert workspace.remove_dataset(dataset="orders", revision=0) == made
    assert (workspace.queries.datasets(), _files(tmp_path)) == ([], [])
    assert workspace.queries.audit_page(ALL).items[-1].type == "DatasetRemoved"


def test_rows_that_another_dataset_shares_stay(workspace, tmp_path) -> None:
    register(workspace, "one")
    register(workspace, "two")
    workspace.remove_dataset(dataset="one")
    assert workspace.queries.dataset_rows("two").n_rows == 120
    workspace.remove_dataset(dataset="two")
    assert _files(tmp_path) == []


def test_what_learned_from_it_stays(workspace) -> None:
    trained(workspace)
    workspace.remove_dataset(dataset="orders")
    register(workspace, "again")
    assert workspace.detect_anomalies(detector="Fraud", dataset="again").detection.n_rows == 120


def test_a_dataset_that_was_changed_since_it_was_seen_stays(workspace) -> None:
    register(workspace)
    workspace.change_dataset(dataset="orders", name="renamed")
    with pytest.raises(StaleWrite):
        workspace.remove_dataset(dataset="renamed", revision=0)
    with pytest.raises(NotFound):
        workspace.remove_dataset(dataset="orders")
    assert len(workspace.queries.datasets()) == 1


class Broken:
    """A store that cannot discard."""

    def discard(self, fingerprint):
        raise OSError(5, "input/output error")


def test_a_crash_before_the_rows_are_discarded_leaves_a_file_too_many_and_no_dataset_without_rows(transactions) -> None:
    with transactions.begin() as work:
        work.datasets.add(dataset())
        work.commit()
    with pytest.raises(OSError, match="input/output"):
        RemoveDataset(transactions.begin, transactions.begin, Broken())(dataset="cards")
    assert [name for name, _ in events_of(transactions)] == ["DatasetRemoved"]


def test_rows_are_discarded_though_the_request_was_concluded_before(transactions) -> None:
    claim = KeyClaim(RequestKey("user:ada", "DELETE", "k"), "t", lambda _: Reply(204, (), b""))
    with transactions.begin() as work:
        work.datasets.add(dataset())
        work.request_keys.reserve(claim, digest="d")
        work.commit()
    claimed, discarded = replace(transactions, asked=replace(transactions.asked, claim=claim)), []

    class Tables:
        def discard(self, fingerprint):
            discarded.append(fingerprint)

    RemoveDataset(claimed.begin, transactions.begin, Tables())(dataset="cards")
    assert discarded == [dataset().fingerprint]
    with transactions.begin() as work:
        assert work.request_keys.reserve(replace(claim, token="u"), digest="d").status == 204
