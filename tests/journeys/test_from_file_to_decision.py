"""What a newcomer does, through the real command in real processes."""

import json
import os
import subprocess
import sys

import numpy as np
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from pynomaly import AnomalyDetector, open_workspace
from pynomaly.infrastructure.sample import write_sample


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def run(home, tmp_path):
    """Run the command in its own process and folder; return (exit code, standard output, standard error)."""

    def _run(*arguments, input=None):
        environment = {**os.environ, "PYNOMALY_HOME": str(home), "COLUMNS": "100", "PYNOMALY_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "pynomaly", *map(str, arguments)],
            capture_output=True,
            input=input,
            cwd=tmp_path,
            env=environment,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return _run


def test_load_create_train_detect_show_in_five_processes(run, sample, home, tmp_path):
    assert run("dataset", "load", sample, "--name", "tumours", "--id", "patient", "--label", "malignant")[0] == 0
    assert run("detector", "create", "Tumours", "--algorithm", "IsolationForest")[0] == 0
    assert run("detector", "train", "Tumours", "tumours")[0] == 0
    output = tmp_path / "results.parquet"
    code, _, errors = run("detect", "--detector-name", "Tumours", "--dataset-path", sample, "--output", output)
    assert code == 0, errors
    code, shown, _ = run("detection", "show", "last", "--json")
    assert code == 0
    assert json.loads(shown)["n_rows"] == 367

    again = open_workspace(home).detect_anomalies(detector="Tumours", source=sample, source_name=str(sample))
    results = pq.read_table(output)
    assert np.array_equal(results.column("score").to_numpy(), again.findings.scores)
    assert results.column("patient")[0].as_py() == "P001"
    assert results.column_names == ["row", "patient", "score", "severity", "p_value", "probability", "is_anomaly"]


def test_a_detector_trained_with_labels_takes_the_founding_threshold(run, sample, tmp_path):
    run("dataset", "load", sample, "--name", "tumours", "--label", "malignant", "--id", "patient")
    run("detector", "create", "--name", "Tumours", "--algorithm", "IsolationForest")
    run("detector", "train", "Tumours", "tumours")
    output = tmp_path / "results.csv"
    code, _, errors = run(
        "detect", "--detector-name", "Tumours", "--dataset-path", sample, "--threshold", "0.5", "--output", output
    )
    assert code == 0, errors
    results = pc.read_csv(output)
    flagged = results.column("is_anomaly").to_numpy(zero_copy_only=False)
    assert np.array_equal(flagged, results.column("probability").to_numpy() >= 0.5)
    assert 0 < flagged.sum() < 20


def test_one_look_at_a_file_says_what_is_strange_and_why(run, sample):
    code, out, _ = run("detect", sample, "--label", "malignant", "--id", "patient", "--budget", "10", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) >= {"dataset", "detector", "decision", "n_rows", "n_anomalies", "anomalies", "evaluation"}
    assert (found["n_rows"], found["n_anomalies"]) == (367, 10)
    first = found["anomalies"][0]
    assert set(first) >= {"row", "id", "score", "severity", "p_value", "probability", "reasons"}
    assert first["id"].startswith("P")
    assert first["probability"] is None
    assert set(first["reasons"][0]) == {"feature", "contribution", "value", "typical"}
    assert found["evaluation"]["roc_auc"] > 0.9


def test_rows_come_through_a_pipe_with_the_same_scores(run, sample, tmp_path):
    common = ["--label", "malignant", "--id", "patient", "--no-explain"]
    assert run("detect", sample, *common, "--output", tmp_path / "file.parquet")[0] == 0
    assert run("detect", "-", *common, "--output", tmp_path / "pipe.parquet", input=sample.read_bytes())[0] == 0
    assert pq.read_table(tmp_path / "file.parquet").equals(pq.read_table(tmp_path / "pipe.parquet"))


def test_an_exported_detector_scores_bit_equal_elsewhere(run, sample, tmp_path):
    run("dataset", "load", sample, "--name", "tumours", "--label", "malignant", "--id", "patient")
    run("detector", "create", "Tumours", "--algorithm", "ecod")
    run("detector", "train", "Tumours", "tumours")
    assert run("detector", "export", "Tumours", tmp_path / "model")[0] == 0
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == ["arrays.safetensors", "manifest.json"]
    assert run("detector", "import", tmp_path / "model", "--name", "Copy")[0] == 0
    for name in ("Tumours", "Copy"):
        run("detect", "--detector-name", name, "--dataset-path", sample, "--output", tmp_path / f"{name}.parquet")
    tumours, copy = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("Tumours", "Copy"))
    assert tumours.equals(copy)
    assert AnomalyDetector.load(tmp_path / "model").model_.algorithm == "ecod"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("detect", "missing.csv"), 5, "missing.csv"),
        (("detect", "{sample}", "--algorithm", "isolation_forrest"), 2, "did you mean 'isolation_forest'?"),
        (("detect", "{sample}", "--budget", "5", "--contamination", "0.1"), 2, "choose one"),
        (("detect", "{sample}", "--threshold", "0.5"), 2, "--budget"),
        (("detect", "{sample}", "--label", "malignent"), 5, "did you mean 'malignant'?"),
        (("detect", "--detector-name", "Nobody", "--dataset-path", "{sample}"), 3, "Nobody"),
        (("detector", "train", "Nobody", "nothing"), 3, "Nobody"),
        (("detect", "{sample}", "--output", "scores.doc"), 2, ".doc"),
        (("detect", "{sample}", "--budget", "10", "--fail-on-anomaly"), 10, ""),
    ],
)
def test_what_goes_wrong_ends_with_its_code_and_a_sentence(run, sample, tmp_path, arguments, code, says):
    before = set(tmp_path.iterdir())
    got, _, errors = run(*(argument.format(sample=sample) for argument in arguments))
    assert got == code
    assert says in errors
    assert "Traceback" not in errors
    assert {path.name for path in set(tmp_path.iterdir()) - before} <= {"home"}


def test_a_second_run_that_fails_leaves_the_first_result_alone(run, sample, tmp_path):
    output = tmp_path / "scores.csv"
    run("detect", sample, "--label", "malignant", "--output", output)
    first = output.read_bytes()
    assert run("detect", sample, "--label", "nothing", "--output", output)[0] == 5
    assert output.read_bytes() == first


def test_the_demo_finds_tumours_and_names_the_next_command(run, tmp_path):
    code, out, errors = run("demo", "--folder", tmp_path / "demo")
    assert code == 0, errors
    assert "stand out" in out
    assert "ROC AUC" in out
    assert "pynomaly detect" in out + errors
