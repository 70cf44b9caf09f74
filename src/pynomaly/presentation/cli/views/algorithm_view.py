"""Algorithms as rows for people and as data for programs."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.json_values import json_value

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import AlgorithmDescription, Availability, JsonValue


def algorithm_as_json(description: "AlgorithmDescription", availability: "Availability") -> "dict[str, JsonValue]":
    """Return everything known of an algorithm: its parameters with type, range and default, and whether it is here."""
    described = json_value(asdict(description))
    assert isinstance(described, dict)  # noqa: S101 - tells the type checker what a dataclass becomes
    return described | {
        "is_available": availability.is_available,
        "hint": availability.hint,
        "missing": list(availability.missing),
    }


def algorithm_as_row(description: "AlgorithmDescription", availability: "Availability") -> list[str]:
    """Return name, family, what it needs, and what it does."""
    return [description.name, description.family, _needs(description, availability), description.summary]


def _needs(description: "AlgorithmDescription", availability: "Availability") -> str:
    if availability.is_available:
        return "–" if description.extra is None else f"[{description.extra}]"
    if availability.missing:
        return f"[{description.extra}], not installed"
    return "not usable here"
