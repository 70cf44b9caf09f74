"""Walk the audit log from its first entry and see that nothing was altered, dropped or moved."""

from dataclasses import dataclass

from pynomaly.application.audit_verification import verified
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.domain.audit import ChainHead, ChainVerdict


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """Read the whole log as it stands at one moment."""

    begin_reading: BeginReading

    def __call__(self, *, expected: ChainHead | None = None) -> ChainVerdict:
        """Return what was found; the end must be where the log itself and `expected`, kept elsewhere, say."""
        with self.begin_reading() as work:
            return verified(work.audit_log, expected)
