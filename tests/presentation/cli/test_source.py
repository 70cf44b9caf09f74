"""Sources on the command line: settings are typed, secrets never."""

import json

import pytest

from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from tests.fakes.programs import Asked
from tests.fakes.sources import PASSWORD

CREATE = ("source", "create", "shop", "--kind", "postgresql", "--set", "host=db", "--set", "user=a=b")


def test_kinds_say_which_options_fill_them_in(run):
    shown = run("source", "kinds").stdout
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "postgresql --set port=… where it listens 5432" in lines
    assert "postgresql --secret password of the user needed" in lines
    assert "sqlite --select table=… a table –" in lines
    assert [kind["name"] for kind in json.loads(run("source", "kinds", "--json").stdout)] == ["postgresql", "sqlite"]


def test_settings_become_what_their_fields_hold(run, program):
    result = run(*CREATE, "--set", "port=5433", "--set", "is_slow=yes", "--secret-from", "password=SHOP_PASSWORD")
    assert result.stdout == "Created source 'shop'.\n"
    assert result.stderr == "Next: pynomaly source test shop\n"
    assert program.workspace.create_source.calls == [
        {
            "name": "shop",
            "kind": "postgresql",
            "settings": {"host": "db", "user": "a=b", "port": 5433, "is_slow": True},
            "secrets": {"password": PASSWORD},
        }
    ]


def test_a_secret_may_come_from_the_first_line_of_a_file(run, program, tmp_path):
    (tmp_path / "password").write_text("hush hush\nsecond line\n")
    run(*CREATE, "--secret-file", "password=password")
    assert program.workspace.create_source.calls[0]["secrets"] == {"password": "hush hush"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--secret", "password"), "nobody is there to type 'password'"),
        (("--secret-from", "password"), "--secret-from takes NAME=PLACE: where the secret is, not the secret itself"),
        (("--secret-from", "password=hunter2"), "no variable of the name given for 'password'"),
        (("--secret", "pasword"), "did you mean 'password'"),
        (("--set", "host"), "--set takes NAME=VALUE, not 'host'"),
        (("--set", "host=other"), "--set host was given twice"),
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_made(run, program, options, reason):
    result = run(*CREATE, *options)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert "hunter2" not in result.stderr
    assert program.workspace.create_source.calls == []


def test_lists_and_descriptions_tell_of_secrets_only_that_they_are_there(run):
    assert "host=db.example.org, port=5432, is_slow=true" in run("source", "list").stdout
    shown = [" ".join(line.split()) for line in run("source", "show", "shop").stdout.splitlines()]
    assert {"source shop", "host db.example.org", "is_slow true", "password (set, hidden)"} <= set(shown)
    record = json.loads(run("source", "show", "shop", "--json").stdout)
    assert (record["settings"]["port"], record["secrets"]) == (5432, ["password"])
    assert run("source", "show", "nothing").exit_code == 3


def test_a_change_takes_settings_away_and_brings_secrets_anew(run, program):
    words = ("--name", "store", "--set", "port=1", "--unset", "is_slow", "--secret-from", "password=SHOP_PASSWORD")
    assert run("source", "change", "shop", *words).stdout == "Changed source 'store'.\n"
    (call,) = program.workspace.change_source.calls
    assert call["settings"] == {"is_slow": None, "port": 1}
    assert (call["name"], call["secrets"]) == ("store", {"password": PASSWORD})


def test_removing_needs_yes_where_nobody_can_be_asked(run, program):
    assert run("source", "remove", "shop").exit_code == 2
    assert run("source", "remove", "shop", "--dry-run").stdout == "Would delete source 'shop'.\n"
    assert program.workspace.remove_source.calls == []
    assert run("source", "remove", "shop", "--yes").stdout == "Deleted source 'shop'.\n"


@pytest.mark.parametrize("error", [RemoteRefused("no such user"), RemoteUnavailable("nobody answers")])
def test_a_test_tells_what_is_there_or_ends_with_the_reason(run, program, error):
    assert run("source", "test", "shop").stdout == "PostgreSQL 15.0, 3 tables\n"
    program.workspace.check_source = Asked(error)
    result = run("source", "test", "shop")
    assert (result.exit_code, result.stderr) == (7, f"error: {error}\n")


def test_pulling_says_how_much_was_kept(run, program):
    words = ("--select", "table=public.orders", "--name", "orders", "--label", "odd", "--kind", "zip=category")
    result = run("dataset", "pull", "shop", *words)
    assert result.stdout == "Pulled 40 rows × 3 columns as dataset 'orders'.\n"
    assert result.stderr == "note: it was long\n"
    (call,) = program.workspace.pull_dataset.calls
    assert (call["selection"], call["name"]) == ({"table": "public.orders"}, "orders")
    assert (call["roles"], call["kinds"]) == ({"odd": ColumnRole.LABEL}, {"zip": ColumnKind.CATEGORY})
    assert call["source"].values == {"host": "db", "password": "hush"}


def test_a_detector_may_look_at_a_source_as_it_is_now(run, program):
    words = (
        "detect",
        "--detector-name",
        "Fraud",
        "--source",
        "shop",
        "--select",
        "table=public.orders",
        "--id",
        "order",
    )
    assert run(*words).exit_code == 0
    (call,) = program.workspace.detect_anomalies.calls
    wanted = call["wanted"]
    assert (wanted.origin, wanted.roles) == ("postgresql:shop public.orders", {"order": ColumnRole.IDENTIFIER})
    assert (call["source"], call["dataset"]) == (None, None)


def test_a_dry_run_says_what_would_be_read_and_reads_nothing(run, program):
    result = run("detect", "--detector-name", "Fraud", "--source", "shop", "--select", "table=t", "--dry-run")
    assert result.stdout == "Would read postgresql:shop t and look at it with detector Fraud, version 1.\n"
    assert program.workspace.detect_anomalies.calls == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--source", "shop"), "needs --detector-name"),
        (("--detector-name", "Fraud", "--source", "shop", "--dataset", "orders"), "orders and shop are two sources"),
        (("a.csv", "--select", "table=t"), "name it with --source"),
        (("--detector-name", "Fraud", "--source", "shop", "--select", "table"), "--select takes NAME=VALUE"),
    ],
)
def test_a_source_that_is_not_named_as_it_should_be_is_told(run, words, reason):
    result = run("detect", *words)
    assert result.exit_code == 2
    assert reason in result.stderr
