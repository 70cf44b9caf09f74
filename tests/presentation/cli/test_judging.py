"""`pynomaly detection judge` and `verdicts`, `pynomaly detector verdicts`."""

import json

import pytest

from pynomaly.domain.verdict import VerdictAnswer


def test_rows_are_judged_and_earlier_answers_told(run, program):
    result = run("detection", "judge", "last", "0", "7", "--answer", "expected", "--note", "month-end")
    assert result.stdout == "2 rows of detection c0ffee01 judged: expected.\n"
    assert result.stderr == "note: row 7 was judged before: confirmed, by user:bob\n"
    question = {"detection": "last", "rows": [0, 7], "answer": VerdictAnswer.EXPECTED, "note": "month-end"}
    assert program.workspace.give_verdict.calls == [question]


def test_of_many_earlier_answers_a_few_are_told(run):
    result = run("detection", "judge", "last", *range(9), "--answer", "confirmed")
    assert result.stderr.splitlines()[4:] == [
        "note: row 5 was judged before: confirmed, by user:bob",
        "note: so were 3 more",
    ]


def test_what_was_said_is_taken_back(run, program):
    result = run("detection", "judge", "last", "7", "--undo")
    assert result.stdout == "1 row of detection c0ffee01 no longer judged.\n"
    assert program.workspace.take_back_verdict.calls == [{"detection": "last", "rows": [7]}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "not nothing"),
        (("--answer", "false-alarm"), "did you mean 'false_alarm'?"),
        (("--undo", "--answer", "confirmed"), "leave --answer and --note out"),
        (("--undo", "--note", "because"), "leave --answer and --note out"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(run, program, options, words):
    result = run("detection", "judge", "last", "7", *options)
    assert (result.exit_code, words in result.stderr) == (2, True)
    assert program.workspace.give_verdict.calls == program.workspace.take_back_verdict.calls == []


@pytest.mark.parametrize("words", [("last",), ("last", "-1", "--answer", "confirmed"), ("last", "x", "--undo")])
def test_rows_are_named_by_their_numbers(run, words):
    assert run("detection", "judge", *words).exit_code == 2


def test_verdicts_are_listed_with_where_they_were_given_and_what_they_amount_to(run):
    lines = run("detection", "verdicts").stdout.splitlines()
    assert lines[0].split() == ["row", "answer", "flagged", "by", "given", "on", "note"]
    assert "false alarm  yes      user:ada" in lines[1]
    assert "this one" in lines[1]
    assert "a1a1a1a1" in lines[2]
    assert lines[-1].startswith("2 rows judged: 2 false alarm. Of 1 flag called right or wrong, 1 false alarm: 100 %")


def test_verdicts_are_data_with_their_summary(run):
    told = json.loads(run("detection", "verdicts", "last", "--json").stdout)
    assert [one["row"] for one in told["items"]] == [0, 3]
    assert told["items"][0]["answer"] == "false_alarm"
    assert (told["summary"]["n_judged"], told["summary"]["n_decisive"]) == (2, 1)
    assert told["summary"]["false_alarm_share"]["value"] == 1.0


def test_where_nothing_was_judged_it_says_how_to(run, program):
    program.workspace.queries.all_verdicts = []
    result = run("detection", "verdicts")
    assert (result.stdout, "pynomaly detection judge c0ffee01 ROW" in result.stderr) == ("", True)
    assert json.loads(run("detection", "verdicts", "--json").stdout)["items"] == []
    assert "Nothing was judged in the last 30 days" in run("detector", "verdicts").stderr


def test_detectors_are_listed_with_their_false_alarms(run):
    first, second = run("detector", "verdicts").stdout.splitlines()[1:]
    assert first.split()[:7] == ["Fraud", "2", "0", "0", "2", "0", "0"]
    assert "100 % (21 % – 100 %)" in first
    assert second.startswith("00000000 (deleted)")
    told = json.loads(run("detector", "verdicts", "--days", "90", "--json").stdout)
    assert [one["detector_id"] for one in told] == ["e" * 32, "0" * 32]


@pytest.mark.parametrize("command", [("detection", "verdicts"), ("detector", "verdicts")], ids=" ".join)
@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "markdown"])
def test_verdicts_come_in_every_format(run, command, form):
    result = run(*command, "--format", form)
    assert result.exit_code == 0
    assert result.stdout.strip()
    if form == "markdown":
        assert result.stdout.startswith("| ")
