"""Detectors that several processes read for each other: the level between memory and the database."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from pynomaly.application.ports.cache import Look, SharedCache
from pynomaly.application.ports.telemetry import Telemetry
from pynomaly.application.ports.warm_models import FRESH_SECONDS, Seen
from pynomaly.application.written_detectors import detector_from_json, detector_to_json
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import InvalidRequest, NotFound
from pynomaly.domain.identifiers import TenantId

CACHE = "detector"
"""What telemetry calls them."""


@dataclass(frozen=True, slots=True)
class SharedDetectors:
    """The detectors of one workspace, as they were at most a second before by the cache's clock.

    That clock is asked before the database is: so however late what was read arrives there, and whatever was left of
    its second when somebody else found it, no answer is older than that.
    """

    cache: SharedCache
    tenant_id: TenantId
    telemetry: Telemetry

    def __call__(self, name_or_id: str, read: Callable[[], Detector], /, *, fresh: bool) -> Seen:
        """Return a detector, by `read` if nobody read it within the last second or `fresh` is asked for.

        Raises what `read` raises.
        """
        key = f"{self.tenant_id}:detector:{_digest(name_or_id)}"
        look = self.cache.look(key)
        known = None if fresh else _known(look)
        if look.at is not None and not fresh:
            self.telemetry.cache_asked(CACHE, "redis", is_hit=known is not None)
        if known is not None:
            return Seen(known, min(look.seconds_left, FRESH_SECONDS))
        return Seen(self._read(key, read, look))

    def _read(self, key: str, read: Callable[[], Detector], look: Look) -> Detector:
        """Read a detector and let the others know, also if it is gone."""
        try:
            detector = read()
        except NotFound:
            self.telemetry.cache_asked(CACHE, "store", is_hit=False)
            if look.content is not None:
                self.cache.forget(key)
            raise
        self.telemetry.cache_asked(CACHE, "store", is_hit=True)
        if look.at is not None:
            self.cache.put(key, json.dumps(detector_to_json(detector)).encode(), until=look.at + FRESH_SECONDS)
        return detector


def _known(look: Look) -> Detector | None:
    """Return what was found; another version of the program may have written it otherwise."""
    try:
        return None if look.content is None else detector_from_json(json.loads(look.content))
    except (ValueError, KeyError, TypeError, InvalidRequest):
        return None


def _digest(name_or_id: str) -> str:
    """Return what stands for a name in a key: as long as any other, and without anybody's words."""
    return hashlib.sha256(name_or_id.encode("utf-8", "surrogatepass")).hexdigest()
