import pytest

from pynomaly.domain import errors
from pynomaly.presentation.cli.exit_codes import EXIT_CODES, InvalidConfiguration, exit_code_of
from tests.fakes.programs import FakeProgram

DOCUMENTED = {
    errors.InvalidData: 5,
    errors.UnreadableFile: 5,
    errors.EmptyDataset: 5,
    errors.TooFewRows: 5,
    errors.ColumnMismatch: 5,
    errors.InvalidLabels: 5,
    errors.NonFiniteScores: 5,
    errors.InvalidRequest: 2,
    errors.UnknownAlgorithm: 2,
    errors.InvalidParameter: 2,
    errors.PolicyNotAvailable: 2,
    errors.DestinationRefused: 2,
    errors.NotFound: 3,
    errors.Conflict: 6,
    errors.AlreadyExists: 6,
    errors.NotTrained: 6,
    errors.NotStorable: 6,
    errors.TransductiveDetector: 6,
    errors.StaleWrite: 6,
    errors.StillRunning: 6,
    errors.LeaseLost: 6,
    errors.SealBroken: 6,
    errors.NotSignedIn: 4,
    errors.Forbidden: 4,
    errors.TooManyRequests: 7,
    errors.Unavailable: 7,
    errors.RemoteUnavailable: 7,
    errors.RemoteRefused: 7,
    errors.StorageFull: 6,
    errors.ExtraNotInstalled: 6,
    errors.CorruptModel: 5,
}


def all_errors(kind=errors.PynomalyError):
    for below in kind.__subclasses__():
        yield below
        yield from all_errors(below)


@pytest.mark.parametrize(("kind", "code"), DOCUMENTED.items(), ids=lambda value: getattr(value, "__name__", value))
def test_each_error_ends_a_command_with_its_code_and_one_line(run, kind, code):
    result = run("detect", "a.csv", build=lambda: FakeProgram(kind("that went wrong; do this")))
    assert result.exit_code == code
    assert result.stderr == "error: that went wrong; do this\n"
    assert result.stdout == ""


def test_every_error_of_the_tree_has_a_row():
    rows = tuple(kind for kind, _ in EXIT_CODES)
    over_http = "pynomaly.presentation.http"  # what only HTTP can get wrong never ends a command
    reachable = [kind for kind in all_errors() if not kind.__module__.startswith(over_http)]
    assert [kind for kind in reachable if not issubclass(kind, rows)] == []
    assert set(DOCUMENTED) == {kind for kind in all_errors() if kind.__module__ == errors.__name__}


def test_settings_that_cannot_be_used_exit_5(run):
    def build():
        raise errors.InvalidRequest("pynomaly.toml: there is no setting 'hom'; did you mean 'home'?")

    result = run("config", "show", build=build)
    assert result.exit_code == exit_code_of(InvalidConfiguration()) == 5
    assert "did you mean 'home'" in result.stderr


def test_the_unexpected_exits_1_with_one_clear_line_and_no_traceback(run):
    result = run("detect", "a.csv", build=lambda: FakeProgram(ZeroDivisionError("division by zero")))
    assert result.exit_code == 1
    assert "something unexpected went wrong (ZeroDivisionError: division by zero)" in result.stderr
    assert "Traceback" not in result.stderr
    assert "--debug" in result.stderr


def test_debug_shows_where_an_error_came_from(run):
    result = run("--debug", "detect", "a.csv", build=lambda: FakeProgram(ZeroDivisionError("division by zero")))
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    known = run("--debug", "detect", "a.csv", build=lambda: FakeProgram(errors.NotFound("no")))
    assert known.exit_code == 3
    assert "Traceback" in known.stderr


def test_too_little_memory_is_said_in_words(run):
    result = run("detect", "a.csv", build=lambda: FakeProgram(MemoryError()))
    assert result.exit_code == 1
    assert "not enough memory" in result.stderr


def test_an_interrupted_command_exits_130(run):
    result = run("detect", "a.csv", build=lambda: FakeProgram(KeyboardInterrupt()))
    assert result.exit_code == 130
    assert result.stderr == "interrupted\n"


def test_an_error_message_cannot_steer_the_terminal(run):
    result = run("detect", "a.csv", build=lambda: FakeProgram(errors.InvalidData("column '\x1b[31mred'\nfoo")))
    assert result.stderr == "error: column '\\x1b[31mred'\\nfoo\n"
