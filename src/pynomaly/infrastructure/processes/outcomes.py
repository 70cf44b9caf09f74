"""How a child ended, as this process would have ended: with a result or with an error."""

from collections.abc import Callable

from pynomaly.application.ports.child_process import Crashed, Outcome, Refused, Succeeded
from pynomaly.domain import errors
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import PynomalyError, UnreadableFile


class UnexpectedInChild(Exception):
    """A child met an error that nobody foresaw; where it happened stands in the log."""


def too_much(crashed: Crashed) -> PynomalyError:
    """Return the error for a file whose reading killed the process that read it."""
    return UnreadableFile(
        f"reading this took more than it may ({crashed.reason}); split it, or export it as plain CSV."
    )


def raise_outcome(outcome: Outcome, *, crashed: Callable[[Crashed], PynomalyError] = too_much) -> JsonValue:
    """Return what a task came to, or raise what it raised, as the same class of error.

    crashed: what the death of the process means to the caller.  Raises UnexpectedInChild for other errors than ours.
    """
    match outcome:
        case Succeeded(result):
            return result
        case Refused(kind, detail):
            raise _error(kind, detail)
        case Crashed():
            raise crashed(outcome)


def _error(kind: str, detail: str) -> Exception:
    found = getattr(errors, kind, None)
    if isinstance(found, type) and issubclass(found, PynomalyError):
        return found(detail)
    return UnexpectedInChild(f"{kind}: {detail}")
