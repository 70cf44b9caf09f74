"""What is installed here and what is not, found without importing any of it."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from pynomaly.application.program import Check

CORE = ("numpy", "scipy", "scikit-learn", "pyarrow", "sqlalchemy", "alembic", "safetensors", "typer")
EXTRAS = {
    "excel": ("fastexcel", "read Excel workbooks"),
    "pyod": ("pyod", "use PyOD's detectors"),
    "s3": ("minio", "read rows from object stores"),
}
OF_SERVERS = {
    "server": ("uvicorn", "serve the REST API and to show metrics"),
    "postgres": ("psycopg", "use a PostgreSQL database, or read rows from one"),
    "redis": ("redis", "share a cache"),
    "otel": ("opentelemetry-exporter-otlp-proto-http", "send traces"),
}
"""Extras that only servers and workers have a use for: what is looked for, and what it is needed to do."""


def check_installation() -> Iterator[Check]:
    """Yield one line for Python, each core package and each optional one."""
    yield Check("python", "ok", f"{platform.python_version()} on {sys.platform} {platform.machine()}")
    for package in CORE:
        found = _version(package)
        reinstall = "reinstall: pip install --force-reinstall pynomaly-platform"
        yield Check(package, "ok", found) if found else Check(package, "problem", "not installed", reinstall)
    for extra in EXTRAS:
        yield check_extra(extra)


def check_extra(extra: str, *, is_needed: bool = False) -> Check:
    """Return the line for an optional part. is_needed: whether the settings make it a problem that it is missing."""
    package, purpose = (EXTRAS | OF_SERVERS)[extra]
    found = _version(package)
    if found:
        return Check(f"extra {extra}", "ok", f"{package} {found}")
    advice = f"pip install 'pynomaly-platform[{extra}]'"
    return Check(f"extra {extra}", "problem" if is_needed else "missing", f"needed to {purpose}", advice)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
