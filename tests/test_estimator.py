"""The scikit-learn face: its own checks, its signs, and models that survive a new process."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from pynomaly import AnomalyDetector
from pynomaly.bootstrap import build
from pynomaly.domain.errors import AlreadyExists, ColumnMismatch, CorruptModel, InvalidRequest

ROWS = np.vstack([np.random.default_rng(0).normal(size=(300, 3)), [[9.0, 9.0, -9.0]]])


@pytest.mark.filterwarnings("ignore")  # the checks provoke warnings on purpose
@pytest.mark.parametrize(
    "detector",
    # with a contamination where the default rightly finds nothing to flag in the checks' clean blobs
    [AnomalyDetector(), *(AnomalyDetector(name, contamination=0.1) for name in ("ecod", "hbos", "knn", "pca"))],
    ids=lambda detector: detector.algorithm,
)
def test_scikit_learn_accepts_the_estimator(detector):
    results = check_estimator(detector, on_skip=None)
    assert sum(result["status"] == "passed" for result in results) > 40
    assert all(result["status"] in ("passed", "skipped") for result in results)


def test_signs_follow_scikit_learn_and_anomaly_scores_point_the_other_way():
    detector = AnomalyDetector(contamination=0.01).fit(ROWS)
    assert detector.predict(ROWS)[-1] == -1
    assert detector.decision_function(ROWS)[-1] < 0
    assert np.array_equal(detector.score_samples(ROWS), -detector.anomaly_scores(ROWS))
    assert detector.anomaly_scores(ROWS).argmax() == 300


def test_contamination_flags_that_share_of_the_training_rows_and_of_nothing_else():
    detector = AnomalyDetector(contamination=0.1).fit(ROWS)
    assert (detector.predict(ROWS) == -1).sum() == 30
    assert (detector.predict(np.zeros((50, 3))) == -1).sum() == 0


def test_without_contamination_ordinary_rows_raise_no_alarm():
    detector = AnomalyDetector().fit(ROWS[:-1])
    assert (detector.predict(np.random.default_rng(9).normal(size=(300, 3))) == -1).mean() < 0.02
    assert detector.predict(ROWS[-1:])[0] == -1


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_data_frames_with_categories_and_gaps_are_taken_as_they_are(frame):
    table = frame({"amount": [1.0, 2.0, None, 1.5] * 25 + [99.0], "kind": ["a", "b", "a", "a"] * 25 + ["zzz"]})
    detector = AnomalyDetector(contamination=0.01).fit(table)
    assert detector.predict(table)[-1] == -1
    assert detector.feature_names_in_.tolist() == ["amount", "kind"]
    with pytest.raises(ValueError, match="feature names"):
        detector.predict(
            table.rename(columns={"amount": "amonut"}) if frame is pd.DataFrame else table.rename({"amount": "amonut"})
        )


def test_it_stands_in_a_pipeline_and_a_cross_validation():
    pipeline = make_pipeline(StandardScaler(), AnomalyDetector("knn"))
    labels = np.where(np.arange(301) == 300, -1, 1)
    assert pipeline.fit(ROWS).predict(ROWS).shape == (301,)
    scores = cross_val_score(AnomalyDetector(), ROWS, labels, scoring=lambda model, X, y: model.score_samples(X).mean())
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("contamination", ["much", -1, 0.0, 0.6])
def test_an_impossible_contamination_is_refused(contamination):
    with pytest.raises((ValueError, InvalidRequest), match="contamination"):
        AnomalyDetector(contamination=contamination).fit(ROWS)


def test_a_saved_estimator_scores_bit_equal_in_a_new_process(tmp_path):
    detector = AnomalyDetector("ecod", contamination=0.05).fit(ROWS)
    detector.save(tmp_path / "model")
    with pytest.raises(AlreadyExists):
        detector.save(tmp_path / "model")
    np.save(tmp_path / "rows.npy", ROWS)
    program = (
        "import sys, numpy as np; from pynomaly import AnomalyDetector; "
        "d = AnomalyDetector.load(sys.argv[1] + '/model'); X = np.load(sys.argv[1] + '/rows.npy'); "
        "np.save(sys.argv[1] + '/again.npy', np.stack([d.anomaly_scores(X), d.predict(X)]))"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    scores, labels = np.load(tmp_path / "again.npy")
    assert np.array_equal(scores, detector.anomaly_scores(ROWS))
    assert np.array_equal(labels, detector.predict(ROWS))


def test_a_saved_frame_estimator_still_knows_its_columns(tmp_path):
    AnomalyDetector().fit(pd.DataFrame(ROWS, columns=["a", "b", "c"])).save(tmp_path / "model")
    loaded = AnomalyDetector.load(tmp_path / "model")
    with pytest.raises((ValueError, ColumnMismatch), match="feature names"):
        loaded.predict(pd.DataFrame(ROWS, columns=["a", "b", "z"]))


@pytest.mark.parametrize(
    "own",
    [
        5,
        {},
        {"contamination": [], "n_features_in": 3, "feature_names_in": None},
        {"contamination": "much", "n_features_in": 3, "feature_names_in": None},
        {"contamination": 0.9, "n_features_in": 3, "feature_names_in": None},
        {"contamination": "auto", "n_features_in": "3", "feature_names_in": None},
        {"contamination": "auto", "n_features_in": 3, "feature_names_in": ["a"]},
    ],
)
def test_a_garbled_estimator_file_is_refused(tmp_path, own):
    files = build().model_files
    AnomalyDetector("pca").fit(ROWS).save(tmp_path / "model")
    artifact = files.read(tmp_path / "model")
    files.write(replace(artifact, manifest={**artifact.manifest, "estimator": own}), tmp_path / "garbled")
    with pytest.raises(CorruptModel, match="estimator"):
        AnomalyDetector.load(tmp_path / "garbled")
