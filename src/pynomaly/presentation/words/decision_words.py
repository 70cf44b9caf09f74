"""How lines through scores read: what another one changes, and whether chance explains what came of two."""

from typing import TYPE_CHECKING

from pynomaly.presentation.words.figures import count, score_figure, short_figure

if TYPE_CHECKING:
    from pynomaly.application.ports.recent_outlines import NoEstimate
    from pynomaly.application.stored_scores import DecisionChange
    from pynomaly.application.use_cases.find_mistakes import Mistakes
    from pynomaly.domain.paired_comparison import Agreement, PairedDifference

SMALLEST_P = 0.001


def change_in_words(change: "DecisionChange") -> str:
    """Return what a decision would change, in one sentence."""
    line = "" if change.score_threshold is None else f", those scoring {score_figure(change.score_threshold)} or more"
    return (
        f"{_rows(change.n_would_be_flagged)} would be flagged{line}; now it is {count(change.n_flagged)}: "
        f"{count(change.n_newly_flagged)} more, {count(change.n_no_longer_flagged)} no longer."
    )


def no_estimate_in_words(why: "NoEstimate") -> str:
    """Return why nothing is said of false alarms."""
    from pynomaly.application.ports.recent_outlines import NoEstimate

    match why:
        case NoEstimate.TRAINING_ROWS:
            return "False alarms cannot be estimated: the detector learned from these very rows."
        case NoEstimate.RANK_ONLY:
            return "False alarms cannot be estimated: the training rows were too few to hold any back."
        case NoEstimate.DETECTOR_GONE:
            return "False alarms cannot be estimated: the detector has been deleted."


def mistakes_in_words(mistakes: "Mistakes") -> str:
    """Return how a decision stands to known answers, in one sentence."""
    found = f"{count(mistakes.n_found)} of {count(mistakes.n_anomalies)} labelled anomalies are flagged"
    return f"{found}; {_rows(mistakes.n_false_alarms)} flagged and labelled normal: false alarms."


def difference_in_words(measure: str, difference: "PairedDifference") -> str:
    """Return whether two detections differ by a measure, the first being told of.

    >>> from pynomaly.domain.paired_comparison import PairedDifference
    >>> difference_in_words("ROC AUC", PairedDifference(0.97, 0.93, 0.04, 0.01, 0.07, 0.012))
    'ROC AUC of the first is higher by 0.04 (95 % interval 0.01 to 0.07, p 0.012): more than chance explains.'
    """
    if difference.difference == 0.0:
        return f"{measure} is the same."
    more = "higher" if difference.difference > 0.0 else "lower"
    start = f"{measure} of the first is {more} by {short_figure(abs(difference.difference))}"
    if difference.low is None or difference.high is None:
        return f"{start}; whether that is chance cannot be told from so few rows."
    interval = f"95 % interval {short_figure(difference.low)} to {short_figure(difference.high)}"
    is_chance = difference.low <= 0.0 <= difference.high
    verdict = "chance may explain it" if is_chance else "more than chance explains"
    return f"{start} ({interval}{_p_in_words(difference.p_value)}): {verdict}."


def agreement_in_words(what: str, agreement: "Agreement") -> str:
    """Return which of two detections flagged how many rows of one kind.

    >>> from pynomaly.domain.paired_comparison import Agreement
    >>> agreement_in_words("Anomalies", Agreement(8, 1, 0, 2))
    'Anomalies flagged: 8 by both, 1 only by the first, 0 only by the second, 2 by neither.'
    """
    return (
        f"{what} flagged: {count(agreement.n_both)} by both, {count(agreement.n_only_first)} only by the first, "
        f"{count(agreement.n_only_second)} only by the second, {count(agreement.n_neither)} by neither."
    )


def _p_in_words(p_value: float | None) -> str:
    if p_value is None:
        return ""
    return f", p below {SMALLEST_P}" if p_value < SMALLEST_P else f", p {short_figure(p_value)}"


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{count(n)} rows"
