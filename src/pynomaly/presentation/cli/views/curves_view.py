"""Detections against known answers: curves of one, and two beside each other, for people and for programs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.streams import width, write_result
from pynomaly.presentation.cli.views.formats import Field, Format, as_json, as_table
from pynomaly.presentation.cli.views.listing import write_list
from pynomaly.presentation.words.decision_words import agreement_in_words, difference_in_words
from pynomaly.presentation.words.figures import count, score_figure, share_figure
from pynomaly.presentation.words.findings_words import evaluation_in_words

if TYPE_CHECKING:
    from pynomaly.application.use_cases.compare_detections import Comparison
    from pynomaly.application.use_cases.trace_curves import Curves
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.curves import PrecisionRecallCurve, ReliabilityBin
    from pynomaly.domain.detection import Detection

TENTHS = 10


def write_curves(detection: "Detection", label: str, curves: "Curves", form: Format) -> None:
    """Write what it takes to find each tenth of the anomalies; to programs, every point of the curves."""
    match form:
        case Format.JSON:
            write_result(as_json(_curves_as_json(detection, label, curves)))
        case Format.TABLE:
            write_result(_page(curves))
        case _:
            points = [*_points(curves)]
            names = [*points[0]]
            cells = [
                [score_figure(value) if isinstance(value, float) else str(value or "") for value in point.values()]
                for point in points
            ]
            write_list(form, points, [Field(name, name != "curve") for name in names], cells, when_empty="")


def write_comparison(comparison: "Comparison", form: Format) -> None:
    """Write how two detections differ; to people also whether chance explains it."""
    match form:
        case Format.JSON:
            write_result(as_json(_comparison_as_json(comparison)))
        case Format.TABLE:
            write_result(_side_by_side(comparison))
        case _:
            write_list(form, [*_measures_as_json(comparison)], *_measures(comparison), when_empty="")


def _page(curves: "Curves") -> str:
    told = [
        evaluation_in_words(curves.evaluation) + "\n",
        as_table(
            [Field("to find", True), Field("score from", True), Field("precision", True)],
            [*_tenths(curves.precision_recall)],
            width(),
        ),
    ]
    if curves.reliability is not None:
        told.append(as_table(*_bins(curves.reliability), width()))
    return "\n".join(told)


def _tenths(curve: "PrecisionRecallCurve") -> Iterator[list[str]]:
    """Yield for each tenth of the anomalies the highest threshold that finds so many, and the precision there."""
    for tenth in range(1, TENTHS + 1):
        place = int(curve.recall.searchsorted(tenth / TENTHS - 1e-12))
        yield [
            share_figure(tenth / TENTHS),
            score_figure(float(curve.thresholds[place])),
            share_figure(float(curve.precision[place])),
        ]


def _bins(bins: "Sequence[ReliabilityBin]") -> tuple[list[Field], list[list[str]]]:
    fields = [Field("probability", True), Field("were anomalies", True), Field("95 % interval", True)]
    return [*fields, Field("rows", True)], [
        [
            share_figure(one.mean_probability),
            share_figure(one.observed_share),
            f"{share_figure(one.low)} – {share_figure(one.high)}",
            count(one.n_rows),
        ]
        for one in bins
    ]


def _points(curves: "Curves") -> "Iterator[dict[str, JsonValue]]":
    roc, precise = curves.roc, curves.precision_recall
    for line, false, true in zip(roc.thresholds, roc.false_positive_rate, roc.true_positive_rate, strict=True):
        threshold = float(line) if math.isfinite(line) else None
        yield _point("roc", threshold, recall=float(true), false_positive_rate=float(false))
    for line, recall, precision in zip(precise.thresholds, precise.recall, precise.precision, strict=True):
        yield _point("precision_recall", float(line), recall=float(recall), precision=float(precision))


def _point(
    curve: str,
    threshold: float | None,
    *,
    recall: float,
    precision: float | None = None,
    false_positive_rate: float | None = None,
) -> "dict[str, JsonValue]":
    return {
        "curve": curve,
        "threshold": threshold,
        "recall": recall,
        "precision": precision,
        "false_positive_rate": false_positive_rate,
    }


def _curves_as_json(detection: "Detection", label: str, curves: "Curves") -> "dict[str, JsonValue]":
    roc, precise, bins = curves.roc, curves.precision_recall, curves.reliability
    return {
        "detection": detection.id,
        "label": json_value(label),
        "evaluation": json_value(asdict(curves.evaluation)),
        "roc": {
            "false_positive_rate": roc.false_positive_rate.tolist(),
            "true_positive_rate": roc.true_positive_rate.tolist(),
            "thresholds": [line if math.isfinite(line) else None for line in roc.thresholds.tolist()],
        },
        "precision_recall": {
            "recall": precise.recall.tolist(),
            "precision": precise.precision.tolist(),
            "thresholds": precise.thresholds.tolist(),
        },
        "reliability": None if bins is None else [json_value(asdict(one)) for one in bins],
    }


def _side_by_side(comparison: "Comparison") -> str:
    first, second = comparison.first.id[:8], comparison.second.id[:8]
    evaluation = comparison.evaluations[0]
    return "\n".join(
        [
            f"{first} beside {second}, on {count(evaluation.n_rows)} rows with "
            f"{count(evaluation.n_labelled_anomalies)} known anomalies\n",
            as_table(*_measures(comparison), width()),
            difference_in_words("ROC AUC", comparison.roc_auc),
            difference_in_words("Average precision", comparison.average_precision),
            agreement_in_words("Anomalies", comparison.found),
            agreement_in_words("Normal rows", comparison.false_alarms) + "\n",
        ]
    )


def _measures(comparison: "Comparison") -> tuple[list[Field], list[list[str]]]:
    named = [Field(one.id[:8], True) for one in (comparison.first, comparison.second)]
    return [Field("measure"), *named, Field("difference", True)], [
        [str(one["measure"]).replace("_", " "), *(_figure(one[name]) for name in ("first", "second", "difference"))]
        for one in _measures_as_json(comparison)
    ]


def _figure(value: "JsonValue") -> str:
    return count(value) if isinstance(value, int) else score_figure(value if isinstance(value, float) else None)


def _measures_as_json(comparison: "Comparison") -> "Iterator[dict[str, JsonValue]]":
    for name, difference in (("roc_auc", comparison.roc_auc), ("average_precision", comparison.average_precision)):
        yield {"measure": name, **asdict(difference)}
    first, second = comparison.evaluations
    for name in ("precision_at_n", "precision", "recall", "f1", "n_false_alarms"):
        one, other = getattr(first, name), getattr(second, name)
        less = None if one is None or other is None else one - other
        unknown = dict.fromkeys(("low", "high", "p_value"))
        yield {"measure": name, "first": one, "second": other, "difference": less, **unknown}


def _comparison_as_json(comparison: "Comparison") -> "dict[str, JsonValue]":
    first, second = comparison.evaluations
    return {
        "first": {"detection": comparison.first.id, "evaluation": json_value(asdict(first))},
        "second": {"detection": comparison.second.id, "evaluation": json_value(asdict(second))},
        "roc_auc": json_value(asdict(comparison.roc_auc)),
        "average_precision": json_value(asdict(comparison.average_precision)),
        "found": json_value(asdict(comparison.found)),
        "false_alarms": json_value(asdict(comparison.false_alarms)),
    }
