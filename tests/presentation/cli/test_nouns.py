"""Commands on stored things: what they ask of the workspace and how they end."""

import json

import pytest

from pynomaly.application.program import Check
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.decision import StandsOut
from pynomaly.domain.errors import AlreadyExists
from pynomaly.domain.explanation import Typical
from pynomaly.domain.inspection import InspectedCell, NoCounterfactual
from tests.fakes.findings import inspection
from tests.fakes.programs import Asked, detector


def test_loading_a_dataset_says_how_much_was_kept(run, program, tmp_path):
    result = run("dataset", "load", "orders.csv", "--name", "march", "--label", "is_fraud", "--kind", "zip=category")
    assert result.stdout == "Loaded 40 rows × 3 columns as dataset 'march'.\n"
    assert result.stderr == "note: the separator is ';'\n"
    assert program.workspace.register_dataset.calls == [
        {
            "source": "orders.csv",
            "name": "march",
            "source_name": str(tmp_path / "orders.csv"),
            "roles": {"is_fraud": ColumnRole.LABEL},
            "kinds": {"zip": ColumnKind.CATEGORY},
        }
    ]


CHANGES = [
    (("dataset", "load", "orders.csv", "--name", "new"), "register_dataset"),
    (("dataset", "delete", "orders"), "remove_dataset"),
    (("detector", "create", "New", "--algorithm", "isolation_forest"), "create_detector"),
    (("detector", "train", "Fraud", "orders"), "train_detector"),
    (("dataset", "look", "orders"), "train_detector"),
    (("detector", "export", "Fraud", "folder"), "export_detector"),
    (("detector", "import", "folder", "--name", "New"), "import_detector"),
    (("detector", "delete", "Fraud"), "remove_detector"),
    (("detection", "export", "last", "--output", "a.csv"), "export_detection"),
    (("detection", "decide", "last", "--score-threshold", "0.8"), "decide_detection"),
]


@pytest.mark.parametrize(("command", "use_case"), CHANGES, ids=lambda value: value if isinstance(value, str) else None)
def test_a_dry_run_says_what_would_happen_and_changes_nothing(run, program, tmp_path, command, use_case):
    result = run(*command, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith("Would ")
    assert getattr(program.workspace, use_case).calls == []
    assert list(tmp_path.iterdir()) == []
    really = run(*command, *(["--yes"] if "delete" in command else []))
    assert really.exit_code == 0
    assert len(getattr(program.workspace, use_case).calls) == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("dataset", "load", "orders.csv", "--name", "orders", "--dry-run"), 6),
        (("detector", "create", "Fraud", "--algorithm", "isolation_forest", "--dry-run"), 6),
        (("detector", "create", "New", "--algorithm", "nonsense", "--dry-run"), 2),
        (("detector", "create", "New", "--algorithm", "isolation_forest", "--param", "n_trees=0", "--dry-run"), 2),
        (("detector", "import", "folder", "--dry-run"), 6),
        (("detector", "train", "Nobody", "orders", "--dry-run"), 3),
        (("dataset", "look", "nothing", "--dry-run"), 3),
        (("dataset", "look", "orders", "--detector", "Fraud", "--dry-run"), 6),
        (("detector", "create", "--algorithm", "isolation_forest"), 2),
        (("detector", "create", "A", "--name", "B", "--algorithm", "isolation_forest"), 2),
        (("detector", "create", "A"), 2),
        (("dataset", "show", "nothing"), 3),
        (("detector", "show", "nothing"), 3),
        (("detection", "show", "nothing1"), 3),
        (("detection", "export", "last", "--output", "a.xlsx"), 2),
        (("detection", "outline", "nothing1"), 3),
        (("detection", "changes", "last", "--budget", "3", "--score-threshold", "0.5"), 2),
        (("detection", "decide", "last", "--score-threshold", "inf"), 2),
        (("detection", "compare", "last", "--label", "is_fraud"), 2),
        (("detection", "mistakes", "last"), 2),
        (("detection", "mistakes", "last", "--label", "y", "--budget", "3", "--score-threshold", "1"), 2),
        (("dataset",), 2),
        (("dataset", "nonsense"), 2),
        (("dataset", "load", "orders.csv"), 2),
    ],
)
def test_what_cannot_be_done_ends_with_its_code(run, command, code):
    assert run(*command).exit_code == code


