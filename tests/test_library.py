"""The public face of the package."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import pynomaly
from pynomaly.domain.errors import InvalidRequest, PynomalyError

ROWS = np.random.default_rng(0).normal(size=(200, 2))
ROWS[5] = [8.0, -8.0]


def test_the_public_names_are_these():
    assert sorted(pynomaly.__all__) == ["AnomalyDetector", "detect", "open_workspace", "point_scores", "windows_of"]
    assert dir(pynomaly) == sorted(pynomaly.__all__)
    with pytest.raises(AttributeError, match="no attribute 'detektor'"):
        _ = pynomaly.detektor


def test_importing_the_package_imports_nothing_heavy():
    program = "import sys, pynomaly; print(sorted({'numpy', 'sklearn', 'pyarrow', 'sqlalchemy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_series_can_be_watched_through_its_windows():
    series = np.sin(np.arange(300) / 3)
    series[200] += 5
    windows, _ = pynomaly.windows_of(series, 8)
    scores = pynomaly.detect(windows, algorithm="ar_residual").scores
    assert pynomaly.point_scores(scores, 300, 8).argmax() == 200


def every_form(tmp_path):
    frame = pd.DataFrame(ROWS, columns=["x", "y"])
    frame.to_csv(tmp_path / "rows.csv", index=False)
    frame.to_parquet(tmp_path / "rows.parquet")
    return [
        tmp_path / "rows.csv",
        str(tmp_path / "rows.parquet"),
        frame,
        pl.DataFrame({"x": ROWS[:, 0], "y": ROWS[:, 1]}),
        pa.table({"x": ROWS[:, 0], "y": ROWS[:, 1]}),
        ROWS,
    ]


def test_every_form_of_the_same_rows_gives_the_same_scores(tmp_path):
    scores = [pynomaly.detect(form).scores for form in every_form(tmp_path)]
    assert all(np.array_equal(scores[0], other) for other in scores)


def test_findings_say_what_where_and_why():
    findings = pynomaly.detect(ROWS, budget=1)
    assert findings.n_anomalies == 1
    anomaly = findings.anomalies[0]
    assert anomaly.row == 5
    assert {reason.feature for reason in anomaly.reasons} == {"f0", "f1"}
    assert findings.is_anomaly.sum() == 1
    assert findings.notes


def test_only_one_way_of_deciding_can_be_chosen():
    with pytest.raises(InvalidRequest, match="choose one"):
        pynomaly.detect(ROWS, budget=1, contamination=0.1)


def test_the_budget_may_be_a_share():
    assert pynomaly.detect(ROWS, budget="1%").n_anomalies == 2


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"contamination": "auto"}, "contamination is a number such as 0.01, not 'auto'"),
        ({"seed": None}, "a seed is a whole number"),
        ({"seed": -1}, "a seed is a whole number"),
        ({"label": 1}, "did you mean 'f1'"),
    ],
)
def test_a_choice_of_the_wrong_type_ends_with_a_sentence(choice, says):
    with pytest.raises(PynomalyError, match=says):
        pynomaly.detect(ROWS, **choice)


def test_one_column_to_ignore_needs_no_list():
    table = pa.table({"x": ROWS[:, 0], "y": ROWS[:, 1], "xy": ROWS[:, 0] - ROWS[:, 1]})
    alone, listed = (pynomaly.detect(table, ignore=ignore).scores for ignore in ("xy", ["xy"]))
    assert np.array_equal(alone, listed)


def test_a_column_cannot_be_label_and_identifier_at_once():
    with pytest.raises(InvalidRequest, match="column 'f0' cannot be identifier and label at once"):
        pynomaly.detect(ROWS, id="f0", label="f0")
