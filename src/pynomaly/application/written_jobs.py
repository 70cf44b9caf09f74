"""What a job's payload says, and that it makes sense: ids and choices, never rows.

train:   {"detector_id", "dataset_id", "seed"}
detect:  {"detector_id", "dataset_id", "version", "policy", "n_strangest"}
"""

from collections.abc import Mapping
from typing import Any, cast

from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.written_policies import policy_from_json, policy_to_json
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.decision import StandsOut
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import Conflict, InvalidRequest
from pynomaly.domain.job import JobKind

FIELDS = {
    JobKind.TRAIN: {"detector_id", "dataset_id", "seed"},
    JobKind.DETECT: {"detector_id", "dataset_id", "version", "policy", "n_strangest"},
}
MOST_STRANGEST = 1000
DEFAULT_STRANGEST = 100


def checked_payload(work: UnitOfWork, kind: JobKind, payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a complete payload: names as ids, choices checked, defaults filled in.

    Raises InvalidRequest, NotFound, NotTrained, Conflict if the detector is retired.
    """
    unknown = set(payload) - FIELDS[kind]
    if unknown:
        raise InvalidRequest(f"a {kind} job takes {', '.join(sorted(FIELDS[kind]))}, not {', '.join(sorted(unknown))}")
    detector = work.detectors.get(_text(payload, "detector_id"))
    dataset = work.datasets.get(_text(payload, "dataset_id"))
    ids: dict[str, JsonValue] = {"detector_id": detector.id, "dataset_id": dataset.id}
    return ids | (_training(detector, payload) if kind is JobKind.TRAIN else _detecting(detector, payload))


def _training(detector: Detector, payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    if detector.is_retired:
        raise Conflict(f"detector '{detector.name}' is retired and takes no new versions")
    return {"seed": _whole(payload, "seed", 0, 0, 2**63 - 1)}


def _detecting(detector: Detector, payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    version = payload.get("version")
    if version is not None:
        version = _whole(payload, "version", 1, 1, 2**31 - 1)
    detector.version(version)
    return {
        "version": version,
        "policy": _policy(payload.get("policy")),
        "n_strangest": _whole(payload, "n_strangest", DEFAULT_STRANGEST, 1, MOST_STRANGEST),
    }


def _policy(written: JsonValue) -> dict[str, Any]:
    if written is None:
        return policy_to_json(StandsOut())
    try:
        return policy_to_json(policy_from_json(cast(dict[str, Any], written)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidRequest("the policy makes no sense; docs/reference/decisions.md lists what there is") from error


def _text(payload: Mapping[str, JsonValue], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str):
        raise InvalidRequest(f"'{name}' is the name or id of one, not {value!r}")
    return value


def _whole(payload: Mapping[str, JsonValue], name: str, default: int, low: int, high: int) -> int:
    value = payload.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidRequest(f"'{name}' is a whole number from {low} to {high}, not {value!r}")
    return value
