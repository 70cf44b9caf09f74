"""Every example of every command's help, run on the real program."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pynomaly.bootstrap import build
from pynomaly.domain.job import JobStatus
from pynomaly.infrastructure.settings import Settings
from pynomaly.presentation.cli.app import app
from pynomaly.presentation.cli.session import Session
from tests.fakes.programs import job
from tests.fakes.sources import PASSWORD, FakeSources
from tests.infrastructure.persistence.examples import workspace
from tests.presentation.cli.words_of_examples import piped

IN_ORDER = (
    "version", "today", "doctor", "config show", "detector algorithms", "dataset load", "dataset list", "dataset show",
    "dataset profile", "dataset quality", "detector create", "detector train", "dataset look", "detector list",
    "detector show", "demo", "detect", "detection list", "detection show", "detection explain", "detection judge",
    "detection verdicts",
    "detection evaluate", "detection compare", "detection outline", "detection changes", "detection mistakes",
    "detection decide", "detection export", "detector verdicts", "detector export", "detector import",
    "detector delete", "dataset delete", "source kinds", "source create", "source list",
    "source show", "source test", "source change", "dataset pull", "source remove", "job list", "job logs",
    "job cancel", "job retry",
    "job watch", "admin create-workspace", "admin workspaces", "admin create-user", "admin users",
    "admin set-password", "admin verify-audit", "admin backup", "admin upgrade-database",
)  # fmt: skip
JOB_STANDS = {"job cancel": JobStatus.QUEUED, "job retry": JobStatus.FAILED}
"""How the job of the examples stands before they are run; succeeded where nothing else is said."""


def table() -> str:
    rows = [f"o{i},{50 + i * 37 % 41},{'ios' if i % 3 else 'android'},no" for i in range(150)]
    return "\n".join(["order,amount,device,is_fraud", *rows, "o150,9000,fax,yes", "o151,-800,telex,yes"]) + "\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    Path("orders.csv").write_text(table())
    program = build(
        Settings(home=tmp_path / "home", threads=None, origins={"home": "default", "threads": "default"}),
        sources=FakeSources(),
    )

    def one(*words):
        session, password = Session(lambda: program), "correct horse battery\n"
        return CliRunner().invoke(app, list(words), obj=session, prog_name="pynomaly", input=password)

    return one


@pytest.fixture
def jobs(tmp_path):
    """Let the job of the examples stand as they need it."""
    transactions = workspace(tmp_path / "home")
    with transactions.begin() as work:
        work.jobs.add(job())
        work.commit()

    def stand(status):
        with transactions.begin() as work:
            work.jobs.save(job(status=status))
            work.commit()

    yield stand
    transactions.close()


def test_the_examples_of_every_command_work_one_after_the_other(run, jobs):
    run("detector", "create", "Fraud", "--algorithm", "isolation_forest")
    for command in IN_ORDER:
        text = run(*command.split(), "--help").stdout
        examples = re.findall(r"^ +(pynomaly .*)$", text.partition("Examples:")[2].partition("\n\n")[0], re.MULTILINE)
        assert len(examples) >= 2
        for example in examples:
            jobs(JOB_STANDS.get(command, JobStatus.SUCCEEDED))
            ended = run(*piped(example))
            assert ended.exit_code == 0, f"{example}: {ended.output}"
            assert ended.stdout.strip()
