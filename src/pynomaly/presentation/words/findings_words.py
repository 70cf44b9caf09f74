"""How findings read: the reasons of a row, the decision, how well both agree with labels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pynomaly.presentation.words.cell_text import harmless, quoted, shortened, shown
from pynomaly.presentation.words.figures import count, score_figure, share_figure, short_figure

if TYPE_CHECKING:
    from pynomaly.domain.decision import DecisionPolicy
    from pynomaly.domain.evaluation import Evaluation
    from pynomaly.domain.explanation import Reason, Typical


MANY_TIMES = 10
WORTH_TELLING = 0.25  # of the strongest reason: a weekday must not stand beside an amount that explains it all
TOO_LARGE = 1e300  # beyond, a whole number may not fit a float
MAX_NAME = 40
YES_AND_NO = {"true": "yes", "1": "yes", "false": "no", "0": "no"}


def reasons_in_words(reasons: "Sequence[Reason]", *, most: int | None = None) -> str:
    """Return a row's reasons in one line, strongest first.

    most: tell at most so many, and only those worth a place beside the strongest; the rest is counted.
    """
    told = list(reasons) if most is None else worth_telling(reasons, most)
    more = [f"{len(reasons) - len(told)} more"] if len(reasons) > len(told) else []
    return " · ".join([*(reason_in_words(reason) for reason in told), *more])


def reason_in_words(reason: "Reason") -> str:
    """Return one reason.

    >>> from pynomaly.domain.explanation import Reason, Typical
    >>> reason_in_words(Reason("amount", 2.0, 1530.0, Typical(median=70.0, low=1.0, high=140.0)))
    'amount 1,530, 21.9× the usual 70'
    >>> reason_in_words(Reason("device", 2.0, "xyz", Typical(most_frequent="ios", share=0.81)))
    "device 'xyz' (usually ios, 81 %)"
    """
    start = f"{shortened(harmless(reason.feature), MAX_NAME)} {quoted(reason.value)}"
    times = times_usual(reason.value, reason.typical)
    if times:
        return f"{start}, {times}"
    if isinstance(reason.value, str) and reason.value == reason.typical.most_frequent:
        return f"{start}, as usual"
    usual = usually(reason.value, reason.typical)
    if not usual:
        return start
    return f"{start} ({'within the usual' if is_within_usual(reason.value, reason.typical) else 'usually'} {usual})"


def worth_telling(reasons: "Sequence[Reason]", most: int) -> "list[Reason]":
    """Return the reasons, strongest first, that are worth a place beside the strongest one."""
    return [one for one in reasons[:most] if one.contribution >= WORTH_TELLING * reasons[0].contribution]


def typical_in_words(typical: "Typical") -> str:
    """Return what is usual for a column, empty where nothing is known."""
    return usually(None, typical)


def times_usual(value: object, typical: "Typical") -> str:
    """Say how many times the usual a number is, where both are amounts and the factor is worth telling."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if typical.median is None or typical.low is None or typical.median <= 0 or typical.low < 0:
        return ""
    if not MANY_TIMES * typical.median <= value < TOO_LARGE:
        return ""
    return f"{short_figure(value / typical.median)}× the usual {short_figure(typical.median)}"


def is_within_usual(value: object, typical: "Typical") -> bool:
    """Whether a value is a number within the range that is usual."""
    if isinstance(value, bool) or not isinstance(value, int | float) or typical.low is None or typical.high is None:
        return False
    return typical.low <= value <= typical.high


def usually(value: object, typical: "Typical") -> str:
    """Return what is usual where a value stands, empty where nothing is known."""
    if typical.low is not None and typical.high is not None:
        low, high = short_figure(typical.low), short_figure(typical.high)
        return low if low == high else f"{low} – {high}"
    if typical.most_frequent is None:
        return ""
    share = "" if typical.share is None else f", {share_figure(typical.share)}"
    word = typical.most_frequent
    if isinstance(value, bool):
        word = YES_AND_NO.get(word.lower(), word)
    return (shown(word) if word and word == word.strip() else quoted(word)) + share


def policy_in_words(policy: "DecisionPolicy", score_threshold: float | None) -> str:
    """Return the sentence that says which rows were flagged and why those."""
    from pynomaly.domain import decision

    past = score_figure(score_threshold)
    here = "" if score_threshold is None else f"; here those scoring {past} or more"
    match policy:
        case decision.StandsOut():
            return f"Decision: rows far above the bulk are flagged, past a score of {past}."
        case decision.ExpectedContamination(rate):
            others = share_figure(rate.value)
            return f"Decision: rows stranger than all but {others} of training are flagged, past a score of {past}."
        case decision.ProbabilityThreshold(probability):
            return f"Decision: rows at least {share_figure(probability)} likely to be anomalies are flagged{here}."
        case decision.AlarmBudget(rows, part):
            most = count(rows) if rows is not None else f"{share_figure(part or 0.0)} of all rows"
            return f"Decision: the strangest rows are flagged, at most {most}{here}."
        case decision.FalseDiscoveryControl(rate):
            return f"Decision: as many rows are flagged as keep false alarms at {share_figure(rate)} of them{here}."
        case decision.ScoreThreshold(score):
            return f"Decision: rows scoring {score_figure(score)} or more are flagged."


def evaluation_in_words(evaluation: "Evaluation") -> str:
    """Return the measures as one sentence."""
    n_labelled = evaluation.n_labelled_anomalies
    alarms = "1 false alarm" if evaluation.n_false_alarms == 1 else f"{count(evaluation.n_false_alarms)} false alarms"
    precision = "" if evaluation.precision is None else f"precision {share_figure(evaluation.precision)}, "
    found = round(evaluation.recall * n_labelled)
    return (
        f"Against the labels: ROC AUC {score_figure(evaluation.roc_auc)}, "
        f"average precision {score_figure(evaluation.average_precision)}, {precision}"
        f"recall {share_figure(evaluation.recall)} ({count(found)} of {count(n_labelled)} found), {alarms}."
    )