BY_DEFAULT = {"dataset": "d" * 32, "policy": StandsOut(), "label": None, "n_strangest": 100, "with_reasons": True}


def test_a_look_at_a_dataset_makes_a_detector_of_its_own_and_asks_it(run, program):
    program.workspace.queries.all_detectors = [detector("orders")]
    result = run("dataset", "look", "orders", "--param", "n_trees=40")
    assert program.workspace.create_detector.calls == [
        {"name": "orders 2", "algorithm": "isolation_forest", "parameters": {"n_trees": 40}}
    ]
    (training,), (asked,) = program.workspace.train_detector.calls, program.workspace.detect_anomalies.calls
    assert (training["detector"], training["dataset"]) == ("e" * 32, "d" * 32)
    assert asked["detector"] == "e" * 32
    assert BY_DEFAULT.items() <= asked.items()
    assert "stand" in result.stdout.splitlines()[0]
    assert result.stderr.startswith("Trained detector 'Fraud' on 40 rows of 'orders'.\n")
    assert json.loads(run("dataset", "look", "orders", "--json").stdout)["detection"] == "c0ffee0123456789"


def test_a_dry_look_says_what_it_would_be_called(run):
    assert run("dataset", "look", "orders", "--detector", "Mine", "--algorithm", "hbos", "--dry-run").stdout == (
        "Would train detector 'Mine', hbos, on 40 rows of 'orders', and look at them with it.\n"
    )


def test_a_training_may_be_followed_by_a_look_at_the_same_rows(run, program):
    assert run("detector", "train", "Fraud", "orders").exit_code == 0
    assert program.workspace.detect_anomalies.calls == []
    result = run("detector", "train", "Fraud", "orders", "--then-detect")
    (asked,) = program.workspace.detect_anomalies.calls
    assert (BY_DEFAULT | {"dataset": "orders"}).items() <= asked.items()
    first, *rest = result.stdout.splitlines()
    assert first.startswith("Trained detector 'Fraud'")
    assert "stand" in rest[0]


@pytest.mark.parametrize("noun", ["dataset", "detector"])
def test_deleting_needs_yes_where_nobody_can_be_asked(run, program, noun):
    name = {"dataset": "orders", "detector": "Fraud"}[noun]
    use_case = getattr(program.workspace, f"remove_{noun}")
    refused = run(noun, "delete", name)
    assert refused.exit_code == 2
    assert "add --yes" in refused.stderr
    assert run("--no-input", noun, "delete", name).exit_code == 2
    assert use_case.calls == []
    assert run(noun, "delete", name, "--yes").exit_code == 0
    assert len(use_case.calls) == 1


def test_a_taken_name_exits_6(run, program):
    program.workspace.create_detector = Asked(AlreadyExists("the name 'Fraud' is taken"))
    result = run("detector", "create", "Fraud", "--algorithm", "isolation_forest")
    assert result.exit_code == 6
    assert result.stderr == "error: the name 'Fraud' is taken\n"


