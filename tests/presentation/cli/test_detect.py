import json

import pytest

from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.decision import (
    AlarmBudget,
    ContaminationRate,
    ExpectedContamination,
    FalseDiscoveryControl,
    ProbabilityThreshold,
    ScoreThreshold,
    StandsOut,
)
from tests.fakes.findings import EVALUATION, one_look
from tests.fakes.programs import FakeProgram


def test_the_answer_is_on_standard_output_and_everything_else_on_standard_error(run):
    result = run("detect", "orders.csv")
    assert result.exit_code == 0
    assert result.stdout.startswith("1 of 40 rows stands out\n\nrow  id   score  severity  p-value  why\n")
    assert "amount 1,530, 21.9× the usual 70 · device 'xyz' (usually ios, 81 %)" in " ".join(result.stdout.split())
    assert "note: the separator is ';'" in result.stderr
    assert "pynomaly detect orders.csv --output scores.parquet" in result.stderr
    assert "Next:" not in result.stdout


def test_what_was_asked_reaches_the_use_case(run, program):
    run(
        *("detect", "a.csv", "--train", "b.csv", "--algorithm", "ecod", "--param", "n_bins=5", "--label", "y"),
        *(
            "--id",
            "order",
            "--time",
            "at",
            "--ignore",
            "x",
            "--ignore",
            "z",
            "--feature",
            "w",
            "--kind",
            "zip=category",
        ),
        *("--top", "3", "--no-explain", "--seed", "7", "--budget", "1%"),
    )
    (asked,) = program.find_anomalies.calls
    asked.pop("progress")
    assert asked == {
        "source": "a.csv",
        "train": "b.csv",
        "algorithm": "ecod",
        "parameters": {"n_bins": 5},
        "policy": AlarmBudget(share=0.01),
        "roles": {
            "order": ColumnRole.IDENTIFIER,
            "at": ColumnRole.TIME,
            "x": ColumnRole.IGNORED,
            "z": ColumnRole.IGNORED,
            "w": ColumnRole.FEATURE,
            "y": ColumnRole.LABEL,
        },
        "kinds": {"zip": ColumnKind.CATEGORY},
        "label": "y",
        "n_strangest": 3,
        "with_reasons": False,
        "seed": 7,
    }


