"""The numbers behind drawings of curves, as web/scripts/charts/curve.js takes them."""

import math
from collections.abc import Sequence

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.curves import PrecisionRecallCurve, ReliabilityBin, RocCurve
from pynomaly.domain.evaluation import Evaluation
from pynomaly.presentation.web.texts import _


def roc_data(curve: RocCurve, evaluation: Evaluation) -> dict[str, JsonValue]:
    """Return the ROC curve, chance beside it, and where the decision stands on it."""
    n_normal = evaluation.n_rows - evaluation.n_labelled_anomalies
    return {
        "x": _share(_("normal rows flagged")),
        "y": _share(_("anomalies found")),
        "lines": [
            _line(_("chance"), [[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]], "context", at=1),
            _line("", _points(curve.false_positive_rate.tolist(), curve.true_positive_rate.tolist()), "data"),
        ],
        "marks": [_mark(evaluation.n_false_alarms / n_normal, evaluation.recall)],
    }


def precision_recall_data(curve: PrecisionRecallCurve, evaluation: Evaluation) -> dict[str, JsonValue]:
    """Return precision against recall, what guessing would give, and where the decision stands."""
    base = evaluation.n_labelled_anomalies / evaluation.n_rows
    marks: list[JsonValue] = [] if evaluation.precision is None else [_mark(evaluation.recall, evaluation.precision)]
    return {
        "x": _share(_("anomalies found (recall)")),
        "y": _share(_("flagged rows that are anomalies (precision)")),
        "lines": [
            _line(_("guessing"), [[0.0, base], [0.5, base], [1.0, base]], "context", at=1),
            _line("", _points(curve.recall.tolist(), curve.precision.tolist()), "data"),
        ],
        "marks": marks,
    }


def reliability_data(bins: Sequence[ReliabilityBin]) -> dict[str, JsonValue]:
    """Return the observed share against the probability told, and what the two would be if they agreed."""
    most = min(1.0, math.ceil(10 * max(max(one.mean_probability, one.high) for one in bins)) / 10)
    return {
        "x": _share(_("probability told"), most),
        "y": _share(_("share that are anomalies"), most),
        "lines": [
            _line(_("as told"), [[0.0, 0.0], [most / 2, most / 2], [most, most]], "context", at=1),
            _line("", [[one.mean_probability, one.observed_share] for one in bins], "dots"),
        ],
        "intervals": [[one.mean_probability, one.low, one.high] for one in bins],
        "marks": [],
    }


def _points(x: Sequence[float], y: Sequence[float]) -> list[JsonValue]:
    return [[one, other] for one, other in zip(x, y, strict=True)]


def _share(name: str, most: float = 1.0) -> dict[str, JsonValue]:
    return {"name": name, "min": 0, "max": most}


def _line(name: str, points: Sequence[JsonValue], look: str, at: int | None = None) -> dict[str, JsonValue]:
    place = {} if at is None else {"at": at}
    return {"name": name, "points": list(points), "look": look, **place}


def _mark(x: float, y: float) -> dict[str, JsonValue]:
    return {"x": x, "y": y, "name": _("this decision")}
