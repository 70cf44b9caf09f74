"""What a job's payload says, and that it makes sense: ids and choices, never rows and never secrets.

train:   {"detector_id", "dataset_id", "seed", "then_detect"}; jobs of earlier versions lack the last
detect:  {"detector_id", "version", "policy", "n_strangest"} and {"dataset_id"} or {"source_id", "selection", ...}
pull:    {"name"} and {"source_id", "selection", "roles", "kinds"}
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar, cast

from pynomaly.application.dataset_names import require_free_name
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.source_opening import checked_selection
from pynomaly.application.written_policies import policy_from_json, policy_to_json
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.decision import StandsOut
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import Conflict, InvalidRequest
from pynomaly.domain.job import JobKind

READING = {"source_id", "selection", "roles", "kinds"}
FIELDS = {
    JobKind.TRAIN: {"detector_id", "dataset_id", "seed", "then_detect"},
    JobKind.DETECT: {"detector_id", "dataset_id", "version", "policy", "n_strangest"} | READING,
    JobKind.PULL: {"name"} | READING,
}
MOST_STRANGEST = 1000
DEFAULT_STRANGEST = 100
_Word = TypeVar("_Word", bound=StrEnum)


def checked_payload(
    work: UnitOfWork, kind: JobKind, payload: Mapping[str, JsonValue], sources: SourceCatalog
) -> dict[str, JsonValue]:
    """Return a complete payload: names as ids, choices checked, defaults filled in.

    Raises InvalidRequest, NotFound, NotTrained, AlreadyExists, Conflict if the detector is retired.
    """
    unknown = set(payload) - FIELDS[kind]
    if unknown:
        raise InvalidRequest(f"a {kind} job takes {', '.join(sorted(FIELDS[kind]))}, not {', '.join(sorted(unknown))}")
    if kind is JobKind.PULL:
        return _reading(work, payload, sources) | {"name": _free_name(work, payload)}
    detector = work.detectors.get(_text(payload, "detector_id"))
    ids: dict[str, JsonValue] = {"detector_id": detector.id}
    if kind is JobKind.TRAIN:
        return ids | _dataset(work, payload) | _training(detector, payload)
    return ids | _rows(work, payload, sources) | _detecting(detector, payload)


def detecting_by_default(detector_id: str, dataset_id: str, version: int) -> dict[str, JsonValue]:
    """Return the complete payload of a detection that leaves every choice to the defaults."""
    ids: dict[str, JsonValue] = {"detector_id": detector_id, "dataset_id": dataset_id, "version": version}
    return ids | {"policy": policy_to_json(StandsOut()), "n_strangest": DEFAULT_STRANGEST}


def roles_of(payload: Mapping[str, JsonValue]) -> dict[str, ColumnRole]:
    """Return the roles that a payload gives to columns. Raises InvalidRequest."""
    return _words(payload, "roles", ColumnRole)


def kinds_of(payload: Mapping[str, JsonValue]) -> dict[str, ColumnKind]:
    """Return the kinds that a payload gives to columns. Raises InvalidRequest."""
    return _words(payload, "kinds", ColumnKind)


def _dataset(work: UnitOfWork, payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {"dataset_id": work.datasets.get(_text(payload, "dataset_id")).id}


def _rows(work: UnitOfWork, payload: Mapping[str, JsonValue], sources: SourceCatalog) -> dict[str, JsonValue]:
    given = [name for name in ("dataset_id", "source_id") if payload.get(name) is not None]
    if len(given) != 1:
        raise InvalidRequest("rows come from a dataset or from a source: give 'dataset_id' or 'source_id', one of them")
    if given == ["source_id"]:
        return _reading(work, payload, sources)
    if READING & {name for name, value in payload.items() if value is not None}:
        raise InvalidRequest("'selection', 'roles' and 'kinds' go with 'source_id': a dataset has its own")
    return _dataset(work, payload)


def _reading(work: UnitOfWork, payload: Mapping[str, JsonValue], sources: SourceCatalog) -> dict[str, JsonValue]:
    source = work.sources.get(_text(payload, "source_id"))
    selection = payload.get("selection") or {}
    if not isinstance(selection, Mapping):
        raise InvalidRequest(f"'selection' says what to read, by field, not {selection!r}")
    read: dict[str, Any] = checked_selection(sources.kind(source.kind), selection)
    roles: dict[str, Any] = {name: role.value for name, role in roles_of(payload).items()}
    kinds: dict[str, Any] = {name: kind.value for name, kind in kinds_of(payload).items()}
    return {"source_id": source.id, "selection": read, "roles": roles, "kinds": kinds}


def _free_name(work: UnitOfWork, payload: Mapping[str, JsonValue]) -> str | None:
    if payload.get("name") is None:
        return None
    name = _text(payload, "name")
    require_free_name(work, name)
    return name


def _training(detector: Detector, payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    if detector.is_retired:
        raise Conflict(f"detector '{detector.name}' is retired and takes no new versions")
    then_detect = payload.get("then_detect", False)
    if not isinstance(then_detect, bool):
        raise InvalidRequest(f"'then_detect' is true or false, not {then_detect!r}")
    return {"seed": _whole(payload, "seed", 0, 0, 2**63 - 1), "then_detect": then_detect}


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


def _words(payload: Mapping[str, JsonValue], name: str, kind: type[_Word]) -> dict[str, _Word]:
    given = payload.get(name) or {}
    try:
        return {str(column): kind(cast(str, word)) for column, word in cast(dict[str, JsonValue], given).items()}
    except (AttributeError, TypeError, ValueError):
        raise InvalidRequest(f"'{name}' says for columns one of {', '.join(kind)}, not {given!r}") from None


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
