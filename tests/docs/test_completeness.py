"""Whatever the program has, the pages tell: settings, variables, routes, commands, errors, events, jobs, metrics."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from generate import REFERENCE
from member_words import member_words
from pynomaly.domain import errors
from pynomaly.domain.access import Permission, Role
from pynomaly.domain.events import Event
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.infrastructure.settings import ENVIRONMENT_ONLY, NAMES, TABLE, Settings
from pynomaly.presentation.cli.exit_codes import EXIT_CODES, MEANINGS
from pynomaly.presentation.cli.views.formats import Format
from pynomaly.presentation.http.errors import TABLE as PROBLEMS
from tests.presentation.cli.test_help import all_commands
from tests.service.operations import OPERATIONS
from walkthrough import ROOT

SOURCES = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "src").rglob("*.py")))
METRIC = re.compile(r'"(pynomaly_[a-z0-9_]+)"')
VARIABLE = re.compile(
    r"""(?:environ(?:\.get\(|\.pop\(|\[)|getenv\(|envvar=)\s*"([A-Z][A-Z0-9_]*)"|\b((?:PYNOMALY|OTEL)_[A-Z0-9_]*[A-Z0-9])\b"""
)


def page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def variables_in(source):
    return {name for found in VARIABLE.findall(source) for name in found if name}


def test_every_setting_is_told_with_its_variable_and_its_purpose():
    settings = page("settings.md")
    assert {field.name for field in fields(Settings)} == {*NAMES, "origins"}
    assert [name for name in NAMES if f"| `{name}` | `PYNOMALY_{name.upper()}` |" not in settings] == []
    assert [name for name, row in TABLE.items() if len(row.words) < 20] == []


def test_every_variable_that_the_program_reads_is_told():
    settings = page("settings.md")
    assert [name for name in sorted(variables_in(SOURCES)) if f"`{name}`" not in settings] == []
    assert [form for form in Format if f"`{form.value}`" not in ENVIRONMENT_ONLY["PYNOMALY_FORMAT"]] == []


def test_variables_are_found_however_they_are_read():
    source = 'os.environ["A_B"] environ.get("CD") getenv("E") typer.Option(envvar="F_G") as PYNOMALY_HOME says, "HI"'
    assert variables_in(source) == {"A_B", "CD", "E", "F_G", "PYNOMALY_HOME"}


def test_every_route_is_told():
    rest = page("rest.md")
    assert len(OPERATIONS) > 40
    assert [one.name for one in OPERATIONS if f"\n### {one.method} {one.path}\n" not in rest] == []


def test_every_permission_and_role_is_told():
    rest = page("rest.md")
    assert [one for one in Permission if f"\n| `{one}` |" not in rest] == []
    assert "| permission | " + " | ".join(Role) + " |" in rest


def test_every_command_is_told():
    commands = page("commands.md")
    known = [" ".join(("pynomaly", *words)) for words in all_commands()]
    assert len(known) > 40
    assert [command for command in known if f"\n## {command}\n" not in commands] == []


def _tree(kind):
    for one in kind.__subclasses__():
        if one.__module__ == errors.__name__:
            yield from (one, *_tree(one))


def test_every_error_is_told_with_its_exit_code_and_its_problem():
    codes, problems = page("exit-codes.md"), page("problems.md")
    assert [one.__name__ for one in _tree(errors.PynomalyError) if f"\n| `{one.__name__}` |" not in codes] == []
    assert [row.slug for row in PROBLEMS if f"\n## {row.slug}\n" not in problems] == []
    assert [code for code in {*MEANINGS, *(code for _, code in EXIT_CODES)} if f"\n| {code} |" not in codes] == []


def test_every_kind_of_event_is_told():
    events = page("events.md")
    assert [kind.__name__ for kind in get_args(Event) if f"\n| `{kind.__name__}` |" not in events] == []


@pytest.mark.parametrize("kind", [JobKind, JobStatus])
def test_every_kind_and_state_of_a_job_is_told_in_words(kind):
    jobs = page("jobs.md")
    assert [member for member, words in member_words(kind) if not words] == []
    assert [member for member in kind if f"\n| `{member}` |" not in jobs] == []


def metrics_in(source):
    return set(METRIC.findall(source))


def test_every_metric_is_told():
    told = "".join(file.read_text(encoding="utf-8") for file in REFERENCE.glob("metrics.md"))
    assert [name for name in sorted(metrics_in(SOURCES)) if f"`{name}`" not in told] == []


def test_metrics_are_found_by_their_names():
    assert metrics_in('Counter("pynomaly_jobs_total", "jobs of pynomaly_x")') == {"pynomaly_jobs_total"}


def test_every_page_of_the_reference_can_be_found_from_the_readme():
    readme = Path(ROOT / "README.md").read_text(encoding="utf-8")
    assert [file.name for file in REFERENCE.glob("*.md") if f"(docs/reference/{file.name})" not in readme] == []
