"""The program's name and version, found with as few imports as can be."""

from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "pynomaly-platform"


def version_line() -> str:
    """Return the program's name and version."""
    try:
        return f"pynomaly {version(DISTRIBUTION)}"
    except PackageNotFoundError:
        return "pynomaly, version unknown: it runs without having been installed"