LISTS = [
    ("dataset", "list"),
    ("dataset", "show", "orders"),
    ("dataset", "profile", "orders"),
    ("dataset", "quality", "orders"),
    ("detector", "algorithms"),
    ("detector", "list"),
    ("detector", "show", "Fraud"),
    ("detection", "list"),
    ("detection", "show", "last"),
    ("detection", "explain", "last", "7"),
    ("detection", "evaluate", "last", "--label", "is_fraud"),
    ("detection", "evaluate", "last", "--label", "is_fraud", "--curves"),
    ("detection", "mistakes", "last", "--label", "is_fraud"),
    ("detection", "compare", "last", "last", "--label", "is_fraud"),
    ("detection", "outline", "last"),
    ("detection", "changes", "last", "--budget", "3"),
    ("today",),
    ("doctor",),
    ("config", "show", "--origin"),
]


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "markdown"])
def test_every_view_comes_in_every_format(run, command, form):
    result = run(*command, "--format", form)
    assert result.exit_code == 0
    assert result.stdout.strip()
    if form == "json":
        json.loads(result.stdout)
    if form == "ndjson":
        assert all(json.loads(line) for line in result.stdout.splitlines())
    if form == "markdown":
        assert result.stdout.startswith("| ")


def test_the_profile_shows_missing_cells_distinct_values_and_what_is_usual(run):
    lines = run("dataset", "profile", "orders").stdout.splitlines()
    assert lines[0].split() == ["column", "kind", "role", "missing", "distinct", "usually", "shape", "note"]
    assert lines[1].split() == ["amount", "number", "feature", "25", "%", "3", "1", "–", "140", "▂█▂…"]
    record = json.loads(run("dataset", "profile", "orders", "--json").stdout)[1]
    assert record["missing_share"] == 0.25
    assert record["typical"] == {"most_frequent": "ios", "share": 0.81}
    assert record["shape"]["values"] == [{"value": "ios", "n_rows": 24}, {"value": "android", "n_rows": 6}]


def test_a_profile_ends_with_what_it_does_to_detection_and_quality_says_that_alone(run):
    page = run("dataset", "profile", "orders").stdout
    sentence = "warning: There are 40 rows."
    assert sentence in page
    told = run("dataset", "quality", "orders").stdout
    assert told.strip() in page
    assert told.startswith(sentence)
    records = json.loads(run("dataset", "quality", "orders", "--json").stdout)
    assert records[0].keys() == {"kind", "severity", "column", "sentence", "effect", "advice"}
    assert [one["severity"] for one in records] == sorted((one["severity"] for one in records), reverse=True)


def test_algorithms_in_json_carry_their_parameters_and_whether_they_are_here(run):
    forest, lof = json.loads(run("detector", "algorithms", "--json").stdout)
    assert forest["parameters"][0] | {"choices": []} == {
        "name": "n_trees",
        "kind": "int",
        "default": 100,
        "description": "Number of trees.",
        "minimum": 1,
        "maximum": 10000,
        "choices": [],
        "is_optional": False,
    }
    assert forest["is_available"] is True
    assert (lof["is_available"], lof["missing"]) == (False, ["pyod"])
    assert "[pyod], not installed" in run("detector", "algorithms").stdout


def test_a_detection_outlives_its_detector(run, program):
    program.workspace.queries.all_detectors = []
    result = run("detection", "show")
    assert result.exit_code == 0
    assert "by detector 'deleted since', version 1" in result.stdout
    assert "note: stored note" in result.stderr
    assert "deleted" in run("detection", "list").stdout


def test_empty_lists_say_what_belongs_there(run, program):
    queries = program.workspace.queries
    queries.all_datasets, queries.all_detectors, queries.all_detections = [], [], []
    for noun in ("dataset", "detector", "detection"):
        result = run(noun, "list")
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr.startswith(f"There are no {noun}s yet; ")
        assert json.loads(run(noun, "list", "--json").stdout) == []


def test_an_evaluation_asks_for_the_rows_where_they_lie_now(run, program):
    result = run("detection", "evaluate", "last", "--label", "y", "--data", "moved.csv")
    assert result.stdout.startswith("Against the labels: ROC AUC 0.970")
    assert program.workspace.evaluate_detection.calls == [{"detection": "last", "label": "y", "source": "moved.csv"}]


