"""What is installed here and what is not, found without importing any of it."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from pynomaly.application.program import Check

CORE = ("numpy", "scipy", "scikit-learn", "pyarrow", "sqlalchemy", "alembic", "safetensors", "typer")
EXTRAS = {"excel": ("fastexcel", "read Excel workbooks"), "pyod": ("pyod", "use PyOD's detectors")}


def check_installation() -> Iterator[Check]:
    """Yield one line for Python, each core package and each optional one."""
    yield Check("python", "ok", f"{platform.python_version()} on {sys.platform} {platform.machine()}")
    for package in CORE:
        found = _version(package)
        reinstall = "reinstall: pip install --force-reinstall pynomaly-platform"
        yield Check(package, "ok", found) if found else Check(package, "problem", "not installed", reinstall)
    for extra, (package, purpose) in EXTRAS.items():
        found = _version(package)
        if found:
            yield Check(f"extra {extra}", "ok", f"{package} {found}")
        else:
            advice = f"pip install 'pynomaly-platform[{extra}]'"
            yield Check(f"extra {extra}", "missing", f"needed to {purpose}", advice)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
