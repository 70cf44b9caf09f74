"""Reading a step's stored fields, refusing anything that is not what was written."""

from collections.abc import Mapping

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.explanation import Typical
from pynomaly.infrastructure.data.steps.robust_scale import LARGEST, RobustScale

LARGEST_FEATURE = 1e30  # far above what a scale gives, safely below what float32 holds
LARGEST_INTEGER = 2**64

Fields = Mapping[str, JsonValue]


def text_field(fields: Fields, name: str) -> str:
    """Return a string. Raises CorruptModel."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise CorruptModel(f"preparation: '{name}' should be text, not {value!r}")
    return value


def flag_field(fields: Fields, name: str) -> bool:
    """Return true or false. Raises CorruptModel."""
    value = fields.get(name)
    if not isinstance(value, bool):
        raise CorruptModel(f"preparation: '{name}' should be true or false, not {value!r}")
    return value


def number_field(fields: Fields, name: str) -> float:
    """Return a finite float. Raises CorruptModel."""
    return _finite(fields.get(name), name)


def numbers_field(fields: Fields, name: str) -> tuple[float, ...]:
    """Return finite floats. Raises CorruptModel."""
    return tuple(_finite(value, name) for value in list_field(fields, name))


def texts_field(fields: Fields, name: str) -> tuple[str, ...]:
    """Return strings. Raises CorruptModel."""
    values = list_field(fields, name)
    if not all(isinstance(value, str) for value in values):
        raise CorruptModel(f"preparation: '{name}' should hold text only")
    return tuple(str(value) for value in values)


def list_field(fields: Fields, name: str) -> list[JsonValue]:
    """Return a list. Raises CorruptModel."""
    value = fields.get(name)
    if not isinstance(value, list):
        raise CorruptModel(f"preparation: '{name}' should be a list")
    return value


def typical_field(fields: Fields) -> Typical:
    """Return what was usual. Raises CorruptModel."""
    stored = fields.get("typical")
    if not isinstance(stored, dict):
        raise CorruptModel("preparation: 'typical' should be an object")
    numbers = {
        name: number_field(stored, name) for name in ("median", "low", "high", "share") if stored.get(name) is not None
    }
    word = text_field(stored, "most_frequent") if stored.get("most_frequent") is not None else None
    return Typical(most_frequent=word, **numbers)


def stored_typical(typical: Typical) -> dict[str, JsonValue]:
    """Return what was usual as JSON values."""
    return {name: getattr(typical, name) for name in ("median", "low", "high", "most_frequent", "share")}


def scale_field(fields: Fields) -> RobustScale:
    """Return a scale that keeps every number finite. Raises CorruptModel."""
    center = fields.get("center")
    is_whole = isinstance(center, int) and not isinstance(center, bool) and abs(center) < LARGEST_INTEGER
    spread, knee, low, high = (number_field(fields, name) for name in ("spread", "knee", "low", "high"))
    if spread <= 0 or knee <= 0 or not -LARGEST_FEATURE < low <= high < LARGEST_FEATURE:
        raise CorruptModel("preparation: a scale needs a positive spread and knee, and low <= high in reason")
    return RobustScale(center if is_whole else number_field(fields, "center"), spread, knee, low, high)  # type: ignore[arg-type]


def stored_scale(scale: RobustScale) -> dict[str, JsonValue]:
    """Return a scale as JSON values."""
    return {name: getattr(scale, name) for name in ("center", "spread", "knee", "low", "high")}


def feature_field(fields: Fields, name: str) -> float:
    """Return a number that a float32 matrix can hold. Raises CorruptModel."""
    return as_feature(number_field(fields, name), name)


def as_feature(number: float, name: str) -> float:
    """Check that a float32 matrix can hold a number. Raises CorruptModel."""
    if abs(number) > LARGEST_FEATURE:
        raise CorruptModel(f"preparation: '{name}' is too large: {number!r}")
    return number


def _finite(value: JsonValue, name: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return float(value)
    raise CorruptModel(f"preparation: '{name}' should be a finite number, not {str(value)[:40]}")