@pytest.mark.parametrize(
    ("arguments", "policy"),
    [
        ([], StandsOut()),
        (["--contamination", "0.02"], ExpectedContamination(ContaminationRate(0.02))),
        (["--budget", "20"], AlarmBudget(rows=20)),
        (["--budget", "1%"], AlarmBudget(share=0.01)),
        (["--false-alarms", "0.1"], FalseDiscoveryControl(0.1)),
        (["--threshold", "0.5"], ProbabilityThreshold(0.5)),
        (["--score-threshold", "0.62"], ScoreThreshold(0.62)),
    ],
)
def test_each_way_to_decide_is_its_policy(run, program, arguments, policy):
    assert run("detect", "a.csv", *arguments).exit_code == 0
    assert program.find_anomalies.calls[0]["policy"] == policy


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say what to look at"),
        (["a.csv", "--dataset-path", "b.csv"], "two sources"),
        (["--dataset", "orders"], "needs --detector-name"),
        (["a.csv", "--budget", "5", "--contamination", "0.1"], "choose one"),
        (["a.csv", "--contamination", "0.9"], "at most 0.5"),
        (["a.csv", "--threshold", "1.5"], "between 0 and 1"),
        (["a.csv", "--score-threshold", "nan"], "finite number"),
        (["a.csv", "--budget", "many"], "not 'many'"),
        (["a.csv", "--param", "n_trees"], "NAME=VALUE"),
        (["a.csv", "--param", "n=1", "--param", "n=2"], "twice"),
        (["a.csv", "--kind", "zip=categry"], "did you mean 'category'"),
        (["a.csv", "--kind", "zip"], "COLUMN=KIND"),
        (["a.csv", "--id", "x", "--ignore", "x"], "column 'x' cannot be"),
        (["a.csv", "--id", "x", "--label", "x"], "column 'x' cannot be"),
        (["a.csv", "--top", "-1"], "--top"),
        (["a.csv", "--format", "xml"], "--format"),
        (["a.csv", "--output", "scores.txt"], "has no suffix"),
        (["a.csv", "--nonsense"], "--nonsense"),
        (["a.csv", "--detector-name", "Fraud", "--algorithm", "ecod"], "has learned already"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_to_change(run, program, arguments, words):
    result = run("detect", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert program.find_anomalies.calls == []


def test_json_has_exactly_the_documented_keys(run):
    result = run("detect", "orders.csv", "--json")
    found = json.loads(result.stdout)
    assert list(found) == ["dataset", "detector", "decision", "n_rows", "n_anomalies", "anomalies", "notes"]
    assert found["dataset"] == "orders.csv"
    assert found["detector"] == {"algorithm": "isolation_forest", "parameters": {"n_trees": 100}}
    assert found["decision"] == {"policy": "stands_out", "score_threshold": 0.645}
    (row,) = found["anomalies"]
    assert list(row) == ["row", "id", "score", "severity", "p_value", "probability", "confidence", "reasons"]
    assert row["probability"] is None
    assert row["reasons"][0] == {
        "feature": "amount",
        "contribution": 0.31,
        "value": 1530.0,
        "typical": {"median": 70.0, "low": 1.0, "high": 140.0},
    }
    assert row["reasons"][1]["typical"] == {"most_frequent": "ios", "share": 0.81}
    assert result.stderr == ""


def test_nothing_found_says_what_was_checked_and_shows_the_least_usual_row(run):
    program = FakeProgram(one_look(n_anomalies=0))
    result = run("detect", "orders.csv", build=lambda: program)
    assert result.stdout.startswith(
        "Nothing stands out among 40 rows\n\nLooked at 2 columns together: amount, device.\n"
    )
    assert "The least usual row:\n\nrow  id" in result.stdout
    assert "--budget 10" in result.stderr
    found = json.loads(run("detect", "orders.csv", "--json", build=lambda: program).stdout)
    assert found["anomalies"] == []
    assert found["least_usual"]["row"] == 0


def test_an_evaluation_is_one_line_and_a_json_object(run):
    program = FakeProgram(one_look(evaluation=EVALUATION))
    assert (
        "Against the labels: ROC AUC 0.970, average precision 0.800, precision 100 %, recall 50 % (1 of 2 found), "
        "0 false alarms." in run("detect", "a.csv", "--label", "y", build=lambda: program).stdout
    )
    found = json.loads(run("detect", "a.csv", "--label", "y", "--json", build=lambda: program).stdout)
    assert found["evaluation"]["roc_auc"] == 0.97
    assert found["evaluation"]["n_false_alarms"] == 0


def test_more_flagged_rows_than_shown_are_counted(run):
    program = FakeProgram(one_look(n_anomalies=12))
    assert "showing 10 of 12" in run("detect", "a.csv", build=lambda: program).stdout
    assert (
        len(json.loads(run("detect", "a.csv", "--json", "--top", "2", build=lambda: program).stdout)["anomalies"]) == 2
    )


def test_top_0_shows_only_the_count(run):
    program = FakeProgram(one_look(n_strangest=1))
    result = run("detect", "a.csv", "--top", "0", build=lambda: program)
    assert result.stdout.startswith("1 of 40 rows stands out\n\nDecision: ")


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "markdown"])
def test_every_format_gives_the_flagged_row(run, form):
    result = run("detect", "a.csv", "--format", form)
    assert result.exit_code == 0
    assert "c-7" in result.stdout


def test_json_lines_are_one_anomaly_each(run):
    program = FakeProgram(one_look(n_anomalies=3))
    lines = run("detect", "a.csv", "--format", "ndjson", build=lambda: program).stdout.splitlines()
    assert [json.loads(line)["row"] for line in lines] == [0, 1, 2]


