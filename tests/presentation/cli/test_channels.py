"""Channels, rules and deliveries on the command line; no secret is ever a word of a command."""

import json

import pytest

from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.errors import Conflict, RemoteRefused
from pynomaly.domain.notification_rule import Occasion
from tests.fakes.programs import channel, delivery, rule

HOOK = "https://hooks.example.org/planted-token"


def test_secrets_come_from_the_environment_a_file_or_a_pipe(run, program, tmp_path):
    (tmp_path / "hook.txt").write_text("whsec_of_a_file\nsecond line\n")
    made = run("channel", "create", "duty", "--kind", "webhook", "--secret-from", "url=HOOK_URL",
               "--secret-file", "secret=hook.txt", "--set", "title=fraud")  # fmt: skip
    assert made.stdout == "Created channel 'duty'.\n"
    assert "pynomaly channel test duty" in made.stderr
    secrets = {"url": HOOK, "secret": "whsec_of_a_file"}
    held = {"settings": {"title": "fraud"}, "secrets": secrets}
    assert program.workspace.create_channel.calls[-1] == {"name": "duty", "kind": "webhook", **held}
    run("channel", "create", "duty", "--kind", "slack", "--secret-file", "url=-", input=f"{HOOK}\n")
    assert program.workspace.create_channel.calls[-1]["secrets"] == {"url": HOOK}
    assert "planted" not in made.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", f"url={HOOK}"], "'url' is secret and would stay in the shell's history; use --secret url"),
        (["--secret", "url"], "nobody is there to type 'url'"),
        (["--secret-from", "url=NO_SUCH_VARIABLE"], "no variable of the name given for 'url'"),
        (["--secret-from", "rul=HOOK_URL"], "did you mean 'url'"),
        (["--secret-from", HOOK], "--secret-from takes NAME=PLACE: where the secret is, not the secret itself"),
        (["--secret-from", "url=HOOK_URL", "--secret-from", "url=HOOK_SECRET"], "'url' was given twice"),
    ],
)
def test_what_cannot_fill_a_field_is_refused_with_what_can(run, program, words, said):
    ended = run("channel", "create", "duty", "--kind", "webhook", *words)
    assert ended.exit_code == 2
    assert said in " ".join(ended.stderr.split())
    assert "planted" not in ended.output
    assert program.workspace.create_channel.calls == []


def test_a_secret_file_that_is_not_there_is_told(run):
    ended = run("channel", "create", "duty", "--kind", "webhook", "--secret-file", "url=nowhere.txt")
    assert (ended.exit_code, "'nowhere.txt' cannot be read" in ended.stderr) == (5, True)


def test_a_channel_is_shown_with_the_names_of_its_secrets_alone(run):
    shown = run("channel", "show", "duty").stdout
    assert "url      (set, hidden)" in shown
    assert "title    fraud" in shown
    found = json.loads(run("channel", "show", "duty", "--json").stdout)
    assert (found["secrets"], found["settings"]) == (["url"], {"title": "fraud"})


def test_a_change_leaves_alone_what_it_does_not_name(run, program):
    run("channel", "change", "duty", "--disable")
    expected = {"channel": "duty", "name": None, "settings": {}, "secrets": {}, "is_enabled": False}
    assert program.workspace.change_channel.calls[-1] == expected
    run("channel", "change", "duty", "--unset", "title", "--secret-from", "url=HOOK_URL", "--name", "night")
    held = {"settings": {"title": None}, "secrets": {"url": HOOK}}
    expected = {"channel": "duty", "name": "night", "is_enabled": None, **held}
    assert program.workspace.change_channel.calls[-1] == expected
    run("channel", "change", "duty", "--unset", "secret")
    assert program.workspace.change_channel.calls[-1]["secrets"] == {"secret": None}


def test_a_test_that_fails_says_why_and_ends_with_the_code_of_it(run, program):
    program.workspace.test_channel.answer = RemoteRefused("answered 404 (no_service)")
    ended = run("channel", "test", "duty")
    assert (ended.exit_code, ended.stderr) == (7, "error: answered 404 (no_service)\n")


def test_a_channel_goes_only_when_it_is_meant(run, program):
    assert run("channel", "remove", "duty").exit_code == 2
    assert "Would delete channel 'duty'" in run("channel", "remove", "duty", "--dry-run").stdout
    assert program.workspace.remove_channel.calls == []
    program.workspace.remove_channel.answer = Conflict("rule 'severe' tells channel 'duty'")
    assert run("channel", "remove", "duty", "--yes").exit_code == 6


def test_kinds_say_what_each_field_takes(run):
    lines = [line.split() for line in run("channel", "kinds").stdout.splitlines()]
    assert ["webhook", "--secret", "url", "Where", "to", "post.", "needed"] in lines
    assert ["webhook", "--set", "title=…", "Put", "before", "each", "title.", "–"] in lines
    (webhook, _) = json.loads(run("channel", "kinds", "--json").stdout)
    assert webhook["fields"][0]["is_secret"] is True


def test_a_rule_is_made_of_an_occasion_and_what_narrows_it(run, program):
    run("rule", "create", "severe", "--when", "anomalies_found", "--channel", "duty", "--channel", "mail",
        "--least-severity", "75", "--least-anomalies", "3", "--detector", "Fraud")  # fmt: skip
    assert program.workspace.create_rule.calls[-1] == {
        "name": "severe",
        "occasion": Occasion.ANOMALIES_FOUND,
        "channels": ["duty", "mail"],
        "least_anomalies": 3,
        "least_severity": 75.0,
        "detector": "Fraud",
    }
    wrong = run("rule", "create", "broken", "--when", "job_faild", "--channel", "duty")
    assert (wrong.exit_code, "did you mean 'job_failed'" in wrong.stderr) == (2, True)


def test_rules_read_as_sentences(run, program):
    program.workspace.queries.all_rules = [
        rule(),
        rule("broken", occasion=Occasion.JOB_FAILED, least_severity=0.0, detector_id=None, is_enabled=False),
    ]
    severe, broken = (" ".join(line.split()) for line in run("rule", "list").stdout.splitlines()[1:])
    assert severe == "severe yes 1 1 anomaly or more, one of severity 75 or more, by detector eeeeeeee"
    assert broken == "broken no 1 jobs that failed"


def test_deliveries_show_what_went_wrong(run, program):
    program.workspace.queries.all_deliveries = [delivery(), delivery(status=DeliveryStatus.DELIVERED, last_error=None)]
    (line,) = run("delivery", "list", "--status", "failed").stdout.splitlines()[1:]
    assert line.split()[:3] == ["7d3e91aa", "failed", "4"]
    assert line.endswith("answered 500")
    assert len(json.loads(run("delivery", "list", "--json").stdout)) == 2
    assert run("delivery", "list", "--status", "faild").exit_code == 2
    assert run("delivery", "retry", "7d3e91aa").stdout == "Delivery 7d3e91aa is waiting.\n"


def test_empty_lists_say_what_to_type(run, program):
    program.workspace.queries.all_channels, program.workspace.queries.all_rules = [], []
    assert "pynomaly channel create NAME --kind KIND" in run("channel", "list").stderr
    assert "pynomaly rule create NAME" in run("rule", "list").stderr


def test_what_a_channel_holds_does_a_terminal_no_harm(run, program):
    program.workspace.queries.all_channels = [channel(settings={"title": "x\x1b[31m"})]
    assert "\x1b" not in run("channel", "list").stdout