def test_the_doctor_exits_6_only_if_something_needed_does_not_work(run, program):
    healthy = run("doctor")
    assert healthy.exit_code == 0
    assert "pip install" in healthy.stdout
    program.checks = [*program.checks, Check("numpy", "problem", "not installed", "reinstall")]
    assert run("doctor").exit_code == 6


def test_origins_are_shown_only_where_asked_for(run):
    assert run("config", "show").stdout.splitlines()[0].split() == ["setting", "value"]
    assert run("config", "show", "--origin").stdout.splitlines()[0].split() == ["setting", "value", "from"]


def test_the_demo_takes_the_road_of_detect_and_says_what_to_try_next(run, program):
    result = run("demo", "--folder", "my folder")
    assert result.exit_code == 0
    asked = program.find_anomalies.calls[0]
    assert asked["source"] == "my folder/sample.csv"
    assert asked["label"] == "malignant"
    assert "$ pynomaly detect 'my folder/sample.csv' --id patient --label malignant --budget 10" in result.stderr
    assert result.stderr.count("\n  pynomaly detect ") == 2


def test_an_export_never_replaces_the_data_that_was_scored(run, program, tmp_path):
    (tmp_path / "orders.csv").write_text("amount\n1\n")
    result = run("detection", "export", "last", "--output", "orders.csv")
    assert result.exit_code == 2
    assert "holds the data itself" in result.stderr
    assert program.workspace.export_detection.calls == []


def test_the_doctor_of_servers_tells_more_and_exits_6_for_a_problem_there(run, program):
    assert "schema" not in run("doctor").stdout
    healthy = run("doctor", "--server")
    assert (healthy.exit_code, "workspace.db, schema 0003" in healthy.stdout) == (0, True)
    program.diagnose_server = lambda: [Check("database", "problem", "away", "start it")]
    assert run("doctor", "--server").exit_code == 6
    assert run("doctor").exit_code == 0


def test_a_row_in_depth_is_a_sentence_its_cells_a_way_back_and_the_rows_around(run):
    lines = run("detection", "explain", "last", "7", env={"COLUMNS": "140"}).stdout.splitlines()
    assert lines[0] == (
        "Row 7 (c-7) stands out because amount 1,530 is 21.9× the usual 70 and device 'xyz' was never seen; "
        "score 0.9, severity 81 (high)."
    )
    assert lines[2].split() == ["column", "value", "adds", "usually"]
    assert [line.split()[0] for line in lines[3:6]] == ["amount", "device", "order"]
    assert lines[5].split() == ["order", "'c-7'", "–", "(identifier)"]
    assert "Place 1 of 40 by score." in lines
    assert "With amount at most 231 instead of 1,530 it would score 0.64, below the line of 0.645." in lines
    assert "Nearest among 38 normal rows:" in lines
    assert ["8", "c-9", "0.400", "0.550", "amount", "120"] in [line.split() for line in lines]
    assert ["3", "c-4", "0.800", "77", "0.200", "amount"] in [line.split() for line in lines]


def test_the_strangest_row_is_inspected_where_none_is_named(run, program):
    told = json.loads(run("detection", "explain", "--json").stdout)
    assert program.workspace.inspect_row.calls == [{"detection": "c0ffee0123456789", "row": 0}]
    assert told["counterfactual"]["changes"][0]["bound"] == "at_most"
    assert (told["no_counterfactual"], told["nearest"][0]["cells"][1]["difference"]) == (None, 0.0)


def test_a_row_of_many_columns_shows_those_that_add_most_and_sums_up_the_others(run, program):
    many = [InspectedCell(Column(f"f{n}", ColumnKind.NUMBER), n, Typical(), 0.5 - n / 10) for n in range(15)]
    program.workspace.inspect_row = Asked(inspection(cells=tuple(many), counterfactual=NoCounterfactual.TOO_DEEP))
    page = run("detection", "explain").stdout
    assert "3 more columns add -2.40" in page
    assert "No change of up to five columns" in page
    assert len(run("detection", "explain", "--format", "csv").stdout.splitlines()) == 16
