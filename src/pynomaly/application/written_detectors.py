"""A detector as JSON and back, for other processes of the same version to read."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.detector import Detector, DetectorVersion


def detector_to_json(detector: Detector) -> dict[str, JsonValue]:
    """Return a detector in JSON's own types."""
    form = asdict(detector) | {"created_at": detector.created_at.isoformat()}
    for version in form["versions"]:
        version["trained_at"] = version["trained_at"].isoformat()
    return cast(dict[str, JsonValue], form)


def detector_from_json(form: Any) -> Detector:
    """Return the detector that `detector_to_json` was given. Raises ValueError, KeyError or TypeError."""
    versions = tuple(
        DetectorVersion(**version | {"trained_at": datetime.fromisoformat(version["trained_at"])})
        for version in form["versions"]
    )
    return Detector(**form | {"created_at": datetime.fromisoformat(form["created_at"]), "versions": versions})
