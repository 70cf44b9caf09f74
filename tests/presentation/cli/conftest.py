"""Running commands in this process, against a program of fakes."""

import pytest
from typer.testing import CliRunner

from pynomaly.presentation.cli.app import app
from pynomaly.presentation.cli.session import Session
from tests.fakes.programs import FakeProgram
from tests.fakes.sources import PASSWORD


@pytest.fixture
def program():
    return FakeProgram()


@pytest.fixture
def run(program, monkeypatch, tmp_path):
    """Run one command line and return how it ended."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "PYNOMALY_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("HOOK_URL", "https://hooks.example.org/planted-token")
    monkeypatch.setenv("HOOK_SECRET", "whsec_planted")
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)  # which examples of help texts take from there

    def one(*arguments, build=lambda: program, **options):
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(app, words, obj=Session(build), prog_name="pynomaly", **options)

    return one
