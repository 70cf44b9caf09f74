"""One anomaly in one sentence, and what an inspection adds to it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeGuard

from pynomaly.presentation.words.cell_text import harmless, named, quoted, shortened
from pynomaly.presentation.words.figures import count, severity_figure, short_figure, value_figure
from pynomaly.presentation.words.findings_words import (
    MAX_NAME,
    is_within_usual,
    times_usual,
    usually,
    worth_telling,
)

if TYPE_CHECKING:
    from pynomaly.domain.detection import Anomaly
    from pynomaly.domain.explanation import Reason
    from pynomaly.domain.inspection import Change, Inspection, Neighbourhood

MOST_REASONS = 3
NO_COUNTERFACTUAL = {
    "is_below": "It is below the line already.",
    "no_line": "The decision drew no line that it could be brought below.",
    "cannot_rescore": "This detector scores only the rows it learned from, so nothing can be tried.",
    "too_deep": "No change of up to five columns to usual values brings it below the line.",
}


def anomaly_in_words(anomaly: "Anomaly", inspection: "Inspection | None" = None) -> str:
    """Return a row in one plain sentence: what it is, why it stands out, how much.

    inspection: of this row, if there is one; it knows which values were never seen at training.

    >>> from pynomaly.domain.detection import Anomaly
    >>> from pynomaly.domain.explanation import Reason, Typical
    >>> amount = Reason("amount", 0.3, 14235.0, Typical(median=650.0, low=10.0, high=1400.0))
    >>> anomaly_in_words(Anomaly(17, "P001", 0.81, 0.01, None, 0.9, True, (amount,), 86.0))
    'Row 17 (P001) stands out because amount 14,235 is 21.9× the usual 650; score 0.81, severity 86 (high).'
    """
    who = f"Row {count(anomaly.row)}" + ("" if anomaly.identifier is None else f" ({named(anomaly.identifier)})")
    if not anomaly.is_anomaly:
        return f"{who} does not stand out; {_standing(anomaly)}."
    new = frozenset(cell.column.name for cell in inspection.cells if cell.is_new) if inspection else frozenset()
    told = [_clause(reason, is_new=reason.feature in new) for reason in worth_telling(anomaly.reasons, MOST_REASONS)]
    because = f" because {_listed(told)}" if told else ""
    return f"{who} stands out{because}; {_standing(anomaly)}."


def counterfactual_in_words(inspection: "Inspection") -> str:
    """Return what would bring the row below the line, or why nothing is known to, in a sentence."""
    from pynomaly.domain.inspection import NoCounterfactual

    found = inspection.counterfactual
    if isinstance(found, NoCounterfactual):
        return NO_COUNTERFACTUAL[found.value]
    changes = _listed([_change_in_words(change) for change in found.changes])
    return f"With {changes} it would score {_below(found.score, inspection.score_threshold)}."


def compared_in_words(around: "Neighbourhood") -> str:
    """Return among how many rows the nearest ones were looked for.

    >>> from pynomaly.domain.inspection import Neighbourhood
    >>> compared_in_words(Neighbourhood((), (), 20_000, 98_402))
    'among 20,000 of 98,402 normal rows'
    """
    rows = "normal row" if around.n_normal == 1 else "normal rows"
    if around.n_compared == around.n_normal:
        return f"among {count(around.n_normal)} {rows}"
    return f"among {count(around.n_compared)} of {count(around.n_normal)} {rows}"


def _below(score: float, line: float | None) -> str:
    """Write a score beside the line above it, in as many digits as it takes to tell them apart."""
    if line is None:
        return short_figure(score)
    figures = [short_figure(score), short_figure(line)]
    score_told, line_told = figures if figures[0] != figures[1] else [value_figure(score), value_figure(line)]
    return f"{score_told}, below the line of {line_told}"


def _standing(anomaly: "Anomaly") -> str:
    from pynomaly.domain.severity import band_of

    score = f"score {short_figure(anomaly.score)}"
    if anomaly.severity is None:
        return score
    return f"{score}, severity {severity_figure(anomaly.severity)} ({band_of(anomaly.severity)})"


def _clause(reason: "Reason", *, is_new: bool) -> str:
    """Say of one value what is known of it: the usual range may hold it, and it counts all the same."""
    name = shortened(harmless(reason.feature), MAX_NAME)
    usual = usually(reason.value, reason.typical)
    if reason.value is None:
        return f"{name} is missing" + (
            ", which it never was in training" if is_new else f" (usually {usual})" * bool(usual)
        )
    if is_new:
        return f"{name} {quoted(reason.value)} was never seen"
    if times := times_usual(reason.value, reason.typical):
        return f"{name} {quoted(reason.value)} is {times}"
    return _held_against(name, reason, usual)


def _held_against(name: str, reason: "Reason", usual: str) -> str:
    value, low, high = reason.value, reason.typical.low, reason.typical.high
    if isinstance(value, str) and value == reason.typical.most_frequent:
        return f"{name} {quoted(value)} counts although it is usual"
    if is_within_usual(value, reason.typical):
        return f"{name} {quoted(value)} counts although it is within the usual {usual}"
    if _is_number(value) and low is not None and high is not None and (value > high or value < low):
        return f"{name} {quoted(value)} is {'above' if value > high else 'below'} the usual {usual}"
    return f"{name} is {quoted(value)}" + f" (usually {usual})" * bool(usual)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _change_in_words(change: "Change") -> str:
    name = shortened(harmless(change.column), MAX_NAME)
    bound = {"exactly": "", "at_most": "at most ", "at_least": "at least "}[change.bound.value]
    return f"{name} {bound}{quoted(change.instead)} instead of {quoted(change.value)}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
