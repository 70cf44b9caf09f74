"""Detectors and algorithms as rows for people and as data for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words
from pynomaly.presentation.words.cell_text import harmless, shown
from pynomaly.presentation.words.figures import count

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import AlgorithmDescription, Availability, JsonValue
    from pynomaly.domain.detector import Detector
    from pynomaly.domain.training import TrainingRun


def detector_as_json(detector: "Detector", runs: "Sequence[TrainingRun] | None" = None) -> "dict[str, JsonValue]":
    """Return a detector as data, with its training runs where they were asked for."""
    record: dict[str, JsonValue] = {
        "id": detector.id,
        "name": detector.name,
        "algorithm": detector.algorithm,
        "parameters": dict(detector.parameters),
        "status": detector.status.value,
        "live_version": detector.live_version,
        "created_at": time_as_json(detector.created_at),
        "versions": [
            {
                "number": version.number,
                "model": version.model,
                "dataset_id": version.dataset_id,
                "n_rows": version.n_rows,
                "trained_at": time_as_json(version.trained_at),
            }
            for version in detector.versions
        ],
    }
    if runs is not None:
        record["training_runs"] = [_run_as_json(run) for run in runs]
    return record


def detector_as_row(detector: "Detector") -> list[str]:
    """Return name, algorithm, status, live version, and when that was trained."""
    live = next((version for version in detector.versions if version.number == detector.live_version), None)
    number, trained = ("–", "–") if live is None else (str(live.number), time_in_words(live.trained_at))
    return [shown(detector.name), detector.algorithm, detector.status.value, number, trained]


def detector_as_facts(detector: "Detector", runs: "Sequence[TrainingRun]") -> list[tuple[str, str]]:
    """Return a detector as pairs of what and value."""
    parameters = ", ".join(
        f"{name}={'auto' if value is None else value}" for name, value in detector.parameters.items()
    )
    facts = [
        ("detector", shown(detector.name)),
        ("id", detector.id),
        ("algorithm", detector.algorithm),
        ("parameters", harmless(parameters) or "none"),
        ("status", detector.status.value),
        ("created", time_in_words(detector.created_at)),
    ]
    for version in reversed(detector.versions):
        live = ", live" if version.number == detector.live_version else ""
        trained = f"{count(version.n_rows)} rows, {time_in_words(version.trained_at)}{live}"
        facts.append((f"version {version.number}", trained))
    failed = [run for run in runs if run.error]
    return [*facts, *((f"failed {time_in_words(run.started_at)}", harmless(run.error)) for run in failed)]


def _run_as_json(run: "TrainingRun") -> "dict[str, JsonValue]":
    return {
        "id": run.id,
        "dataset_id": run.dataset_id,
        "seed": run.seed,
        "status": run.status.value,
        "started_at": time_as_json(run.started_at),
        "finished_at": None if run.finished_at is None else time_as_json(run.finished_at),
        "version": run.version,
        "error": run.error,
    }


def algorithm_as_json(description: "AlgorithmDescription", availability: "Availability") -> "dict[str, JsonValue]":
    """Return everything known of an algorithm: its parameters with type, range and default, and whether it is here."""
    return {name: json_value(value) for name, value in asdict(description).items()} | {
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
