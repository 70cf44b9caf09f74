"""What a storm prints: seed, versions, and whatever else is worth a line."""

import platform
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psycopg

REPOSITORY = Path(__file__).parents[2]


def say(line: str) -> None:
    """Print a line at once: somebody may be watching."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def versions(database_url: str | None) -> str:
    """Name the program, its commit, Python and the database."""
    if database_url is None:
        database = f"SQLite {sqlite3.sqlite_version}"
    else:
        with psycopg.connect(database_url) as connection:
            major, minor = divmod(connection.info.server_version, 10_000)
            database = f"PostgreSQL {major}.{minor}"
    return (
        f"pynomaly {version('pynomaly-platform')}  commit {_commit()}  Python {platform.python_version()}  {database}"
    )


def verdict(faults: Sequence[str]) -> bool:
    """Print the faults and the verdict; return whether all is well."""
    for fault in faults:
        say(f"FAULT: {fault}")
    say(f"verdict: {f'FAILED, {len(faults)} faults' if faults else 'pass'}")
    return not faults


def _commit() -> str:
    command = ["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"
