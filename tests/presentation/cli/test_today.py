import json
from dataclasses import replace

from tests.fakes.today import BUSY, NEVER, QUIET


def test_the_verdict_comes_first_then_why_and_it_is_no_failure(run, program):
    program.workspace.queries.at_present = BUSY
    result = run("today")
    assert result.exit_code == 0
    verdict, *reasons = result.stdout.partition("\n\n")[0].splitlines()
    assert verdict == "Something is broken."
    assert reasons == [
        "5 jobs wait, the first for 1 minute, and no worker takes any.",
        "1 schedule did not begin on time; the first should have 1 hour ago.",
        "The last training of 1 detector failed.",
        "40 jobs failed within the last 24 hours.",
        "1 message could not be delivered within the last 24 hours.",
        "7 rows stood out within the last 24 hours; the worst has severity 92, critical.",
    ]


def test_detectors_and_what_they_found_are_listed(run, program):
    program.workspace.queries.at_present = BUSY
    _, detectors, alarms = run("today").stdout.split("\n\n")
    fraud, draft = (line.split() for line in detectors.splitlines()[1:])
    assert (fraud[0], "succeeded" in fraud) == ("Fraud", True)
    assert draft == ["Draft", "–", "never", "–"]
    newer, older = (line.split() for line in alarms.splitlines()[1:])
    assert newer[2:] == ["Fraud", "7", "92", "c1"]
    assert older[2:] == ["deleted", "since", "7", "–", "c0"]


def test_an_empty_workspace_is_told_in_two_lines(run, program):
    program.workspace.queries.at_present = replace(QUIET, n_datasets=0, **NEVER)
    assert run("today").stdout.splitlines() == [
        "Nothing was looked at yet.",
        "There is no detection yet; 0 datasets are there to look at.",
    ]


def test_programs_get_the_keys_of_the_rest_api(run, program):
    from pynomaly.presentation.api.schemas.today import TodayAnswer

    program.workspace.queries.at_present = BUSY
    told = json.loads(run("today", "--json").stdout)
    assert told == json.loads(TodayAnswer.of(BUSY).model_dump_json().replace('Z"', '+00:00"'))
