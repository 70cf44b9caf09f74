"""Algorithms: what a detector can be made of."""

from typing import Literal

from pynomaly.domain.algorithm import AlgorithmDescription, Availability, Parameter
from pynomaly.presentation.api.schemas.pages import Answer


class ParameterAnswer(Answer):
    """One setting: type, range and default as data."""

    name: str
    kind: Literal["int", "float", "bool", "choice"]
    default: int | float | str | bool | None
    description: str
    minimum: float | None
    maximum: float | None
    choices: list[str]
    is_optional: bool

    @staticmethod
    def of(parameter: Parameter) -> "ParameterAnswer":
        """Describe a parameter."""
        return ParameterAnswer(
            name=parameter.name,
            kind=parameter.kind,
            default=parameter.default,
            description=parameter.description,
            minimum=parameter.minimum,
            maximum=parameter.maximum,
            choices=list(parameter.choices),
            is_optional=parameter.is_optional,
        )


class AlgorithmAnswer(Answer):
    """An algorithm, and whether it can be used on this server."""

    name: str
    title: str
    family: str
    summary: str
    reference: str
    parameters: list[ParameterAnswer]
    aliases: list[str]
    min_rows: int
    max_rows: int | None
    max_features: int | None
    is_inductive: bool
    is_storable: bool
    is_available: bool
    hint: str

    @staticmethod
    def of(one: AlgorithmDescription, availability: Availability) -> "AlgorithmAnswer":
        """Describe an algorithm."""
        return AlgorithmAnswer(
            name=one.name,
            title=one.title,
            family=one.family,
            summary=one.summary,
            reference=one.reference,
            parameters=[ParameterAnswer.of(parameter) for parameter in one.parameters],
            aliases=list(one.aliases),
            min_rows=one.min_rows,
            max_rows=one.max_rows,
            max_features=one.max_features,
            is_inductive=one.is_inductive,
            is_storable=one.is_storable,
            is_available=availability.is_available,
            hint=availability.hint,
        )


class AlgorithmsAnswer(Answer):
    """Every algorithm."""

    items: list[AlgorithmAnswer]
