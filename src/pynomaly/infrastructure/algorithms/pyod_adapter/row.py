"""The form of a row of the PyOD table: what a reader may know, and what the adapter needs to run the class."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pynomaly.domain.algorithm import AlgorithmDescription, Parameter, ParameterValue
from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector

Detector: TypeAlias = Any
"""A PyOD object; the package ships no types."""
Settings: TypeAlias = Mapping[str, ParameterValue]

NEEDS_TORCH = "pyod,torch"
"""The extras of PyOD's neural detectors, as they are written between the brackets of an installation."""

_NOT_STORABLE = "its scores belong to the table it was fitted on, so a stored model could score nothing"


@dataclass(frozen=True, slots=True)
class PyodRow:
    """One PyOD class and how it is made safe.

    target: where the class is, "module:Class", imported only when it is fitted.
    alternative: the detector of ours, or the inductive PyOD row, to name where this one cannot serve.
    arguments: what the class is always called with, beside the settings.
    is_seeded: the class takes `random_state`.
    more_rows_than: settings the number of training rows must exceed.
    treat: turns training rows into those the class can learn from, frozen with the model.
    kept_columns: which columns are learned from; the others are dropped before fit and before scoring.
    derive: arguments that depend on the training rows.
    finish: mends the fitted object.
    score: how fitted rows are scored, decision_function unless given.
    needs: the packages it needs beside PyOD, by import name.
    """

    description: AlgorithmDescription
    target: str
    alternative: str
    arguments: Mapping[str, ParameterValue] = field(default_factory=dict)
    is_seeded: bool = False
    more_rows_than: tuple[str, ...] = ()
    treat: Callable[[FloatMatrix], FloatMatrix] | None = None
    kept_columns: Callable[[FloatMatrix], BoolVector] | None = None
    derive: Callable[[FloatMatrix, Settings], Settings] | None = None
    finish: Callable[[Detector], None] | None = None
    score: Callable[[Detector, FloatMatrix], FloatVector] | None = None
    needs: tuple[str, ...] = ()


def whole(name: str, default: int | None, minimum: int, maximum: int, description: str) -> Parameter:
    """Return a whole-number parameter; a default of None means PyOD chooses."""
    return Parameter(name, "int", default, description, minimum, maximum, is_optional=default is None)


def number(name: str, default: float | None, minimum: float, maximum: float, description: str) -> Parameter:
    """Return a number parameter; a default of None means PyOD chooses."""
    return Parameter(name, "float", default, description, minimum, maximum, is_optional=default is None)


def choice(name: str, choices: tuple[str, ...], description: str) -> Parameter:
    """Return a parameter out of a fixed set, the first being the default."""
    return Parameter(name, "choice", choices[0], description, choices=choices)


def known(
    name: str,
    title: str,
    family: str,
    summary: str,
    reference: str,
    parameters: tuple[Parameter, ...] = (),
    *,
    min_rows: int = 3,
    max_rows: int | None = None,
    max_features: int | None = None,
    needs_scaling: bool = False,
    is_inductive: bool = True,
    extra: str = "pyod",
) -> AlgorithmDescription:
    """Return the description of `pyod.<name>`; a transductive class is never storable."""
    return AlgorithmDescription(
        name=f"pyod.{name}",
        title=f"{title} (PyOD)",
        family=family,
        summary=summary,
        reference=reference,
        parameters=parameters,
        min_rows=min_rows,
        max_rows=max_rows,
        max_features=max_features,
        needs_scaling=needs_scaling,
        is_inductive=is_inductive,
        is_storable=is_inductive,
        not_storable_because="" if is_inductive else _NOT_STORABLE,
        extra=extra,
    )