def test_the_environment_chooses_the_format(run):
    assert run("detect", "a.csv", env={"PYNOMALY_FORMAT": "json"}).stdout.startswith("{")
    assert run("detect", "a.csv", "--format", "csv", env={"PYNOMALY_FORMAT": "json"}).stdout.startswith("row,id,score")
    assert run("detect", "a.csv", env={"PYNOMALY_FORMAT": ""}).stdout.startswith("1 of 40")


def test_fail_on_anomaly_exits_10_only_if_a_row_is_flagged(run):
    assert run("detect", "a.csv", "--fail-on-anomaly").exit_code == 10
    nothing = FakeProgram(one_look(n_anomalies=0))
    assert run("detect", "a.csv", "--fail-on-anomaly", build=lambda: nothing).exit_code == 0


def test_output_is_written_and_the_result_shown_too(run, tmp_path):
    result = run("detect", "a.csv", "--output", "scores.CSV", "--json")
    assert (tmp_path / "scores.CSV").read_text() == "40 rows\n"
    assert json.loads(result.stdout)["n_rows"] == 40


def test_output_into_a_missing_folder_or_over_the_data_is_refused_before_any_work(run, program, tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "folder.csv").mkdir()
    assert run("detect", "a.csv", "--output", "nowhere/scores.csv").exit_code == 5
    assert run("detect", "a.csv", "--output", "folder.csv").exit_code == 5
    result = run("detect", "a.csv", "--output", "a.csv")
    assert result.exit_code == 2
    assert "holds the data itself" in result.stderr
    assert program.find_anomalies.calls == []


def test_a_stored_detector_answers_and_the_result_names_the_detection(run, program, tmp_path):
    result = run(
        "detect", "--detector-name", "Fraud", "--dataset-path", "a.csv", "--threshold", "0.5", "--output", "r.csv"
    )
    assert result.exit_code == 0
    (asked,) = program.workspace.detect_anomalies.calls
    assert (asked["detector"], asked["source"], asked["policy"]) == ("Fraud", "a.csv", ProbabilityThreshold(0.5))
    assert asked["source_name"] == str(tmp_path / "a.csv")
    assert "Detection c0ffee01 by detector 'Fraud', version 1." in result.stdout
    assert (tmp_path / "r.csv").exists()
    found = json.loads(run("detect", "--detector-name", "Fraud", "--dataset", "orders", "--json").stdout)
    assert found["detector"] == {
        "algorithm": "isolation_forest",
        "parameters": {"n_trees": 100},
        "name": "Fraud",
        "version": 1,
    }
    assert found["detection"] == "c0ffee0123456789"


def test_standard_input_gives_no_hint_that_could_not_work(run, program):
    result = run("detect", "-", input="a,b\n1,2\n")
    assert program.find_anomalies.calls[0]["source"] == "-"
    assert "Next:" not in result.stderr


def test_a_path_in_a_hint_is_one_word(run):
    assert "pynomaly detect 'my orders.csv'" in run("detect", "my orders.csv").stderr


def test_a_dry_run_shows_how_the_table_would_be_read_and_learns_nothing(run, program, tmp_path):
    result = run("detect", "a.csv", "--output", "scores.csv", "--dry-run")
    assert result.stdout.startswith("Would look at 40 rows with auto, learning from 'amount', 'device'.\n\ncolumn")
    stored = run("detect", "--detector-name", "Fraud", "--dataset", "orders", "--dry-run")
    assert stored.stdout.startswith("Would look at 40 rows with detector Fraud, version 1, learning from")
    assert run("detect", "a.csv", "--algorithm", "nonsense", "--dry-run").exit_code == 2
    assert program.find_anomalies.calls == program.workspace.detect_anomalies.calls == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["table", "csv", "markdown"])
def test_a_number_that_names_a_row_keeps_its_digits(run, form):
    program = FakeProgram(one_look(identifier=1000001))
    stdout = run("detect", "orders.csv", "--format", form, build=lambda: program).stdout
    assert "1000001" in stdout
    assert "1,000,001" not in stdout


def test_a_seed_cannot_change_what_a_detector_has_learned(run):
    result = run("detect", "--detector-name", "Fraud", "--dataset-path", "a.csv", "--seed", "3")
    assert result.exit_code == 2
    assert "has learned already" in result.stderr
