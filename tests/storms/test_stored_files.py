import shutil

import numpy as np
import pytest

from pynomaly.bootstrap import build
from pynomaly.infrastructure.settings import load_settings
from tests.storms.stored_files import faults_in_files, n_unfinished


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A home with a table, a model and a result."""
    home = tmp_path_factory.mktemp("home")
    file = home / "rows.csv"
    np.savetxt(file, np.random.default_rng(0).normal(size=(100, 2)), delimiter=",", header="a,b", comments="")
    workspace = build(load_settings({"PYNOMALY_HOME": str(home)}, home)).open_workspace()
    rows, _ = workspace.register_dataset(source=str(file), name="rows", source_name="rows")
    workspace.create_detector(name="d", algorithm="ecod")
    model = workspace.train_detector(detector="d", dataset="rows").version(None).model
    scores = workspace.detect_anomalies(detector="d", dataset="rows").detection.scores
    return home, {"models": {model}, "scores": {scores}, "tables": {rows.fingerprint}}


@pytest.fixture
def home(original, tmp_path):
    return shutil.copytree(original[0], tmp_path / "home")


def test_whole_files_have_no_fault(home, original) -> None:
    assert faults_in_files(home, **original[1]) == []
    assert n_unfinished(home) == 0


@pytest.mark.parametrize(
    "pattern", ["models/*/manifest.json", "models/*/arrays.safetensors", "scores/*.arrow", "tables/*/rows.arrow"]
)
def test_half_a_file_is_a_fault(home, original, pattern) -> None:
    (file,) = home.glob(pattern)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert len(faults_in_files(home, **original[1])) == 1


@pytest.mark.parametrize("kind", ["models", "scores", "tables"])
def test_a_file_that_the_database_refers_to_has_to_be_there(home, original, kind) -> None:
    shutil.rmtree(home / kind)
    (fault,) = faults_in_files(home, **original[1])
    assert fault.startswith(f"{kind}: ")
    assert fault.endswith(" is missing")


def test_leftovers_are_counted(home) -> None:
    (home / "models" / ".0123.unfinished").mkdir()
    assert n_unfinished(home) == 1
