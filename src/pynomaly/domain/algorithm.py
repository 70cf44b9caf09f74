"""How an algorithm is described: its name, its parameters with ranges, and what it can be trusted with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pynomaly.domain.errors import InvalidParameter, did_you_mean

ParameterValue: TypeAlias = int | float | str | bool | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of an algorithm, as data: the same row feeds the command line, forms, documents and checks.

    `minimum` and `maximum` are inclusive; None means unbounded on that side.
    `is_optional` admits None ("choose for me").
    """

    name: str
    kind: Literal["int", "float", "bool", "choice"]
    default: ParameterValue
    description: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    is_optional: bool = False

    def check(self, value: ParameterValue) -> ParameterValue:
        """Return `value` in the parameter's own type.

        Raises InvalidParameter naming the range.
        """
        if value is None and self.is_optional:
            return None
        if self.kind == "choice":
            if value not in self.choices:
                raise InvalidParameter(f"{self.name} must be one of {', '.join(self.choices)}, not {value!r}")
            return value
        if self.kind == "bool":
            if not isinstance(value, bool):
                raise InvalidParameter(f"{self.name} must be true or false, not {value!r}")
            return value
        return self._number(value)

    def _number(self, value: ParameterValue) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidParameter(f"{self.name} must be a number, not {value!r}")
        if self.kind == "int" and not float(value).is_integer():
            raise InvalidParameter(f"{self.name} must be a whole number, not {value!r}")
        low = float("-inf") if self.minimum is None else self.minimum
        high = float("inf") if self.maximum is None else self.maximum
        if not low <= value <= high:
            raise InvalidParameter(f"{self.name} must be between {low:g} and {high:g}, not {value!r}")
        return int(value) if self.kind == "int" else float(value)


@dataclass(frozen=True, slots=True)
class AlgorithmDescription:
    """What a caller may know of an algorithm before using it.

    dtype: the precision its matrix is built in.  needs_scaling: whether features should share a scale.
    is_inductive: a row's score depends on the row and the frozen model only; otherwise the algorithm
    can score nothing but the rows it was fitted on.  is_storable: whether a model file can be written;
    `not_storable_because` says why not.  learns_online: whether a fitted model can go on learning.
    learns_from_labels: whether it uses what is known of its training rows.  extra: the optional dependency group it
    needs, None for the core.
    """

    name: str
    title: str
    family: str
    summary: str
    reference: str
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    dtype: Literal["float32", "float64"] = "float64"
    needs_scaling: bool = False
    min_rows: int = 2
    max_rows: int | None = None
    max_features: int | None = None
    is_inductive: bool = True
    is_storable: bool = True
    not_storable_because: str = ""
    learns_online: bool = False
    learns_from_labels: bool = False
    extra: str | None = None

    def settings(self, given: Mapping[str, ParameterValue]) -> dict[str, ParameterValue]:
        """Return every parameter's value: as given, else its default.

        Raises InvalidParameter for an unknown name or a value outside its range.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                names = ", ".join(known) or "none"
                raise InvalidParameter(
                    f"{self.name} has no parameter '{name}'{did_you_mean(name, known)} (it has: {names})"
                )
        return {name: known[name].check(given.get(name, known[name].default)) for name in known}


JsonValue: TypeAlias = "str | int | float | bool | None | list[JsonValue] | dict[str, JsonValue]"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an algorithm can be used here, and what to type if not."""

    is_available: bool
    hint: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a detector takes about: within a factor of three on one core of a server with AVX2.

    fit_bytes: the most it holds at once while learning, beside the matrix it learns from.
    model_bytes: what a loaded model holds.
    """

    fit_seconds: float
    score_seconds_per_row: float
    fit_bytes: int
    model_bytes: int


CostOf: TypeAlias = Callable[[int, int, Mapping[str, ParameterValue]], Cost]
"""(n_rows, n_features, every parameter's value) -> cost; none of its figures falls when rows or columns are added."""
