"""What a crash or a removal leaves behind goes; what anything refers to, or may refer to in a moment, stays."""

import os
from pathlib import Path

import pytest

from pynomaly.domain.errors import AlreadyExists
from tests.application.use_cases.orders import register, trained

GRACE = 3600.0


def _stored(home: Path) -> dict[str, int]:
    return {kind: len(list((home / kind).glob("[0-9a-f]*"))) for kind in ("tables", "models", "scores")}


def _aged(home: Path) -> None:
    """Make everything that is stored a day old."""
    for kind in ("tables", "models", "scores"):
        for path in (home / kind).glob("*"):
            os.utime(path, (path.stat().st_mtime - 86400.0,) * 2)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def busy(workspace):
    """A workspace with a dataset, a detector of two versions and a detection."""
    trained(workspace)
    workspace.train_detector(detector="Fraud", dataset="orders", seed=7)
    workspace.detect_anomalies(detector="Fraud", dataset="orders")
    return workspace


def test_whatever_is_referred_to_stays_however_old(busy, home) -> None:
    before = _stored(home)
    _aged(home)
    assert busy.discard_unused_files(grace_seconds=GRACE) == 0
    assert _stored(home) == before
    detection = busy.detect_anomalies(detector="Fraud", dataset="orders").detection
    assert busy.explain_row(detection=detection.id, row=3)


def test_models_that_no_version_refers_to_go_after_the_grace(busy, home) -> None:
    n_models = _stored(home)["models"]
    busy.remove_detector(detector="Fraud")
    assert busy.discard_unused_files(grace_seconds=GRACE) == 0
    _aged(home)
    assert busy.discard_unused_files(grace_seconds=GRACE) == n_models
    assert _stored(home) == {"tables": 1, "models": 0, "scores": 1}


def test_rows_whose_name_was_taken_by_somebody_faster_go(workspace, home) -> None:
    register(workspace)
    (home / "tables" / ("f" * 64)).mkdir()
    _aged(home)
    assert workspace.discard_unused_files(grace_seconds=GRACE) == 1
    with pytest.raises(AlreadyExists):
        register(workspace)
    assert workspace.queries.dataset_rows("orders").n_rows == 120


def test_what_was_stored_anew_a_moment_ago_stays_though_nothing_refers_to_it_yet(busy, home) -> None:
    model = next((home / "models").glob("[0-9a-f]*"))
    busy.remove_detector(detector="Fraud")
    _aged(home)
    os.utime(model)
    busy.discard_unused_files(grace_seconds=GRACE)
    assert list((home / "models").glob("[0-9a-f]*")) == [model]


def test_files_of_others_are_not_touched(workspace, home) -> None:
    register(workspace)
    (home / "tables" / "notes.txt").write_text("mine")
    _aged(home)
    assert workspace.discard_unused_files(grace_seconds=GRACE) == 0
    assert (home / "tables" / "notes.txt").read_text() == "mine"
