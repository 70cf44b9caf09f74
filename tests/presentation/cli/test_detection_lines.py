"""Commands about lines through scores: what they show people and programs."""

import csv
import io
import json

import pytest

from pynomaly.application.ports.recent_outlines import NoEstimate, Outlined
from pynomaly.domain.decision import AlarmBudget, ScoreThreshold
from pynomaly.domain.score_outline import outline
from tests.fakes.findings import one_look


def test_an_outline_is_a_histogram_and_a_table_of_lines(run):
    result = run("detection", "outline", "last")
    head, bars, steps = result.stdout.split("\n\n")
    assert head == "40 rows score from 0.100 to 0.900; 1 are flagged, past a line at 0.645."
    drawn = [line.split() for line in bars.splitlines()[1:]]
    assert sum(int(rows) for _, rows, _ in drawn) == 40
    assert max(len(bar) for _, _, bar in drawn) == 40
    assert [line.split() for line in steps.splitlines()] == [
        ["flagged", "score", "from", "false", "alarms", "expected,", "at", "most"],
        ["1", "0.9", "1.95"],  # by hand: 40 rows × 2/41
        ["2", "0.879", "2.93"],
        ["5", "0.8179", "5.85"],
        ["10", "0.715", "10.7"],
        ["20", "0.51", "20.5"],
    ]
    assert "pynomaly detection changes c0ffee01 --budget 20" in result.stderr


def test_an_outline_without_an_estimate_says_why(run, program):
    scores = one_look().findings.rows.scores
    program.workspace.queries.score_outline = lambda identifier: (
        program.workspace.queries.detection(identifier),
        Outlined(outline(scores, None), NoEstimate.TRAINING_ROWS),
    )
    shown = run("detection", "outline").stdout
    assert shown.endswith("\nFalse alarms cannot be estimated: the detector learned from these very rows.\n")
    assert "expected" not in shown
    told = json.loads(run("detection", "outline", "--json").stdout)
    assert (told["no_estimate"], told["tail"]["expected_false_alarms"]) == ("training_rows", None)


def test_programs_get_every_threshold(run):
    told = json.loads(run("detection", "outline", "last", "--json").stdout)
    assert len(told["histogram"]["edges"]) == len(told["histogram"]["counts"]) + 1
    lines = [json.loads(line) for line in run("detection", "outline", "--format", "ndjson").stdout.splitlines()]
    assert [line["threshold"] for line in lines] == told["tail"]["thresholds"]
    assert [line["n_past"] for line in lines] == list(range(1, 41))


def test_far_rows_have_lines_of_their_own(run, program):
    scores = [*[float(row % 10) for row in range(100)], 1e6, -1e6]
    import numpy as np

    program.workspace.queries.score_outline = lambda identifier: (
        program.workspace.queries.detection(identifier),
        Outlined(outline(np.array(scores), None), NoEstimate.RANK_ONLY),
    )
    lines = run("detection", "outline").stdout.split("\n\n")[1].splitlines()
    assert lines[1].split()[:2] == ["below", "1"]
    assert lines[-1].split()[0] == "beyond"
    assert lines[-1].split()[2] == "1"


def test_changes_are_told_in_a_sentence_and_shown_around_the_line(run):
    result = run("detection", "changes", "last", "--score-threshold", "0.86", "--rows", "1")
    assert result.stdout == (
        "2 rows would be flagged, those scoring 0.860 or more; now it is 1: 1 more, 0 no longer.\n\n"
        "row  id   score  severity  now  then\n"
        "  1  c-1  0.879        81  –    flagged\n"
        "  2  c-2  0.859        81  –    –\n"
    )


def test_programs_get_the_rows_with_every_digit(run):
    told = json.loads(run("detection", "changes", "last", "--budget", "2", "--rows", "1", "--json").stdout)
    assert told["decision"] == {"policy": "alarm_budget", "rows": 2, "score_threshold": told["above"][0]["score"]}
    assert told["above"] == [
        {"row": 1, "id": "c-1", "score": 0.8794871794871795, "severity": 81.0, "is_flagged": False,
         "would_be_flagged": True}
    ]  # fmt: skip
    listed = run("detection", "changes", "last", "--budget", "2", "--rows", "1", "--format", "csv").stdout
    assert [row["row"] for row in csv.DictReader(io.StringIO(listed))] == ["1", "2"]


