from dataclasses import replace
from pathlib import Path

import pytest

from pynomaly.domain.audit import ChainHead, ChainVerdict
from pynomaly.domain.errors import AlreadyExists, Conflict, UnreadableFile
from tests.fakes.programs import Asked, backup

TAMPERED = {"local": ChainVerdict(ChainHead(2, "b" * 64), "entry 3 was altered")}


def test_a_backup_says_how_much_it_holds_what_vouches_for_it_and_that_the_keys_are_elsewhere(run, program):
    result = run("admin", "backup", "monday")
    assert result.exit_code == 0
    assert result.stdout == (
        "Backed up 7 rows of the database and 3 files (1.25 MB) to 'monday'.\n"
        f"Its manifest has the SHA-256 {'5' * 64}\n"
    )
    assert result.stderr.startswith("The keys are not in it.")
    assert program.all_backups.make.calls == [{"path": Path("monday"), "with_keys": False}]


def test_keys_are_in_it_only_when_asked_for_and_then_it_says_so(run, program):
    program.all_backups.make = Asked(backup(keys=("master.key",)))
    result = run("admin", "backup", "monday", "--include-keys")
    assert program.all_backups.make.calls == [{"path": Path("monday"), "with_keys": True}]
    assert result.stderr.startswith("The keys are in it (master.key): whoever has this folder can open every")


def test_a_restore_says_where_each_audit_log_ends(run, program):
    result = run("admin", "restore", "monday")
    assert result.exit_code == 0
    assert f"The audit log of workspace local is intact. It ends at 7:{'a' * 64}\n" in result.stdout
    assert "put master.key back" in result.stderr
    assert program.all_backups.restore.calls == [{"path": Path("monday"), "expected_digest": None}]


def test_a_restore_may_be_held_to_a_digest_that_was_written_down(run, program):
    run("admin", "restore", "monday", "--expect", "5" * 64)
    assert program.all_backups.restore.calls == [{"path": Path("monday"), "expected_digest": "5" * 64}]


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_files_that_were_missing_are_named(run, program, command):
    contents = replace(backup().contents, missing=("scores/c0ffee.arrow",))
    program.all_backups.make = program.all_backups.restore = Asked(backup(contents=contents))
    result = run("admin", command, "monday")
    assert result.exit_code == 0
    assert "note: scores/c0ffee.arrow was missing when the backup was made" in result.stderr


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_an_audit_log_that_was_tampered_with_is_kept_as_it_is_and_told(run, program, command):
    contents = replace(backup().contents, logs=TAMPERED)
    program.all_backups.make = program.all_backups.restore = Asked(backup(contents=contents))
    result = run("admin", command, "monday")
    assert result.exit_code == 6
    assert "the audit log of workspace local was tampered with: entry 3 was altered" in result.stderr
    assert "is intact" not in result.stdout


@pytest.mark.parametrize(
    ("command", "error", "code"),
    [("backup", AlreadyExists(), 6), ("restore", Conflict(), 6), ("restore", UnreadableFile(), 5)],
)
def test_what_cannot_be_done_ends_with_its_exit_code(run, program, command, error, code):
    program.all_backups.make = program.all_backups.restore = Asked(error)
    assert run("admin", command, "monday").exit_code == code


@pytest.mark.parametrize(
    ("schemas", "said"),
    [
        ((None, "0003"), "Upgraded the database from nothing to schema 0003.\n"),
        (("0002", "0003"), "Upgraded the database from schema 0002 to schema 0003.\n"),
        (("0003", "0003"), "The database is up to date (schema 0003).\n"),
    ],
)
def test_an_upgrade_says_from_where_to_where(run, program, schemas, said):
    program.schemas = schemas
    assert run("admin", "upgrade-database").stdout == said
