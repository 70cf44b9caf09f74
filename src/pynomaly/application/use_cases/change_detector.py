"""Change a detector: another name, another live version, or retirement."""

from collections.abc import Callable
from dataclasses import dataclass

from pynomaly.application.ports.persistence import Begin
from pynomaly.application.revisions import require_revision
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import Conflict
from pynomaly.domain.events import DetectorChanged, Event, VersionPromoted


@dataclass(frozen=True, slots=True)
class ChangeDetector:
    """Rename or retire a detector."""

    begin: Begin

    def __call__(
        self, *, detector: str, name: str | None = None, is_retired: bool | None = None, revision: int | None = None
    ) -> Detector:
        """Return the detector as it is now.

        revision: the one the caller last saw.
        Raises NotFound, StaleWrite, AlreadyExists, InvalidRequest, Conflict for one that is to come out of retirement.
        """

        def changed(found: Detector) -> tuple[Detector, Event]:
            if found.is_retired and is_retired is False:
                raise Conflict(f"detector '{found.name}' is retired for good; create another one")
            after = found if name is None else found.renamed(name)
            return (after.retire() if is_retired else after), DetectorChanged(found.id)

        return _stored(self.begin, detector, revision, changed)


@dataclass(frozen=True, slots=True)
class PromoteVersion:
    """Let another trained version score from now on."""

    begin: Begin

    def __call__(self, *, detector: str, version: int | None = None, revision: int | None = None) -> Detector:
        """Return the detector with that version live; by default with the one before the live one (a rollback).

        Raises NotFound, NotTrained, StaleWrite, Conflict if retired or if there is no version to roll back to.
        """

        def changed(found: Detector) -> tuple[Detector, Event]:
            after = found.promoted(_version_before(found) if version is None else version)
            return after, VersionPromoted(found.id, after.version().number)

        return _stored(self.begin, detector, revision, changed)


def _stored(
    begin: Begin, detector: str, revision: int | None, change: Callable[[Detector], tuple[Detector, Event]]
) -> Detector:
    with begin() as work:
        found = work.detectors.get(detector)
        require_revision(found, revision)
        after, event = change(found)
        work.detectors.save(after)
        stored = work.detectors.get(found.id)
        work.record(event)
        work.conclude(stored)
        work.commit()
    return stored


def _version_before(detector: Detector) -> int:
    live = detector.version().number
    earlier = [version.number for version in detector.versions if version.number < live]
    if not earlier:
        raise Conflict(f"version {live} is the first of detector '{detector.name}': there is nothing to roll back to")
    return max(earlier)
