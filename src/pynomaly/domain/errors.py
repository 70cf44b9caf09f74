"""Everything that can go wrong, as one tree; a class docstring is the default message.

PynomalyError
├── InvalidData              the rows cannot be used            (exit 5)
│   ├── UnreadableFile       the file is not what it claims to be
│   ├── EmptyDataset         no rows, or no usable columns
│   ├── TooFewRows           not enough rows to learn from
│   ├── ColumnMismatch       the columns differ from training
│   ├── InvalidLabels        a label column that is not yes/no
│   └── NonFiniteScores      a detector returned no usable numbers
├── InvalidRequest           the question cannot be answered    (exit 2)
│   ├── UnknownAlgorithm
│   ├── InvalidParameter
│   ├── PolicyNotAvailable   this decision needs something the model lacks
│   └── DestinationRefused   the program does not connect to such a place
├── NotFound                 no such object                     (exit 3)
├── Conflict                 the state forbids it               (exit 6)
│   ├── AlreadyExists
│   ├── NotTrained
│   ├── NotStorable          no safe file format for this model
│   ├── TransductiveDetector cannot score rows it was not fitted on
│   ├── StaleWrite           somebody else changed it meanwhile
│   ├── StillRunning         the same request is being answered already
│   ├── LeaseLost            this work was given to somebody else
│   └── SealBroken           a stored secret cannot be opened
├── NotSignedIn              nobody vouches for this request    (exit 4)
├── Forbidden                the role does not allow it         (exit 4)
├── TooManyRequests          slower, please                     (exit 7)
├── Unavailable              a server this needs is away        (exit 7)
│   └── RemoteUnavailable    a place that users named is away
├── RemoteRefused            another system answered no         (exit 7)
├── StorageFull              nothing can be written any more    (exit 6)
├── ExtraNotInstalled        an optional package is missing     (exit 6)
└── CorruptModel             a model file failed validation     (exit 5)
"""

from collections.abc import Iterable
from difflib import get_close_matches


class PynomalyError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class InvalidData(PynomalyError):
    """These rows cannot be used."""


class UnreadableFile(InvalidData):
    """The file cannot be read."""


class EmptyDataset(InvalidData):
    """There are no rows to look at."""


class TooFewRows(InvalidData):
    """There are not enough rows to learn from."""


class ColumnMismatch(InvalidData):
    """The columns differ from those the detector was trained on."""


class InvalidLabels(InvalidData):
    """The label column must say yes or no for every row."""


class NonFiniteScores(InvalidData):
    """The detector returned scores that are not finite numbers."""


class InvalidRequest(PynomalyError):
    """The request makes no sense as it stands."""


class UnknownAlgorithm(InvalidRequest):
    """There is no such algorithm; see `pynomaly detector algorithms`."""


class InvalidParameter(InvalidRequest):
    """A parameter is outside its range."""


class PolicyNotAvailable(InvalidRequest):
    """This model cannot support that decision policy."""


class DestinationRefused(InvalidRequest):
    """The program does not connect to that place."""


class NotFound(PynomalyError):
    """There is no such object."""


class Conflict(PynomalyError):
    """The object's state does not allow this."""


class AlreadyExists(Conflict):
    """That name is taken."""


class NotTrained(Conflict):
    """The detector has not been trained; run `pynomaly detector train`."""


class NotStorable(Conflict):
    """This detector's state cannot be stored safely."""


class TransductiveDetector(Conflict):
    """This detector can only score the rows it was fitted on."""


class StaleWrite(Conflict):
    """Somebody else changed this meanwhile; read it again and retry."""


class StillRunning(Conflict):
    """The same request is being answered already; ask again in a moment."""


class LeaseLost(Conflict):
    """This work was given to somebody else meanwhile; nothing of it was stored."""


class SealBroken(Conflict):
    """A stored secret cannot be opened: it was altered, moved, or sealed with a key that is not there; set it anew."""


class NotSignedIn(PynomalyError):
    """Sign in first: no valid token or key came with the request."""


class Forbidden(PynomalyError):
    """Your role does not allow this; ask an admin of the workspace."""

    def __init__(self, message: str = "", *, missing: str = "") -> None:
        super().__init__(message)
        self.missing = missing


class TooManyRequests(PynomalyError):
    """Too many requests; wait a moment and try again."""

    def __init__(self, message: str = "", *, retry_after_seconds: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(PynomalyError):
    """A server that this needs does not answer; try again in a moment."""


class RemoteUnavailable(Unavailable):
    """The other system does not answer; try again later."""

    def __init__(self, message: str = "", *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RemoteRefused(PynomalyError):
    """The other system answered, and refused; asking again would not help."""


class StorageFull(PynomalyError):
    """There is no room left to write to; nothing was stored."""


class ExtraNotInstalled(PynomalyError):
    """An optional package is missing."""


class CorruptModel(PynomalyError):
    """The model file failed validation and was not loaded."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the closest known word, or an empty string.

    >>> did_you_mean("amonut", ["amount", "country"])
    "; did you mean 'amount'?"
    >>> did_you_mean("a", ["A", "b"])
    "; did you mean 'A'?"
    >>> did_you_mean("zzz", ["amount"])
    ''
    """
    by_lower_case = {name.lower(): name for name in known}
    close = get_close_matches(str(word).lower(), by_lower_case, n=1, cutoff=0.6)
    return f"; did you mean '{by_lower_case[close[0]]}'?" if close else ""
