"""THE TABLE of exit codes: what a script can tell from how a command ended."""

from pynomaly.domain.errors import (
    Conflict,
    CorruptModel,
    ExtraNotInstalled,
    InvalidData,
    InvalidRequest,
    NotFound,
    PynomalyError,
)

UNEXPECTED = 1
USAGE = 2
PRECONDITION_FAILED = 6
ANOMALIES_FOUND = 10
INTERRUPTED = 130


class InvalidConfiguration(PynomalyError):
    """The settings cannot be used."""


EXIT_CODES: tuple[tuple[type[PynomalyError], int], ...] = (
    (InvalidRequest, USAGE),
    (NotFound, 3),
    (InvalidData, 5),
    (CorruptModel, 5),
    (InvalidConfiguration, 5),
    (Conflict, PRECONDITION_FAILED),
    (ExtraNotInstalled, PRECONDITION_FAILED),
)


def exit_code_of(error: Exception) -> int:
    """Return the exit code of an error; what is in no row is unexpected."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), UNEXPECTED)
