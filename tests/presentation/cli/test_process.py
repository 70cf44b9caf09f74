"""The command as a process of its own: what it imports, how it ends, what a terminal gets to see."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

FULL_DISK = Path("/dev/full")
SERVE_FAKE = """
import sys
from pynomaly.presentation.cli.app import run
from tests.fakes.findings import one_look, anomaly, REASONS
from tests.fakes.programs import FakeProgram
run(lambda: FakeProgram(one_look(n_anomalies={n}, n_strangest={n})))
"""
HEAVY = (
    "numpy",
    "scipy",
    "sklearn",
    "pyarrow",
    "sqlalchemy",
    "alembic",
    "rich",
    "pyod",
    "pandas",
    "pydantic",
    "asyncio",
)


def process(*arguments, environment=None, **options):
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=clean | (environment or {}), **options
    )


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["detect", "--help"], ["dataset", "load", "--help"]])
def test_help_and_version_import_nothing_heavy(arguments):
    code = (
        "import sys, pynomaly.__main__ as entry\n"
        f"sys.argv = ['pynomaly', *{arguments!r}]\n"
        "try:\n    entry.main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
        f"found = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print('heavy:', found, file=sys.stderr)\n"
    )
    ended = process("-c", code)
    assert ended.returncode == 0
    assert ended.stderr == "heavy: []\n"
    assert ended.stdout


def test_the_version_comes_before_the_command_tree_is_imported():
    code = "import sys, pynomaly.__main__ as entry\nsys.argv = ['pynomaly', '--version']\nentry.main()\n"
    ended = process("-c", code + "print('typer' in sys.modules)")
    assert ended.stdout.splitlines()[1] == "False"


def test_the_module_runs_as_the_command():
    ended = process("-m", "pynomaly", "detect")
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: say what to look at: pynomaly detect DATA")


@pytest.mark.skipif(os.name != "posix", reason="pipes of a shell")
def test_a_reader_that_leaves_early_ends_the_command_quietly():
    command = [sys.executable, "-c", SERVE_FAKE.format(n=40), "detect", "a.csv", "--format", "ndjson", "--top", "40"]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        ended = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr


@pytest.mark.parametrize(
    ("environment", "is_bold"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
def test_a_pipe_gets_plain_text_unless_told_otherwise(environment, is_bold):
    ended = process("-c", SERVE_FAKE.format(n=1), "detect", "a.csv", environment=environment)
    assert ended.stdout.startswith("\x1b[1m1 of 40 rows stands out\x1b[0m" if is_bold else "1 of 40 rows stands out\n")


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_columns_set_the_width(columns):
    ended = process("-c", SERVE_FAKE.format(n=3), "detect", "a.csv", environment={"COLUMNS": str(columns)})
    table = ended.stdout.split("\n\n")[1].splitlines()
    assert max(len(line) for line in table) <= columns
    assert len(table) == {60: 10, 80: 7, 140: 4}[columns]


def test_a_terminal_without_its_characters_still_gets_every_line():
    ended = process(
        "-c", SERVE_FAKE.format(n=1), "detect", "a.csv", environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert ended.returncode == 0
    assert "\\xd7 the usual 70" in ended.stdout


@pytest.mark.skipif(os.name != "posix", reason="terminals of a Unix")
@pytest.mark.parametrize(
    ("answer", "code", "outcome"),
    [("y\n", 0, "Deleted dataset 'orders' (40 rows).\n"), ("n\n", 0, ""), ("\x04", 130, "")],
    ids=["yes", "no", "end of input"],
)
def test_a_terminal_is_asked_before_something_is_deleted(answer, code, outcome):
    keyboard, terminal = os.openpty()
    os.write(keyboard, answer.encode())
    command = [sys.executable, "-c", SERVE_FAKE.format(n=1), "dataset", "delete", "orders"]
    ended = subprocess.run(command, stdin=terminal, capture_output=True, text=True)
    os.close(keyboard)
    os.close(terminal)
    assert "Delete dataset 'orders' (40 rows)? This cannot be undone." in ended.stderr
    assert (ended.returncode, ended.stdout) == (code, outcome)


@pytest.mark.skipif(os.name != "posix", reason="terminals of a Unix")
def test_a_terminal_is_asked_for_a_password_twice_and_shows_it_not_once():
    keyboard, terminal = os.openpty()
    command = [sys.executable, "-c", SERVE_FAKE.format(n=1), "admin", "create-user", "bo@example.org"]
    alone = {"stdin": terminal, "stdout": subprocess.PIPE, "start_new_session": True}  # no other terminal to ask at
    with subprocess.Popen(command, stderr=subprocess.PIPE, **alone) as asking:
        prompts = [_answer(asking.stderr, keyboard, "correct horse battery\n") for _ in range(2)]
        assert asking.stdout.read() == b"Created user 'bo@example.org', viewer.\n"
    assert [prompt.strip().split()[0] for prompt in prompts] == [b"Password:", b"Repeat"]
    shown = os.read(keyboard, 4096) if select.select([keyboard], [], [], 0)[0] else b""
    assert b"correct" not in shown
    os.close(keyboard)
    os.close(terminal)


def _answer(stream, keyboard, text):
    """Wait for a prompt, type an answer, and return the prompt."""
    prompt = b""
    while not prompt.endswith(b": "):
        prompt += os.read(stream.fileno(), 1)
    os.write(keyboard, text.encode())
    return prompt


@pytest.mark.skipif(os.name != "posix", reason="terminals of a Unix")
@pytest.mark.parametrize(("environment", "is_bold"), [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_the_headline_in_bold_unless_it_is_dumb(environment, is_bold):
    screen, terminal = os.openpty()
    command = [sys.executable, "-c", SERVE_FAKE.format(n=1), "detect", "a.csv"]
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    subprocess.run(command, stdout=terminal, stderr=subprocess.DEVNULL, env=clean | environment, check=True)
    os.close(terminal)
    shown = os.read(screen, 4096).decode()
    os.close(screen)
    assert shown.startswith("\x1b[1m1 of 40") if is_bold else shown.startswith("1 of 40")


@pytest.mark.skipif(os.name != "posix", reason="closed streams of a shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_stops_nothing(tmp_path, closed):
    script = tmp_path / "detect.py"
    script.write_text(SERVE_FAKE.format(n=1))
    command = f'"{sys.executable}" "{script}" detect a.csv --top 1 {closed}'
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment)
    assert (ended.returncode, "error" in ended.stderr) == (0, False)


@pytest.mark.skipif(not FULL_DISK.exists(), reason="a full disk of Linux")
def test_a_full_disk_ends_with_a_sentence():
    with FULL_DISK.open("w") as full:
        command = [sys.executable, "-c", SERVE_FAKE.format(n=1), "detect", "a.csv"]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 5
    assert ended.stderr.splitlines()[0].startswith("error: the result cannot be written (No space left on device)")
    assert "Exception ignored" not in ended.stderr
