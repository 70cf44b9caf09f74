import re

import pytest
from typer.main import get_command

from pynomaly.presentation.cli.app import COMMANDS, _imported, app
from tests.presentation.cli.words_of_examples import piped


def all_commands():
    yield ()
    for name in COMMANDS:
        yield (name,)
        for below in getattr(_imported(name), "commands", {}):
            yield (name, below)


def examples_of(help_text):
    return re.findall(r"^ +(pynomaly .*)$", help_text.partition("Examples:")[2].partition("\n\n")[0], re.MULTILINE)


@pytest.mark.parametrize("command", list(all_commands()), ids=" ".join)
def test_help_begins_with_two_examples_that_work(run, tmp_path, command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert re.match(r"Usage: pynomaly.*(\n +.*)*\n\n  Examples:\n", result.stdout)
    examples = examples_of(result.stdout)
    assert len(examples) >= 2
    (tmp_path / "orders.csv").write_text("amount\n1\n")
    for example in examples:
        ended = run(*piped(example), input="correct horse battery\n")
        assert ended.exit_code == 0, f"{example}: {ended.output}"


def test_the_tree_lists_each_command_with_its_line(run):
    shown = run("--help").stdout
    for name, line in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("group", "line"),
    [
        ("dataset", "delete Delete a dataset and its rows. "),
        ("detector", "list List detectors, newest first. "),
        ("job", "watch Follow a job until it ends; exits 8 if it failed, 9 if it was cancelled. logs "),
        ("admin", "verify-audit Walk the audit log from its first entry and see that nothing was altered, dropped or "),
    ],
)
def test_a_group_lists_each_command_with_its_first_sentence(run, group, line):
    listed = " ".join(run(group, "--help").stdout.partition("Commands:\n")[2].split()) + " "
    assert line in listed
    assert "Examples" not in listed


def test_every_command_of_the_tree_has_a_module_and_keeps_its_name():
    for name in COMMANDS:
        assert _imported(name).name == name
    assert list(get_command(app).commands) == list(COMMANDS)


def test_a_mistyped_command_is_answered_with_the_closest(run):
    result = run("detcet", "a.csv")
    assert result.exit_code == 2
    assert "Did you mean 'detect'" in result.stderr


def test_the_version_is_one_line_both_ways(run):
    assert re.fullmatch(r"pynomaly \S+\n", run("--version").stdout)
    assert run("version").stdout == run("--version").stdout
