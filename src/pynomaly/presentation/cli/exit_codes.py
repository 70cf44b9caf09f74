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

MEANINGS = {
    0: "done; also where nothing was flagged, or where a deletion was declined",
    UNEXPECTED: "something unexpected went wrong; `pynomaly --debug …` shows where",
    USAGE: "the request makes no sense as it stands: an unknown option or algorithm, a value out of range, a name that "
    "fits several things, a decision this detector cannot support",
    3: "there is no such dataset, detector, version, detection or model folder",
    5: "the data, a model file or the settings cannot be used",
    PRECONDITION_FAILED: "the state of things forbids it: a name is taken, a detector is not trained, a model cannot "
    "be stored, an extra or a package is not installed",
    ANOMALIES_FOUND: "rows were flagged, and `--fail-on-anomaly` asked to be told so",
    INTERRUPTED: "interrupted with Ctrl-C",
}
"""In words what each code tells, for docs/reference/exit-codes.md."""


def exit_code_of(error: Exception) -> int:
    """Return the exit code of an error; what is in no row is unexpected."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), UNEXPECTED)