@pytest.mark.parametrize(
    ("arguments", "policy"),
    [(["--score-threshold", "0.6"], ScoreThreshold(0.6)), (["--budget", "3"], AlarmBudget(rows=3))],
)
def test_a_decision_is_made_by_the_policy_that_was_named(run, program, arguments, policy):
    result = run("detection", "decide", "last", *arguments)
    assert program.workspace.decide_detection.calls == [{"detection": "last", "policy": policy}]
    assert result.stdout.startswith("Detection c0ffee01 flags 1 of 40 rows. Decision: ")
    planned = run("detection", "decide", "last", *arguments, "--dry-run").stdout
    assert planned.startswith("Would decide detection c0ffee01 anew. ")
    assert len(program.workspace.decide_detection.calls) == 1


def test_curves_tell_what_it_takes_to_find_each_tenth(run, program):
    shown = run("detection", "evaluate", "last", "--label", "y", "--curves", "--data", "moved.csv").stdout
    assert program.workspace.trace_curves.calls == [{"detection": "last", "label": "y", "source": "moved.csv"}]
    sentence, tenths, bins = shown.split("\n\n")
    assert sentence.startswith("Against the labels: ROC AUC 0.970")
    lines = [line.split() for line in tenths.splitlines()[1:]]
    assert lines[4] == ["50", "%", "0.900", "100", "%"]  # by hand: the first of two is the first of all rows
    assert lines[5] == ["60", "%", "0.490", "9.5", "%"]  # and the second is the 21st
    assert bins.splitlines()[1].split() == ["4", "%", "5", "%", "1", "%", "–", "16", "%", "38"]


def test_programs_get_curves_point_by_point(run):
    told = json.loads(run("detection", "evaluate", "last", "--label", "y", "--curves", "--json").stdout)
    assert told["roc"]["thresholds"][0] is None
    assert told["evaluation"]["roc_auc"] == 0.97
    assert len(told["reliability"]) == 2
    listed = run("detection", "evaluate", "last", "--label", "y", "--curves", "--format", "ndjson").stdout
    points = [json.loads(line) for line in listed.splitlines()]
    assert {point["curve"] for point in points} == {"roc", "precision_recall"}
    recall = [point["recall"] for point in points if point["curve"] == "precision_recall"]
    assert recall == told["precision_recall"]["recall"]


def test_a_comparison_says_whether_chance_explains_it(run, program):
    shown = run("detection", "compare", "c0ffee01", "decaf001", "--label", "y").stdout
    assert program.workspace.compare_detections.calls == [
        {"detection": "c0ffee01", "other": "decaf001", "label": "y", "source": None}
    ]
    assert shown.startswith("c0ffee01 beside decaf001, on 40 rows with 2 known anomalies\n\nmeasure ")
    assert "\nroc auc               0.970     0.930      0.0400\n" in shown
    assert "\nprecision              1.00         –           –\n" in shown
    assert "\nn false alarms            0         3          -3\n" in shown
    assert (
        "ROC AUC of the first is higher by 0.04 (95 % interval 0.01 to 0.07, p 0.012): more than chance explains.\n"
        in shown
    )
    assert "Average precision is the same.\n" in shown
    assert shown.endswith("Normal rows flagged: 0 by both, 0 only by the first, 3 only by the second, 35 by neither.\n")
    told = json.loads(run("detection", "compare", "a", "b", "--label", "y", "--json").stdout)
    assert told["roc_auc"]["p_value"] == 0.012
    assert told["second"]["detection"] == "decaf00123456789"


def test_mistakes_are_listed_by_kind(run, program):
    shown = run("detection", "mistakes", "last", "--label", "y", "--budget", "5", "--rows", "2").stdout
    assert program.workspace.find_mistakes.calls == [
        {"detection": "last", "label": "y", "policy": AlarmBudget(rows=5), "limit": 2, "source": None}
    ]
    assert shown.splitlines()[0] == (
        "3 of 4 labelled anomalies are flagged; 2 rows flagged and labelled normal: false alarms."
    )
    assert [line.split()[:3] for line in shown.splitlines()[3:]] == [
        ["false", "alarm", "3"],
        ["false", "alarm", "8"],
        ["miss", "30", "c-31"],
    ]


def test_programs_get_mistakes_as_they_are(run):
    told = json.loads(run("detection", "mistakes", "last", "--label", "y", "--json").stdout)
    assert (told["n_false_alarms"], told["n_missed"]) == (2, 1)
    assert told["decision"] == {"policy": "alarm_budget", "rows": 5, "score_threshold": None}
    assert told["misses"] == [{"row": 30, "id": "c-31", "score": 0.2, "severity": 0.0}]
    listed = [
        json.loads(line)
        for line in run("detection", "mistakes", "--label", "y", "--format", "ndjson").stdout.splitlines()
    ]
    assert [row["kind"] for row in listed] == ["false alarm", "false alarm", "miss"]
