"""THE TABLE of exit codes: what a script can tell from how a command ended."""

from pynomaly.domain.errors import (
    Conflict,
    CorruptModel,
    ExtraNotInstalled,
    Forbidden,
    InvalidData,
    InvalidRequest,
    NotFound,
    NotSignedIn,
    PynomalyError,
    RemoteRefused,
    StorageFull,
    TooManyRequests,
    Unavailable,
)

UNEXPECTED = 1
USAGE = 2
FORBIDDEN = 4
PRECONDITION_FAILED = 6
UNREACHABLE = 7
JOB_FAILED = 8
JOB_CANCELLED = 9
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
    (StorageFull, PRECONDITION_FAILED),
    (NotSignedIn, FORBIDDEN),
    (Forbidden, FORBIDDEN),
    (TooManyRequests, UNREACHABLE),
    (Unavailable, UNREACHABLE),
    (RemoteRefused, UNREACHABLE),
    (ExtraNotInstalled, PRECONDITION_FAILED),
)

MEANINGS = {
    0: "done; also where nothing was flagged, or where a deletion was declined",
    UNEXPECTED: "something unexpected went wrong; `pynomaly --debug …` shows where",
    USAGE: "the request makes no sense as it stands: an unknown option or algorithm, a value out of range, a name that "
    "fits several things, a decision this detector cannot support",
    3: "there is no such dataset, detector, version, detection or model folder",
    FORBIDDEN: "nobody vouches for this, or the role does not allow it",
    5: "the data, a model file or the settings cannot be used",
    PRECONDITION_FAILED: "the state of things forbids it: a name is taken, a detector is not trained, a model cannot "
    "be stored, an extra or a package is not installed, the disk is full",
    UNREACHABLE: "a database or server that is needed does not answer, stays busy, or refuses; the message says which",
    JOB_FAILED: "the job that was waited for failed",
    JOB_CANCELLED: "the job that was waited for was cancelled",
    ANOMALIES_FOUND: "rows were flagged, and `--fail-on-anomaly` asked to be told so",
    INTERRUPTED: "interrupted with Ctrl-C",
}
"""In words what each code tells, for docs/reference/exit-codes.md."""


def exit_code_of(error: Exception) -> int:
    """Return the exit code of an error; what is in no row is unexpected."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), UNEXPECTED)
